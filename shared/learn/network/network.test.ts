import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import { NETWORK_ALGORITHMS } from './algorithms.ts';
import { countUnknowns, lossAndGradient, type NetworkShape } from './backpropagation.ts';
import { fitNetwork } from './fit-network.ts';
import { scoreNetwork } from './network-estimator.ts';
import { createAdam } from './train-network.ts';

const [{ defaults }] = NETWORK_ALGORITHMS;

const SHAPES: [NetworkShape['loss'], NetworkShape['activation'], number][] = [
  ['squared', 'tanh', 1],
  ['logistic', 'logistic', 1],
  ['softmax', 'tanh', 3],
  ['squared', 'relu', 1],
  ['logistic', 'elu', 1],
];

test.each(SHAPES)(
  'the gradient of a %s loss behind %s is that of finite differences',
  (loss, activation, outputs) => {
    const rng = createRng(2);
    const sizes = [3, 5, 4, outputs];
    const shape = { sizes, activation, loss, alpha: 0.3 };
    const unknowns = Float64Array.from({ length: countUnknowns(sizes) }, () => 0.6 * normal(rng));
    const batch = {
      rows: 6,
      inputs: Float64Array.from({ length: 18 }, () => normal(rng)),
      target: Float64Array.from({ length: 6 }, (_, r) => (loss === 'softmax' ? r % 3 : r % 2)),
      weights: Float64Array.of(1, 2, 0.5, 1, 1, 3),
    };
    const gradient = new Float64Array(unknowns.length);
    lossAndGradient(shape, unknowns, { batch, gradient });
    const scratch = new Float64Array(unknowns.length);
    const valueAt = (i: number, step: number) => {
      const moved = unknowns.slice();
      moved[i] += step;
      return lossAndGradient(shape, moved, { batch, gradient: scratch });
    };
    gradient.forEach((slope, i) => {
      const difference = (valueAt(i, 1e-5) - valueAt(i, -1e-5)) / 2e-5;
      expect(Math.abs(slope - difference)).toBeLessThan(1e-7);
    });
  },
);

test('the first step of Adam is the learning rate, whatever the gradient’s size', () => {
  const unknowns = Float64Array.of(1, 1, 1);
  createAdam(3, 0.01)(unknowns, Float64Array.of(0.5, -5, 1e3));
  expect(unknowns[0]).toBeCloseTo(0.99, 6);
  expect(unknowns[1]).toBeCloseTo(1.01, 6);
  expect(unknowns[2]).toBeCloseTo(0.99, 6);
});

/** Class 1 where the signs of two columns differ: no linear model tells them apart. */
function crossed(rows: number): LearningData {
  const rng = createRng(3);
  const data = Float32Array.from({ length: 2 * rows }, () => 2 * rng() - 1);
  const matrix = { rows, names: ['a', 'b'], data, categories: [] };
  const target = Float64Array.from({ length: rows }, (_, row) =>
    data[2 * row] * data[2 * row + 1] < 0 ? 1 : 0,
  );
  return { task: 'binary', matrix, target, classes: 2, weights: null };
}

test.each([false, true])('crossed signs are learnt (early stopping: %s)', (earlyStopping) => {
  const data = crossed(300);
  const parameters = { ...defaults, hiddenUnits: 16, learningRateInit: 0.02, earlyStopping };
  const fitted = fitNetwork(data, parameters, { rng: createRng(1) });
  const shares = scoreNetwork(fitted, data.matrix);
  const right = Array.from(data.target).filter((code, row) => shares[2 * row + code] > 0.5).length;
  expect(right / 300).toBeGreaterThan(0.95);
});

test('a regression answers in target units, however large', () => {
  const { matrix } = crossed(200);
  const target = Float64Array.from(
    { length: 200 },
    (_, row) => 1e6 + 1e5 * Math.abs(matrix.data[2 * row]),
  );
  const data: LearningData = { task: 'regression', matrix, target, classes: 0, weights: null };
  const parameters = { ...defaults, hiddenUnits: 16, learningRateInit: 0.02 };
  const found = scoreNetwork(fitNetwork(data, parameters, { rng: createRng(1) }), matrix);
  const error = found.reduce((sum, value, row) => sum + Math.abs(value - target[row]), 0) / 200;
  expect(error).toBeLessThan(5e3);
});

test('rows of weight 0 are not learnt', () => {
  const data = crossed(120);
  const weights = Float64Array.from(data.target, (_, row) => (row < 60 ? 1 : 0));
  const spoilt = data.target.map((code, row) => (row < 60 ? code : 1 - code));
  const parameters = { ...defaults, hiddenUnits: 8, maxIter: 20 };
  const train = (target: Float64Array) =>
    fitNetwork({ ...data, target, weights }, parameters, { rng: createRng(1) });
  expect(train(spoilt)).toEqual(train(data.target));
});
