import { expect, test } from 'vitest';
import type { Table } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { encodedWidth, encodeRows, encodingOf, levelsOf, MISSING_LEVEL } from './encoding.ts';
import { medianOf } from './median.ts';

const inputs = [
  {
    name: 'sky',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'clear' }, { value: 'rain' }],
  },
  { name: 'km', type: 'number', missing: 'impute' },
] as const;

function tableOf(rows: readonly (readonly [string, number])[]): Table {
  const builder = createTableBuilder(inputs);
  for (const [sky, km] of rows) {
    builder.begin();
    builder.setCategory(0, sky);
    builder.setNumber(1, km);
    builder.commit(0, 0);
  }
  return builder.build();
}

const encode = (table: Table, encoding: ReturnType<typeof encodingOf>, order?: number[]) => {
  const rows = order ? Uint32Array.from(order) : null;
  const to = rows?.length ?? table.rows;
  const into = new Float32Array(to * encodedWidth(encoding)).fill(9);
  encodeRows(encoding, table, { order: rows, from: 0, to, into });
  return [...into];
};

test('numbers come first, then one column per declared category and one for missing; others are zeros', () => {
  const table = tableOf([
    ['rain', 1],
    ['', 2],
    ['hail', 3],
  ]);
  expect(encode(table, encodingOf(table))).toEqual([
    ...[1, 0, 1, 0],
    ...[2, 0, 0, 1],
    ...[3, 0, 0, 0],
  ]);
});

test('rows are encoded in the order asked for', () => {
  const table = tableOf([
    ['rain', 1],
    ['clear', 2],
  ]);
  expect(encode(table, encodingOf(table), [1, 0, 1])).toEqual([
    ...[2, 1, 0, 0],
    ...[1, 0, 1, 0],
    ...[2, 1, 0, 0],
  ]);
});

test('a missing number stays missing: steps decide what becomes of it', () => {
  const table = tableOf([['rain', Number.NaN]]);
  expect(encode(table, encodingOf(table))).toEqual([Number.NaN, 0, 1, 0]);
});

test('the median of an even count is the mean of the two middle values', () => {
  expect(medianOf(Float32Array.of(4, 1, 3, 2))).toBe(2.5);
  expect(medianOf(Float32Array.of(3, 1, 2))).toBe(2);
});

test('a category of more levels than 16 bits tell apart keeps its last ones', () => {
  const dictionary = Array.from({ length: 40_000 }, (_, i) => `k${i}`);
  const codes = Int32Array.of(-1, 0, 39_999, 40_000);
  const column = { type: 'category', name: 'k', dictionary, declared: 40_000, codes } as const;
  const { levelOf } = levelsOf({ ...column, dictionary: [...dictionary, 'new'] }, [
    ...dictionary,
    MISSING_LEVEL,
  ]);
  expect([...codes].map((code) => levelOf[code + 1])).toEqual([40_000, 0, 39_999, -1]);
});
