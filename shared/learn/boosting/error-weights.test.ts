import { expect, test } from 'vitest';
import { type ErrorLoss, reweighErrors } from './error-weights.ts';

/** Of a regressor that always says 3 about 1, 2, 2.5, 3, 4, 3.5 and 9. */
const ERRORS = Float64Array.of(2, 1, 0.5, 0, 1, 0.5, 6);

/** scikit-learn 1.2.1, AdaBoostRegressor of that regressor: `_boost` once, and `estimator_weights_`. */
const GOLDEN: [ErrorLoss, number[], number[]][] = [
  [
    'linear',
    [0.72526435, 0.43655269, 0.24014752, 0.12600198],
    [0.14603586, 0.12940859, 0.12181897, 0.11467447, 0.12940859, 0.12181897, 0.23683454],
  ],
  [
    'square',
    [1.11665376, 0.43038861, 0.15231265, 0.05280663],
    [0.12218699, 0.11132993, 0.10876988, 0.10792969, 0.11132993, 0.10876988, 0.3296837],
  ],
  [
    'exponential',
    [0.98137196, 0.80719336, 0.65401259, 0.52747545],
    [0.15235571, 0.13411375, 0.12477298, 0.11535678, 0.13411375, 0.12477298, 0.21451404],
  ],
];

test.each(GOLDEN)('%s losses weigh trees and rows as scikit-learn does', (loss, worths, first) => {
  let weights = new Float64Array(7).fill(1 / 7);
  const given = { loss, learningRate: 0.7 };
  const once = reweighErrors(ERRORS, weights, given);
  first.forEach((weight, row) => {
    expect(once.weights[row]).toBeCloseTo(weight, 7);
  });
  for (const worth of worths) {
    const next = reweighErrors(ERRORS, weights, given);
    expect(next.worth).toBeCloseTo(worth, 7);
    weights = Float64Array.from(next.weights);
  }
});

test('a row of no weight is not looked at, however far the regressor is from it', () => {
  const weights = Float64Array.of(0.25, 0.25, 0.25, 0.25, 0, 0, 0);
  const given = { loss: 'linear', learningRate: 1 } as const;
  const near = reweighErrors(ERRORS, weights, given);
  const far = reweighErrors(ERRORS.with(6, 1e9), weights, given);
  expect(far).toEqual(near);
  expect(far.weights[6]).toBe(0);
});

test('a regressor without an error leaves the weights as they are', () => {
  const weights = Float64Array.of(0.5, 0.5);
  const given = { loss: 'square', learningRate: 1 } as const;
  const next = reweighErrors(Float64Array.of(0, 0), weights, given);
  expect(next).toEqual({ loss: 0, worth: 1, weights });
});
