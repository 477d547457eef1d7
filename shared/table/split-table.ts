import { createRng, shuffle } from '../core/rng.ts';
import { stratifiedShuffleSplit } from './split/train-test-split.ts';
import { type Table, takeRows } from './table.ts';

/** The same rows, oldest first; ties keep their order. A table without an order is returned as is. */
export function inTimeOrder(table: Table): Table {
  const { order } = table;
  if (order === null) return table;
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
  // Array.prototype.sort is stable, typed arrays' is too since ES2019.
  return takeRows(
    table,
    rows.sort((a, b) => order[a] - order[b] || a - b),
  );
}

/**
 * Parts a table in a training and a test part of the given share: the newest rows where the table
 * has an order, else rows drawn by the seed (both parts keep file order).
 * @param options isStratified: draw of each class alike; the target holds class codes
 */
export function splitTable(
  table: Table,
  {
    testShare,
    seed,
    isStratified = false,
  }: { testShare: number; seed: number; isStratified?: boolean },
): { training: Table; test: Table } {
  if (isStratified && table.order === null) {
    const options = { testSize: testShare, rng: createRng(seed) };
    const split = stratifiedShuffleSplit(table.target, options);
    if (split.ok)
      return {
        training: takeRows(table, split.value.training),
        test: takeRows(table, split.value.test),
      };
  }
  const training = Math.round(table.rows * (1 - testShare));
  const ordered = inTimeOrder(table);
  const rows = Uint32Array.from({ length: table.rows }, (_, row) => row);
  if (table.order === null) shuffle(rows, createRng(seed));
  return {
    training: takeRows(ordered, rows.slice(0, training).sort()),
    test: takeRows(ordered, rows.slice(training).sort()),
  };
}
