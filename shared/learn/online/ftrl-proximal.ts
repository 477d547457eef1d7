import { exp, log } from '../../core/portable-math.ts';
import type { LinearSolution } from '../linear/least-squares.ts';
import type { Example } from './example.ts';

export type FtrlOptions = {
  /** Size of steps, and how soon they become shorter. */
  alpha: number;
  beta: number;
  /** Penalties of the weights; intercepts have none. */
  lambda1: number;
  lambda2: number;
};

/** Row-major [scores, columns + 1], the intercept last: sums of gradients, of their squares, scores. */
export type FtrlState = {
  columns: number;
  sums: Float64Array;
  squares: Float64Array;
  weights: Float64Array;
  /** Room for one row's scores. */
  scores: Float64Array;
};

/**
 * Before its first row. With weights to start from, the sums are those that give them: they were
 * learnt, but how sure they are is not known, so that steps are as long as at first.
 * @param outputs 1 of two classes, logistic; else one each, softmax
 * @param weights row-major [outputs, columns + 1], the intercept last
 */
export function createFtrlState(
  { columns, outputs }: { columns: number; outputs: number },
  { alpha, beta, lambda1, lambda2 }: FtrlOptions,
  weights: Float64Array = new Float64Array(outputs * (columns + 1)),
): FtrlState {
  const sums = weights.map((weight, i) => {
    const isIntercept = i % (columns + 1) === columns;
    const size = Math.abs(weight) * (beta / alpha + (isIntercept ? 0 : lambda2));
    return -Math.sign(weight) * (size + (weight === 0 || isIntercept ? 0 : lambda1));
  });
  const squares = new Float64Array(weights.length);
  return { columns, sums, squares, weights, scores: new Float64Array(outputs) };
}

/**
 * Logistic regression that learns one row at a time, in place: follow the proximally regularised
 * leader, with a step of its own for each weight (McMahan et al. 2013, algorithm 1).
 * @param example target: the class code
 * @returns the row's log loss before it was learnt
 */
export function updateFtrl(state: FtrlState, example: Example, options: FtrlOptions): number {
  const { columns, scores, weights } = state;
  const total = columns + 1;
  for (let k = 0; k < scores.length; k++) {
    const from = k * total;
    let score = weights[from + columns];
    for (let j = 0; j < columns; j++) score += weights[from + j] * example.data[example.at + j];
    scores[k] = score;
  }
  const chance = toShares(scores, example.target);
  for (let k = 0; k < scores.length; k++) {
    const isOwn = scores.length === 1 ? example.target === 1 : example.target === k;
    learnScore(state, example, { ...options, from: k * total, error: scores[k] - (isOwn ? 1 : 0) });
  }
  return -log(Math.max(chance, 1e-300));
}

function learnScore(
  { columns, sums, squares, weights }: FtrlState,
  { data, at, weight }: Example,
  { alpha, beta, lambda1, lambda2, from, error }: FtrlOptions & { from: number; error: number },
): void {
  for (let j = 0; j <= columns; j++) {
    const isIntercept = j === columns;
    const gradient = weight * error * (isIntercept ? 1 : data[at + j]);
    if (gradient === 0) continue;
    const i = from + j;
    const grown = squares[i] + gradient * gradient;
    const root = Math.sqrt(grown);
    sums[i] += gradient - ((root - Math.sqrt(squares[i])) / alpha) * weights[i];
    squares[i] = grown;
    const kept = Math.abs(sums[i]) - (isIntercept ? 0 : lambda1);
    weights[i] =
      kept <= 0
        ? 0
        : (-Math.sign(sums[i]) * kept) / ((beta + root) / alpha + (isIntercept ? 0 : lambda2));
  }
}

/** Scores become probabilities in place. @returns that of the row's own class */
function toShares(scores: Float64Array, code: number): number {
  if (scores.length === 1) {
    scores[0] = 1 / (1 + exp(-scores[0]));
    return code === 1 ? scores[0] : 1 - scores[0];
  }
  const highest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    scores[k] = exp(scores[k] - highest);
    sum += scores[k];
  }
  for (let k = 0; k < scores.length; k++) scores[k] /= sum;
  return scores[code];
}

export const ftrlSolution = ({ columns, weights, scores }: FtrlState): LinearSolution => {
  const starts = Array.from(scores, (_, k) => k * (columns + 1));
  return {
    coefficients: starts.map((from) => weights.slice(from, from + columns)),
    intercepts: Float64Array.from(starts, (from) => weights[from + columns]),
  };
};
