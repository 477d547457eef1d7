import { type Encoding, encodedWidth, encodeRows } from '../../prepare/encoding.ts';
import type { Table } from '../../table/table.ts';

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

const BLOCK_ROWS = 256;

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
  for (let from = 0; from < n; from += BLOCK_ROWS) {
    const to = Math.min(n, from + BLOCK_ROWS);
    encodeRows(ensemble.encoding, table, { order, from, to, into: block });
    for (let i = from; i < to; i++)
      predictions[i] = predictEncoded(ensemble, block, (i - from) * width);
  }
  return predictions;
}

function predictEncoded(ensemble: TreeEnsemble, block: Float32Array, start: number): number {
  const { roots, feature, threshold, left, right, missingLeft, value } = ensemble;
  let sum = 0;
  for (const root of roots) {
    let node = root;
    while (feature[node] >= 0) {
      const x = block[start + feature[node]];
      const goesLeft = x <= threshold[node] || (missingLeft[node] === 1 && Number.isNaN(x));
      node = goesLeft ? left[node] : right[node];
    }
    sum = Math.fround(sum + value[node]);
  }
  return Math.fround(sum + Math.fround(ensemble.base));
}
