import type { Matrix } from '../../prepare/matrix.ts';
import { sumLeaves } from '../boosting/sum-leaves.ts';
import {
  BLOCK_ROWS,
  fillKeys,
  findLeaves,
  planWalk,
  type WalkedTrees,
} from '../boosting/tree-walk.ts';
import { applyLink, type Link } from '../link.ts';

/**
 * Trees over a matrix, all nodes in flat arrays, children after their parents. An inner node sends
 * x <= threshold left; a leaf has feature -1. Raw score k is base[k] + the sum of one leaf's value
 * per tree, in tree order and float32; a forest's leaves are divided by its number of trees.
 */
export type TreesEstimator = {
  type: 'trees';
  /** Node number of each tree's root. */
  roots: Int32Array;
  feature: Int32Array;
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
  /** 1 where a missing value goes left. */
  missingLeft: Uint8Array;
  /** Raw scores per row. */
  outputs: number;
  /** The output that each tree adds to; null: each leaf adds to all of them. */
  treeOutput: Int32Array | null;
  /** 0 in inner nodes. [nodes], or row-major [nodes, outputs] where `treeOutput` is null. */
  value: Float32Array;
  /** [outputs] */
  base: Float32Array;
  link: Link;
  /** Weight of the training rows through each node, for path-dependent SHAP; null: not kept. */
  cover: Float32Array | null;
};

/** Cost: rows x trees x depth, once for leaves that add to all outputs. */
export function scoreTrees(estimator: TreesEstimator, matrix: Matrix): Float32Array {
  const { outputs, base, link } = estimator;
  const scores = new Float32Array(matrix.rows * outputs);
  sumOutputs(estimator, matrix, scores);
  for (let at = 0; at < scores.length; at += outputs)
    for (let k = 0; k < outputs; k++) scores[at + k] += base[k];
  return applyLink(link, scores, outputs);
}

/** Steps of a walk that cost as much as it costs to plan one node. */
const STEPS_PER_PLANNED_NODE = 16;

function sumOutputs(estimator: TreesEstimator, matrix: Matrix, into: Float32Array): void {
  const { outputs, treeOutput, roots, feature } = estimator;
  const isVector = treeOutput === null && outputs > 1;
  if (matrix.rows * roots.length * STEPS_PER_PLANNED_NODE < feature.length)
    walkUnplanned(estimator, matrix, into);
  else if (isVector) sumVectors(estimator, matrix, into);
  else {
    const width = matrix.names.length;
    const sums = outputs === 1 ? into : new Float32Array(matrix.rows);
    for (let k = 0; k < outputs; k++) {
      const walk = planWalk(treesOfOutput(estimator, k), width);
      sumLeaves(walk, { data: matrix.data, stride: width }, sums);
      for (let row = 0; row < matrix.rows; row++) into[row * outputs + k] = sums[row];
    }
  }
}

/** The same sums for a few rows in a large forest, which would take longer to lay out than to walk. */
function walkUnplanned(
  {
    roots,
    feature,
    threshold,
    left,
    right,
    missingLeft,
    value,
    outputs,
    treeOutput,
  }: TreesEstimator,
  { rows, names, data }: Matrix,
  into: Float32Array,
): void {
  for (let row = 0; row < rows; row++)
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree];
      while (feature[node] >= 0) {
        const x = data[row * names.length + feature[node]];
        const isLeft = Number.isNaN(x) ? missingLeft[node] === 1 : x <= threshold[node];
        node = isLeft ? left[node] : right[node];
      }
      if (treeOutput !== null) into[row * outputs + treeOutput[tree]] += value[node];
      else for (let k = 0; k < outputs; k++) into[row * outputs + k] += value[node * outputs + k];
    }
}

/** Walks once and adds the whole leaf. */
function sumVectors(estimator: TreesEstimator, matrix: Matrix, into: Float32Array): void {
  const { outputs, value, roots } = estimator;
  const width = matrix.names.length;
  const walk = planWalk(estimator, width);
  const leaves = new Int32Array(BLOCK_ROWS);
  for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, matrix.rows - from);
    fillKeys(walk, { data: matrix.data, stride: width }, { from, count });
    const block = { leaves: leaves.subarray(0, count), value, outputs };
    for (let tree = 0; tree < roots.length; tree++) {
      findLeaves(walk, tree, block.leaves);
      addVectors(block, into.subarray(from * outputs, (from + count) * outputs));
    }
  }
}

function addVectors(
  { leaves, value, outputs }: { leaves: Int32Array; value: Float32Array; outputs: number },
  into: Float32Array,
): void {
  for (let i = 0; i < leaves.length; i++)
    for (let k = 0; k < outputs; k++) into[i * outputs + k] += value[leaves[i] * outputs + k];
}

/** The trees that add to output `k`, with the values that they add to it. */
export function treesOfOutput(estimator: TreesEstimator, k: number): WalkedTrees {
  const { treeOutput, outputs, roots, value } = estimator;
  if (treeOutput !== null)
    return { ...estimator, roots: roots.filter((_, t) => treeOutput[t] === k) };
  if (outputs === 1) return estimator;
  return {
    ...estimator,
    value: Float32Array.from(estimator.feature, (_, i) => value[i * outputs + k]),
  };
}
