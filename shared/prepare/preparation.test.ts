import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import type { Table } from '../table/table.ts';
import { fitPreparation, prepareTable } from './preparation.ts';

const LEVELS = ['a', 'b', 'c'];

/** A category whose codes go round and a target that only level b raises. */
function tableOf(rows: number): Table {
  const codes = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const column = {
    type: 'category',
    name: 'kind',
    dictionary: LEVELS,
    declared: 3,
    codes,
  } as const;
  const target = Float64Array.from(codes, (code) => (code === 1 ? 10 : 0));
  return { rows, columns: [{ ...column, dictionary: [...LEVELS] }], target, order: null };
}

const dataOf = (table: Table, classes = 0) => ({
  table,
  target: table.target,
  classes,
  rng: createRng(3),
});

const unseen = (): Table => {
  const table = tableOf(1);
  const [column] = table.columns;
  if (column.type === 'category') {
    column.dictionary.push('never seen');
    column.codes[0] = 3;
  }
  return table;
};

test('a target encoding answers new rows by the mean of their level, drawn towards that of all', () => {
  const table = tableOf(300);
  const { preparation } = fitPreparation({ encode: 'target' }, dataOf(table));
  const prior = 10 / 3;
  const mixed = (sum: number) => Math.fround((sum + 10 * prior) / 110);
  expect([...prepareTable(preparation, tableOf(3)).data]).toEqual([
    mixed(0),
    mixed(1000),
    mixed(0),
  ]);
  expect(prepareTable(preparation, unseen()).data[0]).toBeCloseTo(prior, 5);
});

test('a target encoding shows no training row its own target', () => {
  const table = tableOf(30);
  const kind = table.columns[0];
  if (kind.type === 'category') kind.codes[0] = -1;
  table.target[0] = 1e6;
  const { matrix, preparation } = fitPreparation({ encode: 'target' }, dataOf(table));
  expect(matrix.data[0]).toBeLessThan(100);
  expect(prepareTable(preparation, table).data[0]).toBeGreaterThan(10_000);
});

test('a class target is encoded in a column per class but the first', () => {
  const table = tableOf(90);
  table.target.set(Float64Array.from({ length: 90 }, (_, i) => i % 3));
  const { matrix } = fitPreparation({ encode: 'target' }, dataOf(table, 3));
  expect(matrix.names).toEqual(['kind', 'kind#1']);
});

test('frequencies, ordinals and hashes answer unseen categories neutrally', () => {
  const table = tableOf(9);
  const answer = (encode: 'frequency' | 'ordinal' | 'hashing') => {
    const { preparation } = fitPreparation({ encode }, dataOf(table));
    return [...prepareTable(preparation, unseen()).data];
  };
  expect(answer('frequency')).toEqual([0]);
  expect(answer('ordinal')).toEqual([-1]);
  expect(answer('hashing')).toEqual(Array(16).fill(0));
});

test('a category of many levels is not made one-hot', () => {
  const table = tableOf(30);
  const { preparation } = fitPreparation({ oneHotUpTo: 2 }, dataOf(table));
  expect(preparation.encoding.categories[0].lookup?.columns).toBe(1);
  expect(fitPreparation({}, dataOf(table)).matrix.names).toHaveLength(4);
});

test('steps follow each other in the order of the recipe', () => {
  const table = tableOf(12);
  const numbers = Float32Array.from({ length: 12 }, (_, i) => (i === 4 ? Number.NaN : i));
  table.columns.unshift({ type: 'number', name: 'x', values: numbers });
  const recipe = { indicators: true, impute: 'median', scale: 'standard', pca: 0.9 } as const;
  const { preparation, matrix } = fitPreparation(recipe, dataOf(table));
  expect(preparation.steps.map(({ type }) => type)).toEqual([
    ...['clip', 'indicators', 'impute', 'scale', 'project'],
  ]);
  expect(prepareTable(preparation, table).data).toEqual(matrix.data);
});
