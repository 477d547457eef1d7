import type { SummedTrees } from './tree-nodes.ts';

/** What holds for values up to and with `upTo`, from where the segment before ends. */
export type Segment = { upTo: number; values: readonly number[] };

/** A balanced tree that answers the values of the segment in which a column's value lies. */
export function searchTree(segments: readonly Segment[], column: number): SummedTrees {
  const outputs = segments[0].values.length;
  const count = 2 * segments.length - 1;
  const trees = {
    outputs,
    base: new Float32Array(outputs),
    treeOutput: null,
    roots: new Int32Array(1),
    feature: new Int32Array(count).fill(-1),
    threshold: new Float32Array(count),
    left: new Int32Array(count),
    right: new Int32Array(count),
    missingLeft: new Uint8Array(count),
    value: new Float32Array(count * outputs),
  };
  let next = 1;
  const place = (node: number, from: number, to: number): void => {
    if (to - from === 1) {
      trees.value.set(segments[from].values, node * outputs);
      return;
    }
    const middle = (from + to) >> 1;
    trees.feature[node] = column;
    trees.threshold[node] = segments[middle - 1].upTo;
    trees.left[node] = next++;
    trees.right[node] = next++;
    place(trees.left[node], from, middle);
    place(trees.right[node], middle, to);
  };
  place(0, 0, segments.length);
  return trees;
}
