import type { BinnedMatrix } from './binning.ts';
import {
  type Bounds,
  boundedValue,
  childBounds,
  findBestBoundedSplit,
  type Monotone,
  NO_BOUNDS,
} from './bounded-splitting.ts';
import type { GrownNode } from './finish-tree.ts';
import { findBestHessianSplit } from './hessian-splitting.ts';
import {
  createHistogram,
  fillHistogram,
  type Histogram,
  type HistogramRows,
  removeRows,
  subtractHistogram,
} from './histogram.ts';
import { partitionRows, type RowPartition } from './partition-rows.ts';
import { runLoop } from './run-loop.ts';
import { findBestSplit, type NodeSums } from './splitting.ts';

import type { GrowData, TreeOptions } from './tree-options.ts';

/** Copies of a node that a tree may hold, one for each way to it through levels named together. */
const MAX_COPIES = 16;

/** One tree in progress. */
export type Growth = {
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

/** Leaf by leaf; children come after their parents. */
export function growNodes(growth: Growth): GrownNode[] {
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
  const isDeep = depth >= (growth.options.maxDepth ?? Infinity);
  const [smaller, larger] = left.sums.count <= right.sums.count ? [left, right] : [right, left];
  if (mayGoOn && !isDeep && hasRows(growth, larger)) {
    shareHistogram(growth, parent, { smaller, larger });
    seekSplit(growth, left);
    seekSplit(growth, right);
  } else growth.pool.push(parent.histogram!);
  parent.histogram = null;
}

/** As many as two leaves need. */
const hasRows = ({ options }: Growth, { sums }: GrownNode): boolean =>
  sums.count >= 2 * options.minSamplesLeaf;

/** A child too small to be split needs no histogram of its own. */
function shareHistogram(
  growth: Growth,
  parent: GrownNode,
  { smaller, larger }: { smaller: GrownNode; larger: GrownNode },
): void {
  larger.histogram = parent.histogram!;
  if (hasRows(growth, smaller)) {
    smaller.histogram = countHistogram(growth, smaller);
    subtractHistogram(larger.histogram, smaller.histogram, growth.data.hessians !== null);
  } else removeRows(growth.matrix, histogramRows(growth, smaller), larger.histogram);
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

function countHistogram(growth: Growth, node: GrownNode): Histogram {
  const { matrix, whole, data } = growth;
  const histogram = growth.pool.pop() ?? createHistogram(whole, data.hessians !== null);
  fillHistogram(matrix, histogramRows(growth, node), histogram);
  return histogram;
}

function histogramRows(growth: Growth, { start, end }: GrownNode): HistogramRows {
  const { gradients, hessians } = growth.data;
  const { scratch, hessianScratch } = growth;
  const rows = growth.partition.rows.subarray(start, end);
  return { rows, gradients, scratch, hessians, hessianScratch };
}

function seekSplit(growth: Growth, node: GrownNode): void {
  const { matrix, data, monotone } = growth;
  if (!hasRows(growth, node)) return;
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
