import {
  abs,
  add,
  clipByValue,
  exp,
  log1p,
  logSoftmax,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  sigmoid,
  sign,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { RegressionLoss } from './parameters.ts';

export type NeuralLoss = RegressionLoss | 'logistic' | 'softmax';

/**
 * What scores [rows, outputs] are held against. Target: [rows, 1] numbers or codes 0 and 1; for
 * `softmax` [rows, classes], 1 at the class. Squared error is halved; Huber's bends at a distance of 1.
 */
type Loss = {
  /** By row: [rows, 1]. */
  value: (scores: Tensor2D, target: Tensor2D) => Tensor;
  /** By score: [rows, outputs]. */
  slope: (scores: Tensor2D, target: Tensor2D) => Tensor;
};

export const LOSSES: Record<NeuralLoss, Loss> = {
  squared_error: {
    value: (scores, target) => mul(square(sub(scores, target)), 0.5),
    slope: sub,
  },
  absolute_error: {
    value: (scores, target) => abs(sub(scores, target)),
    slope: (scores, target) => sign(sub(scores, target)),
  },
  huber: {
    value: (scores, target) => bent(abs(sub(scores, target))),
    slope: (scores, target) => clipByValue(sub(scores, target), -1, 1),
  },
  logistic: {
    // log(1 + e^score) - target score, without the overflow.
    value: (scores, target) =>
      add(sub(relu(scores), mul(scores, target)), log1p(exp(neg(abs(scores))))),
    slope: (scores, target) => sub(sigmoid(scores), target),
  },
  softmax: {
    value: (scores, target) => neg(sum(mul(logSoftmax(scores), target), 1, true)),
    slope: (scores, target) => sub(softmax(scores), target),
  },
};

function bent(distance: Tensor): Tensor {
  const near = minimum(distance, 1);
  return add(mul(square(near), 0.5), sub(maximum(distance, 1), 1));
}
