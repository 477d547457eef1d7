import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Table } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { encodedWidth, encodeRows, encodingOf, levelsOf, MISSING_LEVEL } from './encoding.ts';
import { fitStandardisation, medianOf } from './standardise.ts';

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
  expect(encode(table, encodingOf(table, null))).toEqual([
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
  expect(encode(table, encodingOf(table, null), [1, 0, 1])).toEqual([
    ...[2, 1, 0, 0],
    ...[1, 0, 1, 0],
    ...[2, 1, 0, 0],
  ]);
});

test('without standardisation a missing number stays missing, with it it becomes the median', () => {
  const table = tableOf([
    ['rain', 1],
    ['rain', Number.NaN],
    ['rain', 3],
  ]);
  const all = Uint32Array.of(0, 1, 2);
  expect(encode(table, encodingOf(table, null))[4]).toBeNaN();
  const encoded = encode(table, encodingOf(table, fitStandardisation(table, all)));
  expect(encoded[4]).toBe(0);
});

test('standardised columns have mean 0 and deviation 1 over the rows they were fitted on', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 3, maxLength: 60 }),
      (values) => {
        fc.pre(Math.max(...values) - Math.min(...values) > 1);
        const table = tableOf(values.map((value) => ['rain', value] as const));
        const rows = Uint32Array.from(values, (_, i) => i);
        const encoded = encode(table, encodingOf(table, fitStandardisation(table, rows)));
        const column = encoded.filter((_, i) => i % 4 === 0);
        const mean = column.reduce((a, b) => a + b, 0) / column.length;
        const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / column.length;
        // Mean and scale are rounded to float32, and the mean may be 1e4 deviations away.
        expect(Math.abs(mean)).toBeLessThan(5e-3);
        expect(Math.abs(variance - 1)).toBeLessThan(1e-4);
      },
    ),
  );
});

test('a constant column, an empty one and no rows are standardised without dividing by zero', () => {
  const rows = Uint32Array.of(0, 1);
  const constant = tableOf([
    ['rain', 5],
    ['rain', 5],
  ]);
  expect(fitStandardisation(constant, rows)).toEqual({ median: [5], mean: [5], scale: [1] });
  const empty = tableOf([
    ['rain', Number.NaN],
    ['rain', Number.NaN],
  ]);
  expect(fitStandardisation(empty, rows)).toEqual({ median: [0], mean: [0], scale: [1] });
  expect(fitStandardisation(constant, new Uint32Array(0)).scale).toEqual([1]);
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
