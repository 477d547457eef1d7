import type { BinnedTree } from './binned-tree.ts';
import { type BinnedMatrix, takeFeatures } from './binning.ts';
import {
  type Bounds,
  boundedValue,
  childBounds,
  findBestBoundedSplit,
  type Monotone,
  NO_BOUNDS,
} from './bounded-splitting.ts';
import { finishTree, type GrownNode, type LeafOptions, type LeafValue } from './finish-tree.ts';
import { findBestHessianSplit, type HessianSplitOptions } from './hessian-splitting.ts';
import { createHistogram, fillHistogram, type Histogram, subtractHistogram } from './histogram.ts';
import { createPartition, partitionRows, type RowPartition } from './partition-rows.ts';
import { runLoop } from './run-loop.ts';
import { findBestSplit, type NodeSums } from './splitting.ts';

export type TreeOptions = HessianSplitOptions &
  LeafOptions & {
    maxLeaves: number;
    /** Absent: answers may rise and fall with any feature. Needs hessians. */
    monotone?: Monotone;
    /** Splits from the root to a leaf; absent: as many as the leaves allow. */
    maxDepth?: number;
  };

/** What one tree is grown on. All but `rows` and `features` are by table row. */
export type GrowData = {
  gradients: Float32Array;
  /** Null: all 1, which is faster and knows no `l1` and no `minChildWeight`. */
  hessians: Float32Array | null;
  /** Leaf values are added to those of the rows grown on. */
  scores: Float32Array;
  /** Rows to grow on; absent: the grower's. At most as many. */
  rows?: Uint32Array;
  /** Features that the tree may use, ascending; absent: all. */
  features?: Int32Array;
  /** Draws the features that a node may be split on, 1 where it may; absent: all of the tree's. */
  drawAllowed?: (features: number) => Uint8Array;
  /** Absent: the Newton step -G / (H + l2). */
  leafValue?: LeafValue;
  /** Leaf values are multiplied by it too; absent: 1. */
  shrinkage?: number;
};

/** Copies of a node that a tree may hold, one for each way to it through levels named together. */
const MAX_COPIES = 16;

export type TreeGrower = { grow(data: GrowData): BinnedTree };

/**
 * Grows trees leaf by leaf: the leaf whose best split gains most is split next (Shi 2007; LightGBM,
 * Ke et al. 2017), until `maxLeaves` or nothing gains. Only the smaller child's histogram is
 * counted; its sibling's is the parent's less it. Buffers are reused from tree to tree.
 */
export function createTreeGrower(
  matrix: BinnedMatrix,
  order: Uint32Array,
  options: TreeOptions,
): TreeGrower {
  const partition = createPartition(order.length);
  const singles = { ...options, maxCategorySet: 1 };
  const scratch = new Float32Array(order.length);
  const pools: Pools = { plain: [], withHessians: [] };
  let hessianScratch = new Float32Array(0);
  return {
    grow(data) {
      const { rows = order, hessians, features } = data;
      if (hessians !== null && hessianScratch.length === 0)
        hessianScratch = new Float32Array(order.length);
      partition.rows.set(rows);
      const growth: Growth = {
        ...{ matrix: features ? takeFeatures(matrix, features) : matrix, whole: matrix },
        ...{ options, singles, partition, scratch, hessianScratch, data, count: rows.length },
        monotone: options.monotone ? takeMonotone(options.monotone, features) : null,
        pool: hessians === null ? pools.plain : pools.withHessians,
      };
      const nodes = growNodes(growth);
      for (const { histogram } of nodes) if (histogram) growth.pool.push(histogram);
      return finishTree(nodes, { options, data, rows: partition.rows, matrix });
    },
  };
}

const takeMonotone = (monotone: Monotone, features: Int32Array | undefined): Monotone =>
  features ? Int8Array.from(features, (f) => monotone[f]) : monotone;

type Pools = { plain: Histogram[]; withHessians: Histogram[] };

/** One tree in progress. */
type Growth = {
  /** Of the features that the tree may use. */
  matrix: BinnedMatrix;
  whole: BinnedMatrix;
  options: TreeOptions;
  /** The same, but one level of a category a split. */
  singles: TreeOptions;
  partition: RowPartition;
  scratch: Float32Array;
  hessianScratch: Float32Array;
  data: GrowData;
  /** By feature of `matrix`. */
  monotone: Monotone | null;
  /** Rows that the tree is grown on. */
  count: number;
  pool: Histogram[];
};

function growNodes(growth: Growth): GrownNode[] {
  const { count, options } = growth;
  const whole = { start: 0, end: count, depth: 0, bounds: NO_BOUNDS, copies: 1 };
  const root = createNode(whole, sumsOfAll(growth));
  root.histogram = countHistogram(growth, root);
  seekSplit(growth, root);
  const nodes = [root];
  for (let leaves = 1; leaves < options.maxLeaves; leaves++) {
    const parent = mostGaining(nodes);
    if (parent === null) break;
    splitNode(growth, nodes, { parent, mayGoOn: leaves + 1 < options.maxLeaves });
  }
  return nodes;
}

function sumsOfAll({ partition, count, data }: Growth): NodeSums {
  const rows = partition.rows.subarray(0, count);
  const gradient = runLoop(sumOver, data.gradients, rows);
  const hessian = data.hessians === null ? count : runLoop(sumOver, data.hessians, rows);
  return { gradient, hessian, count };
}

function sumOver(values: Float32Array, rows: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]];
  return sum;
}

const createNode = (
  {
    start,
    end,
    depth,
    bounds,
    copies,
  }: Pick<GrownNode, 'start' | 'end' | 'depth' | 'bounds' | 'copies'>,
  sums: NodeSums,
): GrownNode => ({
  ...{ start, end, depth, bounds, copies, sums },
  histogram: null,
  split: null,
  left: -1,
  right: -1,
});

function mostGaining(nodes: readonly GrownNode[]): GrownNode | null {
  let best: GrownNode | null = null;
  for (const node of nodes)
    if (node.split && node.left < 0 && (!best?.split || node.split.gain > best.split.gain))
      best = node;
  return best;
}

/** @param mayGoOn false for the last split of a tree, whose children need no histogram */
function splitNode(
  growth: Growth,
  nodes: GrownNode[],
  { parent, mayGoOn }: { parent: GrownNode; mayGoOn: boolean },
): void {
  const split = parent.split!;
  const { start, end, sums } = parent;
  const depth = parent.depth + 1;
  const middle = partitionRows(growth.partition, parent, { matrix: growth.matrix, split });
  const rest = {
    gradient: sums.gradient - split.left.gradient,
    hessian: sums.hessian - split.left.hessian,
    count: sums.count - split.left.count,
  };
  const bounds = boundsBelow(growth, parent, rest);
  const { copies } = parent;
  const below = { start, end: middle, depth, bounds: bounds.left, copies };
  const left = createNode(below, split.left);
  const above = { start: middle, end, depth, bounds: bounds.right };
  const right = createNode({ ...above, copies: copies * (split.levels?.length ?? 1) }, rest);
  parent.left = nodes.push(left) - 1;
  parent.right = nodes.push(right) - 1;
  if (mayGoOn && depth < (growth.options.maxDepth ?? Infinity)) {
    const [smaller, larger] = left.sums.count <= right.sums.count ? [left, right] : [right, left];
    smaller.histogram = countHistogram(growth, smaller);
    larger.histogram = parent.histogram!;
    subtractHistogram(larger.histogram, smaller.histogram, growth.data.hessians !== null);
    seekSplit(growth, left);
    seekSplit(growth, right);
  } else growth.pool.push(parent.histogram!);
  parent.histogram = null;
}

function boundsBelow(
  { monotone, options }: Growth,
  { bounds, split }: GrownNode,
  right: NodeSums,
): { left: Bounds; right: Bounds } {
  if (monotone === null) return { left: bounds, right: bounds };
  return childBounds(bounds, monotone[split!.feature], {
    left: boundedValue(split!.left, options, bounds),
    right: boundedValue(right, options, bounds),
  });
}

function countHistogram(growth: Growth, { start, end }: GrownNode): Histogram {
  const { matrix, whole, scratch, hessianScratch, data } = growth;
  const { gradients, hessians } = data;
  const histogram = growth.pool.pop() ?? createHistogram(whole, hessians !== null);
  const rows = growth.partition.rows.subarray(start, end);
  const node = { rows, gradients, scratch, hessians, hessianScratch };
  fillHistogram(matrix, node, histogram);
  return histogram;
}

function seekSplit(growth: Growth, node: GrownNode): void {
  const { matrix, data, monotone } = growth;
  if (node.sums.count < 2 * growth.options.minSamplesLeaf) return;
  const allowed = data.drawAllowed?.(matrix.features.length) ?? null;
  const seen = { histogram: node.histogram!, sums: node.sums, allowed };
  const most = Math.floor(MAX_COPIES / node.copies);
  const maxCategorySet = Math.min(growth.options.maxCategorySet ?? 1, most);
  const options = maxCategorySet > 1 ? { ...growth.options, maxCategorySet } : growth.singles;
  if (data.hessians === null) node.split = findBestSplit(matrix, seen, options);
  else if (monotone === null) node.split = findBestHessianSplit(matrix, seen, options);
  else {
    const bounded = { ...options, monotone, bounds: node.bounds };
    node.split = findBestBoundedSplit(matrix, seen, bounded);
  }
}
