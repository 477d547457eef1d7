import { type Encoding, encodedWidth, encodeRows } from '../../prepare/encoding.ts';
import type { Table } from '../../table/table.ts';
import { sumLeaves } from './sum-leaves.ts';
import { planWalk } from './tree-walk.ts';

/**
 * Regression trees over encoded columns, all nodes in flat arrays, children after their parents.
 * An inner node sends x <= threshold left; a leaf has feature -1 and adds its value. The prediction
 * is base + the sum of one leaf per tree, in tree order and float32.
 */
export type TreeEnsemble = {
  type: 'hist-gradient-boosting';
  encoding: Encoding;
  base: number;
  /** Node number of each tree's root. */
  roots: Int32Array;
  feature: Int32Array;
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
  /** 1 where a missing value goes left. */
  missingLeft: Uint8Array;
  value: Float32Array;
};

const BLOCK_ROWS = 1024;

/** Predictions of the rows in `order` (null: all). */
export function predictTrees(
  ensemble: TreeEnsemble,
  table: Table,
  order: Uint32Array | null,
): Float32Array {
  const n = order === null ? table.rows : order.length;
  const width = encodedWidth(ensemble.encoding);
  const block = new Float32Array(BLOCK_ROWS * width);
  const predictions = new Float32Array(n);
  const walk = planWalk(ensemble, width);
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    const to = Math.min(n, from + BLOCK_ROWS);
    encodeRows(ensemble.encoding, table, { order, from, to, into: block });
    sumLeaves(walk, { data: block, stride: width }, predictions.subarray(from, to));
  }
  const base = Math.fround(ensemble.base);
  for (let i = 0; i < n; i++) predictions[i] += base;
  return predictions;
}
