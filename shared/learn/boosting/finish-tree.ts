import type { BinnedTree } from './binned-tree.ts';
import type { BinnedMatrix } from './binning.ts';
import {
  type Bounds,
  boundedValue,
  childBounds,
  type Monotone,
  NO_BOUNDS,
} from './bounded-splitting.ts';
import { expandSets } from './expand-sets.ts';
import type { Histogram } from './histogram.ts';
import { runLoop } from './run-loop.ts';
import type { NodeSums, Split } from './splitting.ts';

/** The value of a leaf that holds these table rows, before the learning rate. */
export type LeafValue = (rows: Uint32Array) => number;

/** A node in progress: rows[start..end) of the partition. */
export type GrownNode = {
  start: number;
  end: number;
  depth: number;
  sums: NodeSums;
  bounds: Bounds;
  /** Of it in the finished tree. @see writeNode */
  copies: number;
  histogram: Histogram | null;
  split: Split | null;
  left: number;
  right: number;
};

export type LeafOptions = {
  /** By feature; absent: no order is asked for. */
  monotone?: Monotone;
  l1?: number;
  l2: number;
  /** Leaf values are multiplied by it. */
  learningRate: number;
};

type Grown = {
  options: LeafOptions;
  data: { features?: Int32Array; scores: Float32Array; leafValue?: LeafValue; shrinkage?: number };
  /** Node by node. */
  rows: Uint32Array;
  /** Of all features. */
  matrix: BinnedMatrix;
};

/** Values of the leaves, and their scores for the rows that the tree was grown on. */
export function finishTree(nodes: readonly GrownNode[], grown: Grown): BinnedTree {
  const { features, scores, shrinkage = 1 } = grown.data;
  const rate = grown.options.learningRate * shrinkage;
  const tree: BinnedTree = {
    feature: new Int16Array(nodes.length).fill(-1),
    bin: new Uint8Array(nodes.length),
    missingLeft: new Uint8Array(nodes.length),
    left: new Int16Array(nodes.length),
    right: new Int16Array(nodes.length),
    value: new Float32Array(nodes.length),
    cover: new Float32Array(nodes.length),
  };
  const { leafValue } = grown.data;
  const refitted = leafValue ? refitLeaves(nodes, grown, leafValue) : null;
  nodes.forEach((node, i) => {
    tree.cover[i] = node.sums.count;
    if (node.left >= 0) {
      const { feature, bin, missingLeft } = node.split!;
      tree.feature[i] = features ? features[feature] : feature;
      tree.bin[i] = bin;
      tree.missingLeft[i] = missingLeft ? 1 : 0;
      tree.left[i] = node.left;
      tree.right[i] = node.right;
    } else {
      const value = refitted ? refitted[i] : boundedValue(node.sums, grown.options, node.bounds);
      tree.value[i] = rate * value;
      runLoop(addToScores, { rows: grown.rows, node, value: tree.value[i] }, scores);
    }
  });
  const sets = nodes.map(({ split, left }) => (left >= 0 ? split!.levels : null));
  if (sets.every((levels) => levels === null)) return tree;
  const rows = grown.rows.subarray(0, nodes[0].end);
  return expandSets(tree, sets, { matrix: grown.matrix, rows });
}

const clamped = (value: number, { lower, upper }: Bounds): number =>
  Math.min(upper, Math.max(lower, value));

/**
 * Values that are no Newton steps. In a monotone tree those of inner nodes bound their children's,
 * as gradients did while it grew.
 */
function refitLeaves(
  nodes: readonly GrownNode[],
  { options, data, rows }: Grown,
  leafValue: LeafValue,
): number[] {
  const { monotone } = options;
  const bounds = nodes.map(() => NO_BOUNDS);
  const values = nodes.map(() => 0);
  const refit = (i: number) => {
    const { start, end } = nodes[i];
    const value = leafValue(rows.subarray(start, end));
    values[i] = clamped(value, bounds[i]);
  };
  nodes.forEach(({ left, right, split }, i) => {
    if (!monotone) {
      if (left < 0) refit(i);
      return;
    }
    if (i === 0) refit(i);
    if (left < 0) return;
    bounds[left] = bounds[i];
    bounds[right] = bounds[i];
    refit(left);
    refit(right);
    const feature = data.features ? data.features[split!.feature] : split!.feature;
    const below = { left: values[left], right: values[right] };
    const children = childBounds(bounds[i], monotone[feature], below);
    bounds[left] = children.left;
    bounds[right] = children.right;
    values[left] = clamped(below.left, children.left);
    values[right] = clamped(below.right, children.right);
  });
  return values;
}

function addToScores(
  { rows, node, value }: { rows: Uint32Array; node: GrownNode; value: number },
  scores: Float32Array,
): void {
  for (let at = node.start; at < node.end; at++) scores[rows[at]] += value;
}
