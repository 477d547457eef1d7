import { expect, test } from 'vitest';
import { inTimeOrder, splitTable } from './split-table.ts';
import type { Table } from './table.ts';

const table = (order: number[] | null): Table => ({
  rows: 10,
  columns: [],
  target: Float64Array.from({ length: 10 }, (_, i) => i),
  order: order && Float64Array.from(order),
});

test('with an order the test part is the newest rows, whatever the file order', () => {
  const { training, test: held } = splitTable(table([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]), {
    testShare: 0.2,
    seed: 1,
  });
  expect([...held.target]).toEqual([1, 0]);
  expect([...training.target]).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
});

test('without an order the parts are drawn by the seed, and together are all rows once', () => {
  const parts = [1, 1, 2].map((seed) => splitTable(table(null), { testShare: 0.3, seed }));
  expect(parts[0]).toEqual(parts[1]);
  expect(parts[0]).not.toEqual(parts[2]);
  const all = [...parts[0].training.target, ...parts[0].test.target].sort((a, b) => a - b);
  expect(all).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(parts[0].test.rows).toBe(3);
});

test('rows of one time keep their order', () => {
  expect([...inTimeOrder(table([1, 0, 1, 0, 1, 0, 1, 0, 1, 0])).target]).toEqual([
    1, 3, 5, 7, 9, 0, 2, 4, 6, 8,
  ]);
});
