import type { BinnedTree } from './binned-tree.ts';
import { softened } from './hessian-splitting.ts';
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
  histogram: Histogram | null;
  split: Split | null;
  left: number;
  right: number;
};

export type LeafOptions = {
  l1?: number;
  l2: number;
  /** Leaf values are multiplied by it. */
  learningRate: number;
};

type Grown = {
  options: LeafOptions;
  data: { features?: Int32Array; scores: Float32Array; leafValue?: LeafValue };
  /** Node by node. */
  rows: Uint32Array;
};

/** Values of the leaves, and their scores for the rows that the tree was grown on. */
export function finishTree(nodes: readonly GrownNode[], grown: Grown): BinnedTree {
  const { features, scores } = grown.data;
  const tree: BinnedTree = {
    feature: new Int16Array(nodes.length).fill(-1),
    bin: new Uint8Array(nodes.length),
    missingLeft: new Uint8Array(nodes.length),
    left: new Int16Array(nodes.length),
    right: new Int16Array(nodes.length),
    value: new Float32Array(nodes.length),
    cover: new Float32Array(nodes.length),
  };
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
      tree.value[i] = grown.options.learningRate * leafValueOf(node, grown);
      runLoop(addToScores, { rows: grown.rows, node, value: tree.value[i] }, scores);
    }
  });
  return tree;
}

function leafValueOf({ start, end, sums }: GrownNode, { options, data, rows }: Grown): number {
  if (data.leafValue) return data.leafValue(rows.subarray(start, end));
  const hessian = sums.hessian + options.l2;
  return hessian > 0 ? -softened(sums.gradient, options.l1 ?? 0) / hessian : 0;
}

function addToScores(
  { rows, node, value }: { rows: Uint32Array; node: GrownNode; value: number },
  scores: Float32Array,
): void {
  for (let at = node.start; at < node.end; at++) scores[rows[at]] += value;
}
