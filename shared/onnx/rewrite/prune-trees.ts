import type { SummedTrees } from '../export/tree-nodes.ts';

export type PrunedTrees = {
  trees: SummedTrees;
  /** No raw score of any row changes by more (but for rounding of sums). */
  change: number;
};

/**
 * Smaller trees with nearly the same sums. A subtree whose leaves lie within a tree's share of
 * `mostChange` of their middle becomes one leaf, that middle; what a tree does not use the next may. A
 * split whose sides are the same is left out. Trees that are one leaf move into the base values, and
 * equal trees become one: with `mostChange` 0 this is all that happens, and the sums stay.
 * @param mostChange of any raw score, in its units, not negative
 * Cost: nodes x outputs.
 */
export function pruneTrees(trees: SummedTrees, mostChange: number): PrunedTrees {
  const pruned = copyOf(trees);
  let change = 0;
  for (let t = 0; t < trees.roots.length; t++) {
    const share = (mostChange - change) / (trees.roots.length - t);
    change += pruneTree(pruned, trees.roots[t], share);
  }
  return { trees: mergeEqualTrees(foldConstantTrees(pruned)), change };
}

const copyOf = (trees: SummedTrees): SummedTrees => ({
  ...trees,
  feature: trees.feature.slice(),
  threshold: trees.threshold.slice(),
  left: trees.left.slice(),
  right: trees.right.slice(),
  missingLeft: trees.missingLeft.slice(),
  value: trees.value.slice(),
});

/** Values that a node's leaf holds: one, or one per output. */
const valuesPerNode = ({ treeOutput, outputs }: SummedTrees): number =>
  treeOutput === null ? outputs : 1;

/** Prunes from the leaves up. @returns how far any of the tree's values moved */
function pruneTree(trees: SummedTrees, root: number, mostChange: number): number {
  const width = valuesPerNode(trees);
  const order = nodesBelow(trees, root);
  const low = new Map<number, Float64Array>();
  const high = new Map<number, Float64Array>();
  let change = 0;
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i];
    if (trees.feature[node] < 0) {
      const values = Float64Array.from(trees.value.subarray(node * width, (node + 1) * width));
      low.set(node, values);
      high.set(node, values);
      continue;
    }
    const [left, right] = [trees.left[node], trees.right[node]];
    low.set(node, merged(low, [left, right], Math.min));
    high.set(node, merged(high, [left, right], Math.max));
    const spread = halfSpread(low.get(node)!, high.get(node)!);
    if (spread <= mostChange) {
      change = Math.max(change, makeLeaf(trees, node, { low, high }));
    } else if (isSameSubtree(trees, left, right)) moveUp(trees, left, node);
  }
  return change;
}

type Bounds = { low: Map<number, Float64Array>; high: Map<number, Float64Array> };

function nodesBelow({ feature, left, right }: SummedTrees, root: number): number[] {
  const order = [root];
  for (let i = 0; i < order.length; i++)
    if (feature[order[i]] >= 0) order.push(left[order[i]], right[order[i]]);
  return order;
}

const merged = (
  bounds: Map<number, Float64Array>,
  [left, right]: [number, number],
  of: (a: number, b: number) => number,
): Float64Array => {
  const other = bounds.get(right)!;
  return bounds.get(left)!.map((value, k) => of(value, other[k]));
};

const halfSpread = (low: Float64Array, high: Float64Array): number =>
  high.reduce((most, value, k) => Math.max(most, (value - low[k]) / 2), 0);

/** @returns how far the leaf is from the farthest of what it replaces, in float32 */
function makeLeaf(trees: SummedTrees, node: number, { low, high }: Bounds): number {
  const [least, most] = [low.get(node)!, high.get(node)!];
  const width = least.length;
  let change = 0;
  trees.feature[node] = -1;
  for (let k = 0; k < width; k++) {
    const middle = Math.fround((least[k] + most[k]) / 2);
    trees.value[node * width + k] = middle;
    change = Math.max(change, middle - least[k], most[k] - middle);
  }
  return change;
}

function moveUp(trees: SummedTrees, from: number, to: number): void {
  const width = valuesPerNode(trees);
  trees.feature[to] = trees.feature[from];
  trees.threshold[to] = trees.threshold[from];
  trees.left[to] = trees.left[from];
  trees.right[to] = trees.right[from];
  trees.missingLeft[to] = trees.missingLeft[from];
  trees.value.copyWithin(to * width, from * width, (from + 1) * width);
}

function isSameSubtree(trees: SummedTrees, a: number, b: number): boolean {
  const { feature, threshold, left, right, missingLeft, value } = trees;
  if (feature[a] !== feature[b]) return false;
  if (feature[a] < 0) {
    const width = valuesPerNode(trees);
    for (let k = 0; k < width; k++) if (value[a * width + k] !== value[b * width + k]) return false;
    return true;
  }
  return (
    threshold[a] === threshold[b] &&
    missingLeft[a] === missingLeft[b] &&
    isSameSubtree(trees, left[a], left[b]) &&
    isSameSubtree(trees, right[a], right[b])
  );
}

/** Trees that are one leaf are part of the base values. */
function foldConstantTrees(trees: SummedTrees): SummedTrees {
  const { roots, feature, value, outputs, treeOutput } = trees;
  const base = Float64Array.from(trees.base);
  const kept: number[] = [];
  roots.forEach((root, t) => {
    if (feature[root] >= 0) kept.push(t);
    else if (treeOutput !== null) base[treeOutput[t]] += value[root];
    else for (let k = 0; k < outputs; k++) base[k] += value[root * outputs + k];
  });
  return { ...keepTrees(trees, kept), base: Float32Array.from(base) };
}

const keepTrees = (trees: SummedTrees, kept: readonly number[]): SummedTrees => ({
  ...trees,
  roots: Int32Array.from(kept, (t) => trees.roots[t]),
  treeOutput: trees.treeOutput && Int32Array.from(kept, (t) => trees.treeOutput![t]),
});

/** Trees that ask the same and add to the same become one with their leaves' sums. */
function mergeEqualTrees(trees: SummedTrees): SummedTrees {
  const width = valuesPerNode(trees);
  const firstOf = new Map<string, number>();
  const kept: number[] = [];
  trees.roots.forEach((root, t) => {
    const order = nodesBelow(trees, root);
    const key = order.map((node) => describeNode(trees, node)).join();
    const place = `${trees.treeOutput?.[t] ?? 'all'} ${key}`;
    const first = firstOf.get(place);
    if (first === undefined) {
      firstOf.set(place, root);
      kept.push(t);
      return;
    }
    nodesBelow(trees, first).forEach((into, i) => {
      for (let k = 0; k < width; k++)
        trees.value[into * width + k] += trees.value[order[i] * width + k];
    });
  });
  return keepTrees(trees, kept);
}

const describeNode = ({ feature, threshold, missingLeft }: SummedTrees, node: number): string =>
  feature[node] < 0 ? '' : `${feature[node]}:${threshold[node]}:${missingLeft[node]}`;
