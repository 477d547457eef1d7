import type { Matrix } from '../../prepare/matrix.ts';
import { BLOCK_ROWS, fillKeys, findLeaves, planWalk } from '../boosting/tree-walk.ts';
import type { TreesEstimator } from './trees-estimator.ts';

/** What of the trees is asked. */
export type AnsweringTrees = Omit<
  TreesEstimator,
  'type' | 'outputs' | 'treeOutput' | 'base' | 'link' | 'cover'
>;

/**
 * Trees that each answer the whole: the prediction is the median of their answers, weighed by their
 * worths. It is the least answer at or below which lies half of the worth. Worths are whole numbers
 * that sum to less than 2^24, so that float32 adds them up exactly in any order, and a graph that
 * does (TopK, Gather, MatMul) finds the same median.
 */
export type MedianEstimator = {
  type: 'median';
  trees: AnsweringTrees;
  /** By tree. */
  worths: Float32Array;
};

const WORTH_IN_ALL = 2 ** 23;

/**
 * Worths as whole numbers, to 1.2e-7 of their sum; all of 0 count alike.
 * @param worths by tree, at most 2^22, not negative
 */
export function wholeWorths(worths: readonly number[]): Float32Array {
  const total = worths.reduce((sum, worth) => sum + worth, 0);
  if (!(total > 0)) return new Float32Array(worths.length).fill(1);
  return Float32Array.from(worths, (worth) => Math.round((worth / total) * WORTH_IN_ALL));
}

/** Cost: rows x trees x (depth + trees): answers are sorted by insertion. */
export function scoreMedian({ trees, worths }: MedianEstimator, matrix: Matrix): Float32Array {
  const { length } = worths;
  const medians = new Float32Array(matrix.rows);
  const width = matrix.names.length;
  const walk = planWalk(trees, width);
  const leaves = new Int32Array(BLOCK_ROWS);
  const answers = new Float32Array(BLOCK_ROWS * length);
  const room = { sorted: new Float32Array(length), weights: new Float32Array(length) };
  for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, matrix.rows - from);
    fillKeys(walk, { data: matrix.data, stride: width }, { from, count });
    for (let tree = 0; tree < length; tree++) {
      findLeaves(walk, tree, leaves.subarray(0, count));
      for (let i = 0; i < count; i++) answers[i * length + tree] = trees.value[leaves[i]];
    }
    for (let i = 0; i < count; i++)
      medians[from + i] = weightedMedian({ answers, at: i * length, worths }, room);
  }
  return medians;
}

/** Of the answers from `at` on; `room` has an entry for each. */
function weightedMedian(
  { answers, at, worths }: { answers: Float32Array; at: number; worths: Float32Array },
  { sorted, weights }: { sorted: Float32Array; weights: Float32Array },
): number {
  let total = 0;
  for (let t = 0; t < worths.length; t++) {
    const answer = answers[at + t];
    let to = t;
    for (; to > 0 && sorted[to - 1] > answer; to--) {
      sorted[to] = sorted[to - 1];
      weights[to] = weights[to - 1];
    }
    sorted[to] = answer;
    weights[to] = worths[t];
    total += worths[t];
  }
  let sum = weights[0];
  let middle = 0;
  while (2 * sum < total) sum += weights[++middle];
  return sorted[middle];
}
