import type { Matrix } from '../../prepare/matrix.ts';
import type { KdTree } from './kd-tree.ts';
import { createSearch, findNearest, type NearestRows } from './nearest-rows.ts';

/**
 * Answers from the `nNeighbors` nearest training rows by Euclidean distance (float64 over float32
 * inputs); of equally near ones those that came first in training. Arrays of an answer are in the
 * order of the tree.
 */
export type NeighboursEstimator = {
  type: 'neighbours';
  tree: KdTree;
  /** At most as many as there are rows. */
  nNeighbors: number;
  answer: NeighboursAnswer;
};

export type NeighbourWeights = 'uniform' | 'distance';

export type NeighboursAnswer =
  /** Their weighted mean. */
  | {
      type: 'mean';
      target: Float64Array;
      weights: NeighbourWeights;
      rowWeights: Float64Array | null;
    }
  /** The weighted share of each class. */
  | {
      type: 'shares';
      codes: Int32Array;
      classes: number;
      weights: NeighbourWeights;
      rowWeights: Float64Array | null;
    }
  /** How far they are. */
  | { type: 'distance'; of: 'mean' | 'largest' | 'median' }
  /**
   * Local outlier factor: how much denser they lie than the row itself. By training row: distance to
   * its k-th neighbour and its local reachability density.
   */
  | { type: 'outlier-factor'; reach: Float64Array; density: Float64Array };

export const outputsOfAnswer = (answer: NeighboursAnswer): number =>
  answer.type === 'shares' ? answer.classes : 1;

/** Cost: rows x one search each. */
export function scoreNeighbours(estimator: NeighboursEstimator, matrix: Matrix): Float32Array {
  const { tree, nNeighbors, answer } = estimator;
  const outputs = outputsOfAnswer(answer);
  const scores = new Float32Array(matrix.rows * outputs);
  const search = createSearch(tree, nNeighbors);
  const votes = new Float64Array(nNeighbors);
  for (let row = 0; row < matrix.rows; row++) {
    const found = findNearest(search, matrix.data, row * tree.columns);
    writeAnswer({ answer, found, votes }, scores, row * outputs);
  }
  return scores;
}

type Asked = { answer: NeighboursAnswer; found: NearestRows; votes: Float64Array };

function writeAnswer({ answer, found, votes }: Asked, into: Float32Array, at: number): void {
  switch (answer.type) {
    case 'mean':
      weighVotes(answer, found, votes);
      into[at] = meanOf(answer.target, found, votes);
      return;
    case 'shares':
      weighVotes(answer, found, votes);
      addShares(answer.codes, { found, votes }, into.subarray(at, at + answer.classes));
      return;
    case 'distance':
      into[at] = distanceOf(found, answer.of);
      return;
    case 'outlier-factor':
      into[at] = outlierFactor(answer, found);
  }
}

/** Inverse distances; where rows are at distance 0, those alone (scikit-learn's `weights`). */
function weighVotes(
  { weights, rowWeights }: { weights: NeighbourWeights; rowWeights: Float64Array | null },
  { squared, position, count }: NearestRows,
  votes: Float64Array,
): void {
  const hasEqual = weights === 'distance' && count > 0 && squared[0] === 0;
  for (let i = 0; i < count; i++) {
    let vote = 1;
    if (hasEqual) vote = squared[i] === 0 ? 1 : 0;
    else if (weights === 'distance') vote = 1 / Math.sqrt(squared[i]);
    votes[i] = rowWeights === null ? vote : vote * rowWeights[position[i]];
  }
}

function meanOf(target: Float64Array, found: NearestRows, votes: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < found.count; i++) {
    sum += votes[i] * target[found.position[i]];
    total += votes[i];
  }
  return sum / total;
}

function addShares(
  codes: Int32Array,
  { found, votes }: { found: NearestRows; votes: Float64Array },
  into: Float32Array,
): void {
  let total = 0;
  for (let i = 0; i < found.count; i++) total += votes[i];
  for (let i = 0; i < found.count; i++) into[codes[found.position[i]]] += votes[i] / total;
  // Float32 sums may pass 1 by an ulp.
  for (let k = 0; k < into.length; k++) into[k] = Math.min(1, into[k]);
}

function distanceOf({ squared, count }: NearestRows, of: 'mean' | 'largest' | 'median'): number {
  if (of === 'largest') return Math.sqrt(squared[count - 1]);
  if (of === 'median')
    return (Math.sqrt(squared[(count - 1) >> 1]) + Math.sqrt(squared[count >> 1])) / 2;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.sqrt(squared[i]);
  return sum / count;
}

/** Keeps a density finite where neighbours coincide (scikit-learn's constant). */
const TINY = 1e-10;

/** 1 / mean reachability distance: no neighbour counts as nearer than its own k-th. */
export function reachabilityDensity(reach: Float64Array, found: NearestRows): number {
  let sum = 0;
  for (let i = 0; i < found.count; i++)
    sum += Math.max(Math.sqrt(found.squared[i]), reach[found.position[i]]);
  return 1 / (sum / found.count + TINY);
}

function outlierFactor(
  { reach, density }: { reach: Float64Array; density: Float64Array },
  found: NearestRows,
): number {
  let sum = 0;
  for (let i = 0; i < found.count; i++) sum += density[found.position[i]];
  return sum / found.count / reachabilityDensity(reach, found);
}
