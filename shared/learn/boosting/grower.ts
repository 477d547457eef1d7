import type { BinnedTree } from './binned-tree.ts';
import type { BinnedMatrix, FeatureBins } from './binning.ts';
import { createHistogram, fillHistogram, type Histogram, subtractHistogram } from './histogram.ts';
import { runLoop } from './run-loop.ts';
import { findBestSplit, type NodeSums, type Split } from './splitting.ts';

export type TreeOptions = {
  maxLeaves: number;
  minSamplesLeaf: number;
  l2: number;
  /** Leaf values are multiplied by it. */
  learningRate: number;
};

export type TreeGrower = {
  /**
   * Grows one tree on the gradients (by table row) and adds its leaf values to the scores (by table
   * row) of the grower's rows.
   */
  grow(gradients: Float32Array, scores: Float32Array): BinnedTree;
};

/** A node in progress: rows[start..end) of the partition. */
type Node = {
  start: number;
  end: number;
  sums: NodeSums;
  histogram: Histogram | null;
  split: Split | null;
  left: number;
  right: number;
};

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
  const workspace: Workspace = {
    matrix,
    options,
    rows: order.slice(),
    partition: new Uint32Array(order.length),
    gradients: new Float32Array(0),
    scratch: new Float32Array(order.length),
    leftBins: new Uint8Array(256),
    pool: [],
  };
  return {
    grow(gradients, scores) {
      workspace.rows.set(order);
      workspace.gradients = gradients;
      const nodes = growNodes(workspace);
      for (const { histogram } of nodes) if (histogram) workspace.pool.push(histogram);
      return finishTree(workspace, nodes, scores);
    },
  };
}

type Workspace = {
  matrix: BinnedMatrix;
  options: TreeOptions;
  rows: Uint32Array;
  partition: Uint32Array;
  /** By table row, of the tree in progress. */
  gradients: Float32Array;
  scratch: Float32Array;
  /** By bin of the feature that is being split. */
  leftBins: Uint8Array;
  pool: Histogram[];
};

function growNodes(workspace: Workspace): Node[] {
  const { rows, options, gradients } = workspace;
  const sums = { gradient: runLoop(sumOver, gradients, rows), count: rows.length };
  const root = createNode(0, rows.length, sums);
  root.histogram = countHistogram(workspace, root);
  seekSplit(workspace, root);
  const nodes = [root];
  for (let leaves = 1; leaves < options.maxLeaves; leaves++) {
    const parent = mostGaining(nodes);
    if (parent === null) break;
    splitNode(workspace, nodes, { parent, mayGoOn: leaves + 1 < options.maxLeaves });
  }
  return nodes;
}

function sumOver(gradients: Float32Array, rows: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += gradients[rows[i]];
  return sum;
}

const createNode = (start: number, end: number, sums: NodeSums): Node => ({
  start,
  end,
  sums,
  histogram: null,
  split: null,
  left: -1,
  right: -1,
});

function mostGaining(nodes: readonly Node[]): Node | null {
  let best: Node | null = null;
  for (const node of nodes)
    if (node.split && node.left < 0 && (!best?.split || node.split.gain > best.split.gain))
      best = node;
  return best;
}

/** @param mayGoOn false for the last split of a tree, whose children need no histogram */
function splitNode(
  workspace: Workspace,
  nodes: Node[],
  { parent, mayGoOn }: { parent: Node; mayGoOn: boolean },
): void {
  const split = parent.split!;
  const middle = partitionRows(workspace, parent, split);
  const rest = {
    gradient: parent.sums.gradient - split.left.gradient,
    count: parent.sums.count - split.left.count,
  };
  const left = createNode(parent.start, middle, split.left);
  const right = createNode(middle, parent.end, rest);
  parent.left = nodes.push(left) - 1;
  parent.right = nodes.push(right) - 1;
  if (mayGoOn) {
    const [smaller, larger] = left.sums.count <= right.sums.count ? [left, right] : [right, left];
    smaller.histogram = countHistogram(workspace, smaller);
    larger.histogram = parent.histogram!;
    subtractHistogram(larger.histogram, smaller.histogram);
    seekSplit(workspace, left);
    seekSplit(workspace, right);
  } else workspace.pool.push(parent.histogram!);
  parent.histogram = null;
}

function countHistogram(workspace: Workspace, { start, end }: Node): Histogram {
  const { matrix, gradients, scratch } = workspace;
  const histogram = workspace.pool.pop() ?? createHistogram(matrix);
  const rows = workspace.rows.subarray(start, end);
  fillHistogram(matrix, { rows, gradients, scratch }, histogram);
  return histogram;
}

function seekSplit({ matrix, options }: Workspace, node: Node): void {
  if (node.sums.count < 2 * options.minSamplesLeaf) return;
  node.split = findBestSplit(matrix, { histogram: node.histogram!, sums: node.sums }, options);
}

/** Moves the rows that go left to the front of the node's range, keeping both orders. */
function partitionRows(workspace: Workspace, { start, end }: Node, split: Split): number {
  const { matrix, rows, partition, leftBins } = workspace;
  fillLeftBins(leftBins, matrix.features[split.feature], split);
  const codes = matrix.codes[split.feature];
  const middle = runLoop(partRows, { start, end, codes, leftBins }, { rows, partition });
  rows.set(partition.subarray(0, end - middle), middle);
  return middle;
}

/**
 * Packs the rows that go left, and the others into `partition`. Every row is written to both and one
 * end moves on: a branch on the data would be guessed wrong half the time.
 * @returns the end of the rows that go left
 */
function partRows(
  from: { start: number; end: number; codes: Uint8Array; leftBins: Uint8Array },
  into: { rows: Uint32Array; partition: Uint32Array },
): number {
  const { start, end, codes, leftBins } = from;
  const { rows, partition } = into;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const isLeft = leftBins[codes[row]];
    rows[left] = row;
    partition[right] = row;
    left += isLeft;
    right += 1 - isLeft;
  }
  return left;
}

/** 1 for each bin that goes left. */
function fillLeftBins(leftBins: Uint8Array, bins: FeatureBins, split: Split): void {
  if (bins.type === 'category') {
    leftBins.fill(1);
    leftBins[split.bin] = 0;
    return;
  }
  leftBins.fill(0);
  leftBins.fill(1, 0, split.bin + 1);
  leftBins[bins.thresholds.length + 1] = split.missingLeft ? 1 : 0;
}

function finishTree(workspace: Workspace, nodes: Node[], scores: Float32Array): BinnedTree {
  const { rows, options } = workspace;
  const tree: BinnedTree = {
    feature: new Int16Array(nodes.length).fill(-1),
    bin: new Uint8Array(nodes.length),
    missingLeft: new Uint8Array(nodes.length),
    left: new Int16Array(nodes.length),
    right: new Int16Array(nodes.length),
    value: new Float32Array(nodes.length),
  };
  nodes.forEach((node, i) => {
    if (node.left >= 0) {
      tree.feature[i] = node.split!.feature;
      tree.bin[i] = node.split!.bin;
      tree.missingLeft[i] = node.split!.missingLeft ? 1 : 0;
      tree.left[i] = node.left;
      tree.right[i] = node.right;
    } else {
      const { gradient, count } = node.sums;
      tree.value[i] = (-options.learningRate * gradient) / (count + options.l2);
      runLoop(addToScores, { rows, node, value: tree.value[i] }, scores);
    }
  });
  return tree;
}

function addToScores(
  { rows, node, value }: { rows: Uint32Array; node: Node; value: number },
  scores: Float32Array,
): void {
  for (let at = node.start; at < node.end; at++) scores[rows[at]] += value;
}
