import type { BinnedTree } from './binned-tree.ts';

/**
 * Trees one after the other in flat arrays that double: thousands of small arrays would cost more
 * than what they hold. Children are numbered from their tree's root. Beyond `nodes` all is zero.
 */
export type BinnedForest = {
  trees: number;
  nodes: number;
  /** First node of each tree. */
  roots: Int32Array;
  feature: Int16Array;
  bin: Uint8Array;
  missingLeft: Uint8Array;
  left: Int16Array;
  right: Int16Array;
  value: Float32Array;
  cover: Float32Array;
};

const NODE_ARRAYS = ['feature', 'bin', 'missingLeft', 'left', 'right', 'value', 'cover'] as const;
const FIRST_TREES = 32;
const FIRST_NODES = 512;

export const emptyForest = (): BinnedForest => ({
  trees: 0,
  nodes: 0,
  roots: new Int32Array(FIRST_TREES),
  feature: new Int16Array(FIRST_NODES),
  bin: new Uint8Array(FIRST_NODES),
  missingLeft: new Uint8Array(FIRST_NODES),
  left: new Int16Array(FIRST_NODES),
  right: new Int16Array(FIRST_NODES),
  value: new Float32Array(FIRST_NODES),
  cover: new Float32Array(FIRST_NODES),
});

export function appendTree(forest: BinnedForest, tree: BinnedTree): void {
  const nodes = forest.nodes + tree.feature.length;
  if (forest.trees === forest.roots.length)
    forest.roots = grown(forest.roots, new Int32Array(2 * forest.trees));
  while (nodes > forest.feature.length) growNodes(forest);
  for (const name of NODE_ARRAYS) forest[name].set(tree[name], forest.nodes);
  forest.roots[forest.trees++] = forest.nodes;
  forest.nodes = nodes;
}

/** Leaves the first `trees` trees. */
export function truncateForest(forest: BinnedForest, trees: number): void {
  if (trees >= forest.trees) return;
  const nodes = forest.roots[trees];
  for (const name of NODE_ARRAYS) forest[name].fill(0, nodes, forest.nodes);
  forest.roots.fill(0, trees, forest.trees);
  forest.nodes = nodes;
  forest.trees = trees;
}

/** Tree `index` as views into the forest. */
export function treeAt(forest: BinnedForest, index: number): BinnedTree {
  const start = forest.roots[index];
  const end = index + 1 < forest.trees ? forest.roots[index + 1] : forest.nodes;
  return {
    feature: forest.feature.subarray(start, end),
    bin: forest.bin.subarray(start, end),
    missingLeft: forest.missingLeft.subarray(start, end),
    left: forest.left.subarray(start, end),
    right: forest.right.subarray(start, end),
    value: forest.value.subarray(start, end),
    cover: forest.cover.subarray(start, end),
  };
}

function growNodes(forest: BinnedForest): void {
  const capacity = 2 * forest.feature.length;
  forest.feature = grown(forest.feature, new Int16Array(capacity));
  forest.bin = grown(forest.bin, new Uint8Array(capacity));
  forest.missingLeft = grown(forest.missingLeft, new Uint8Array(capacity));
  forest.left = grown(forest.left, new Int16Array(capacity));
  forest.right = grown(forest.right, new Int16Array(capacity));
  forest.value = grown(forest.value, new Float32Array(capacity));
  forest.cover = grown(forest.cover, new Float32Array(capacity));
}

function grown<T extends Int32Array | Int16Array | Uint8Array | Float32Array>(from: T, into: T): T {
  into.set(from as ArrayLike<number>);
  return into;
}
