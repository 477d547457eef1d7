import { exp, log } from '../../core/portable-math.ts';
import { type Example, type OnlineScore, onlineScore, squaredNorm } from './example.ts';
import { isSquared, lossOf, type MarginLoss, slopeOf } from './margin-loss.ts';

export type SgdOptions = {
  loss: MarginLoss;
  /** Share of the penalty that is L1; 0 is L2. */
  l1Ratio: number;
  /** Strength of the penalty; 0 is none. */
  alpha: number;
  /** What the `optimal` rate falls by, above 0; default: alpha. */
  decay?: number;
  /** `constant`: eta0; `invscaling`: eta0 / t^powerT; `optimal`: 1 / (decay (t0 + t)), Bottou's t0. */
  learningRate: 'constant' | 'invscaling' | 'optimal';
  eta0: number;
  powerT: number;
};

/** A learner between two rows; data that can be kept and gone on from. */
export type SgdState = OnlineScore & {
  /** Rows learnt. */
  steps: number;
  /** Mean of the weights after each row (Polyak and Ruppert). */
  averageWeights: Float64Array;
  averageIntercept: number;
  /** L1 that every weight, and that each weight, has been given so far (Tsuruoka et al. 2009). */
  penaltyDue: number;
  penaltyPaid: Float64Array;
};

/** Before its first row; `start` becomes its own. */
export const createSgdState = ({ weights, intercept }: OnlineScore): SgdState => ({
  ...{ weights, intercept, steps: 0 },
  ...{ averageWeights: new Float64Array(weights.length), averageIntercept: 0 },
  ...{ penaltyDue: 0, penaltyPaid: new Float64Array(weights.length) },
});

/**
 * Learns one row, in place; the target of a classifier is -1 or +1. scikit-learn 1.2.1's plain_sgd,
 * but a step on a squared loss never goes beyond the row's own optimum, where scikit-learn's can
 * grow without bound.
 * @returns the row's loss before it was learnt
 * Cost: a few multiples of columns.
 */
export function updateSgd(state: SgdState, example: Example, options: SgdOptions): number {
  const { loss, alpha, l1Ratio } = options;
  const { weights } = state;
  const score = onlineScore(state, example);
  state.steps++;
  let eta = rateOf(options, state.steps);
  if (isSquared(loss)) eta = Math.min(eta, 1 / (2 * squaredNorm(weights.length, example)));
  const slope = Math.min(1e12, Math.max(-1e12, slopeOf(loss, score, example.target)));
  const change = -eta * slope * example.weight;
  const shrink = Math.max(0, 1 - (1 - l1Ratio) * eta * alpha);
  for (let j = 0; j < weights.length; j++)
    weights[j] = weights[j] * shrink + change * example.data[example.at + j];
  state.intercept += change;
  addToAverage(state);
  if (l1Ratio > 0 && alpha > 0) payPenalty(state, l1Ratio * eta * alpha);
  return lossOf(loss, score, example.target);
}

function rateOf(
  { learningRate, eta0, powerT, alpha, decay = alpha, loss }: SgdOptions,
  step: number,
): number {
  if (learningRate === 'constant') return eta0;
  if (learningRate === 'invscaling') return eta0 * exp(-powerT * log(step));
  const typical = Math.sqrt(1 / Math.sqrt(decay));
  const first = typical / Math.max(1, slopeOf(loss, -typical, 1));
  return 1 / (decay * (1 / (first * decay) + step - 1));
}

function addToAverage(state: SgdState): void {
  const { weights, averageWeights, steps } = state;
  for (let j = 0; j < weights.length; j++)
    averageWeights[j] += (weights[j] - averageWeights[j]) / steps;
  state.averageIntercept += (state.intercept - state.averageIntercept) / steps;
}

function payPenalty(state: SgdState, due: number): void {
  const { weights, penaltyPaid } = state;
  state.penaltyDue += due;
  for (let j = 0; j < weights.length; j++) {
    const before = weights[j];
    if (before > 0) weights[j] = Math.max(0, before - (state.penaltyDue + penaltyPaid[j]));
    else if (before < 0) weights[j] = Math.min(0, before + (state.penaltyDue - penaltyPaid[j]));
    penaltyPaid[j] += weights[j] - before;
  }
}
