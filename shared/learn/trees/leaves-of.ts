import type { Matrix } from '../../prepare/matrix.ts';
import type { TreeNodes } from './tree-nodes.ts';

/** The leaf that each row reaches from a root, in a tree that is still growing. */
export function leavesOf(
  nodes: TreeNodes,
  root: number,
  { rows, names, data }: Matrix,
): Int32Array {
  const { feature, threshold, missingLeft, left, right } = nodes;
  const leaves = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let node = root;
    while (feature[node] >= 0) {
      const x = data[row * names.length + feature[node]];
      const isLeft = Number.isNaN(x) ? missingLeft[node] === 1 : x <= threshold[node];
      node = isLeft ? left[node] : right[node];
    }
    leaves[row] = node;
  }
  return leaves;
}
