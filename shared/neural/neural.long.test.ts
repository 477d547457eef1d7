import '@tensorflow/tfjs-backend-wasm';
import {
  add,
  matMul,
  memory,
  mul,
  setBackend,
  type Tensor2D,
  tanh,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRng, normal } from '../core/rng.ts';
import type { LearningData } from '../learn/algorithm.ts';
import { scoreNetwork } from '../learn/network/network-estimator.ts';
import type { Parameters } from '../learn/search/space.ts';
import { lossAndGradient, type Objective } from './backpropagation.ts';
import { standardise } from './batch-norm.ts';
import { batchOf, dropoutMask } from './batches.ts';
import { fitNeural } from './fit-neural.ts';
import { foldLayers, scoreFolded } from './fold-layers.ts';
import { createNetwork, disposeNetwork, type NetworkShape, unknownsByLayer } from './network.ts';
import { NEURAL_DEFAULTS } from './parameters.ts';
import type { Pass } from './train.ts';

beforeAll(async () => {
  await setBackend('wasm');
});

const PLAIN = { ...NEURAL_DEFAULTS, maxIter: 40, l2: 1e-5, earlyStopping: false };

const learn = (data: LearningData, parameters: Parameters, seed = 1) =>
  fitNeural(data, { ...PLAIN, ...parameters }, { rng: createRng(seed) });

const SMALL = { hiddenLayers: 1, hiddenUnits: 16, batchSize: 40, learningRateInit: 0.05 };

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

const CASES: [Objective['loss'], NetworkShape['activation'], boolean, number][] = [
  ['squared_error', 'tanh', true, 0],
  ['huber', 'elu', false, 0],
  ['absolute_error', 'logistic', true, 0],
  ['logistic', 'relu', false, 2],
  ['softmax', 'elu', true, 3],
];

test.each(CASES)(
  'the gradient of %s behind %s (normalised: %s) is that of finite differences',
  (loss, activation, batchNormalization, classes) => {
    const rng = createRng(4);
    const rows = 8;
    const matrix = {
      ...{ rows, names: ['a', 'b', 'c'], categories: [] },
      data: Float32Array.from({ length: 3 * rows }, () => normal(rng)),
    };
    const data: LearningData = {
      ...{ task: 'regression', matrix, classes },
      target: Float64Array.from({ length: rows }, (_, row) =>
        classes > 0 ? row % classes : 2 * normal(rng),
      ),
      weights: Float64Array.of(1, 2, 0.5, 1, 1, 3, 1, 1),
    };
    const sizes = [3, 5, 4, Math.max(1, classes === 2 ? 1 : classes)];
    const network = createNetwork({ sizes, activation, batchNormalization }, createRng(5));
    const objective = { loss, l1: 0.02, l2: 0.05 };
    const all = Uint32Array.from({ length: rows }, (_, row) => row);
    const evaluate = () =>
      tidy(() => {
        const maskRng = createRng(6);
        const masks = [5, 4].map((units) => dropoutMask([rows, units], 0.25, maskRng));
        const found = lossAndGradient(network, objective, { batch: batchOf(data, all), masks });
        const [value] = found.value.dataSync();
        return { value, gradient: Float32Array.from(found.gradient.dataSync()) };
      });
    const { gradient } = evaluate();
    const start = Float32Array.from(network.unknowns.dataSync());
    expect(gradient).toHaveLength(start.length);
    const valueAt = (step: number, direction: Float32Array) => {
      const moved = start.map((value, i) => value + step * direction[i]);
      tidy(() => {
        network.unknowns.assign(tensor1d(moved));
      });
      return evaluate().value;
    };
    for (let trial = 0; trial < 12; trial++) {
      const direction = start.map(() => (rng() < 0.7 ? 0 : rng() < 0.5 ? -1 : 1));
      const difference = (valueAt(1e-3, direction) - valueAt(-1e-3, direction)) / 2e-3;
      const slope = gradient.reduce((sum, each, i) => sum + each * direction[i], 0);
      expect(Math.abs(slope - difference)).toBeLessThan(5e-3 * Math.max(1, Math.abs(slope)));
    }
    disposeNetwork(network);
  },
);

test.each<[string, Parameters]>([
  ['as they come', {}],
  ['normalised', { batchNormalization: true }],
  ['with dropout', { dropout: 0.2, hiddenUnits: 24 }],
  ['by elu and early stopping', { activation: 'elu', earlyStopping: true }],
  ['by descent', { solver: 'sgd', learningRateInit: 0.1, learningRate: 'constant' }],
])('crossed signs are learnt %s', (_, parameters) => {
  const data = crossed(200);
  const fitted = learn(data, { ...SMALL, maxIter: 30, ...parameters });
  const shares = scoreNetwork(fitted, data.matrix);
  const right = Array.from(data.target).filter((code, row) => shares[2 * row + code] > 0.5).length;
  expect(right / 200).toBeGreaterThan(0.9);
});

test('three classes are told apart, with probabilities that sum to 1', () => {
  const { matrix } = crossed(240);
  const target = Float64Array.from({ length: 240 }, (_, row) =>
    matrix.data[2 * row] < -0.3 ? 0 : matrix.data[2 * row] < 0.3 ? 1 : 2,
  );
  const data: LearningData = { task: 'multiclass', matrix, target, classes: 3, weights: null };
  const shares = scoreNetwork(learn(data, SMALL), matrix);
  let right = 0;
  for (let row = 0; row < 240; row++) {
    const own = shares.subarray(3 * row, 3 * row + 3);
    expect(own[0] + own[1] + own[2]).toBeCloseTo(1, 5);
    if (own[target[row]] === Math.max(...own)) right += 1;
  }
  expect(right / 240).toBeGreaterThan(0.95);
});

/** A slope of 1e5 about a million, every tenth row far off. */
function withOutliers(): { data: LearningData; truth: Float64Array } {
  const { matrix } = crossed(200);
  const truth = Float64Array.from({ length: 200 }, (_, row) => 1e6 + 1e5 * matrix.data[2 * row]);
  const target = truth.map((value, row) => (row % 10 === 0 ? value + 2e6 : value));
  return { data: { task: 'regression', matrix, target, classes: 0, weights: null }, truth };
}

test('robust losses are not drawn away by outliers, and answer in target units', () => {
  const { data, truth } = withOutliers();
  const errorOf = (loss: string) => {
    const found = scoreNetwork(learn(data, { ...SMALL, loss, maxIter: 30 }), data.matrix);
    return found.reduce((sum, value, row) => sum + Math.abs(value - truth[row]), 0) / 200;
  };
  const squared = errorOf('squared_error');
  expect(squared).toBeGreaterThan(1e5);
  expect(errorOf('absolute_error')).toBeLessThan(squared / 3);
  expect(errorOf('huber')).toBeLessThan(0.9 * squared);
});

test('a folded network scores as its layers do with the moments they followed', () => {
  const data = crossed(40);
  const shape = { sizes: [2, 6, 1], activation: 'tanh', batchNormalization: true } as const;
  const network = createNetwork(shape, createRng(8));
  const rows = Uint32Array.from({ length: 40 }, (_, row) => row);
  const objective = { loss: 'logistic', l1: 0, l2: 0 } as const;
  // Always the same batch: its moments are those that are followed.
  for (let step = 0; step < 3; step++)
    tidy(() => lossAndGradient(network, objective, { batch: batchOf(data, rows), masks: [] }));
  const own = tidy(() => {
    const [first, second] = unknownsByLayer(network);
    const { values } = standardise(matMul(batchOf(data, rows).inputs, first.weights));
    const hidden = tanh(add(mul(values, first.factors!), first.biases)) as Tensor2D;
    return add(matMul(hidden, second.weights), second.biases).dataSync();
  });
  const folded = foldLayers(network);
  const scores = tidy(() => scoreFolded(folded, 'tanh', batchOf(data, rows).inputs).dataSync());
  scores.forEach((score, row) => {
    expect(score).toBeCloseTo(own[row], 5);
  });
  disposeNetwork(network);
});

test('the same seed gives the same model, and nothing stays in the backend', () => {
  const data = crossed(90);
  const parameters = { dropout: 0.3, batchNormalization: true, maxIter: 5, earlyStopping: true };
  const first = learn(data, parameters);
  const before = memory().numTensors;
  expect(learn(data, parameters)).toEqual(first);
  expect(memory().numTensors).toBe(before);
  expect(learn(data, parameters, 2)).not.toEqual(first);
});

test('rows of weight 0 are not learnt, and balanced classes weigh the same', () => {
  const data = crossed(120);
  const weights = Float64Array.from(data.target, (_, row) => (row < 60 ? 1 : 0));
  const spoilt = data.target.map((code, row) => (row < 60 ? code : 1 - code));
  const train = (target: Float64Array) => learn({ ...data, target, weights }, { maxIter: 4 });
  expect(train(spoilt)).toEqual(train(data.target));
  const rare = { ...data, target: data.target.map((_, row) => (row % 20 === 0 ? 1 : 0)) };
  const meanShare = (classWeight: string) => {
    const shares = scoreNetwork(learn(rare, { maxIter: 20, classWeight }), rare.matrix);
    return shares.reduce((sum, share, i) => sum + (i % 2) * share, 0) / 120;
  };
  expect(meanShare('none')).toBeLessThan(0.2);
  expect(meanShare('balanced')).toBeGreaterThan(0.3);
});

test('early stopping returns the pass with the lowest loss of the rows kept apart', () => {
  const data = crossed(100);
  const noisy = {
    ...data,
    target: data.target.map((code, row) => (row % 3 === 0 ? 1 - code : code)),
  };
  const passes: Pass[] = [];
  const parameters = { ...PLAIN, ...SMALL, hiddenUnits: 48, nIterNoChange: 3 };
  fitNeural(
    noisy,
    { ...parameters, earlyStopping: true, validationFraction: 0.3, maxIter: 200 },
    { rng: createRng(1), onPass: (pass) => passes.push(pass) },
  );
  const losses = passes.map(({ heldLoss }) => heldLoss!);
  expect(passes.length).toBeLessThan(200);
  expect(losses.indexOf(Math.min(...losses))).toBeGreaterThanOrEqual(passes.length - 5);
});

test('when time is up there is a model already', () => {
  const passes: Pass[] = [];
  const fitted = fitNeural(
    crossed(90),
    { ...PLAIN, batchSize: 10 },
    { rng: createRng(1), isTimeUp: () => true, onPass: (pass) => passes.push(pass) },
  );
  expect(passes).toHaveLength(1);
  expect(scoreNetwork(fitted, crossed(90).matrix).every(Number.isFinite)).toBe(true);
});

test.each([2, 1e6])('a training that diverges says so and gives no model (rate %d)', (rate) => {
  const { data } = withOutliers();
  const wild = { ...SMALL, solver: 'sgd', learningRate: 'constant', momentum: 0.99 };
  expect(() => learn(data, { ...wild, learningRateInit: rate })).toThrow('lower learningRateInit');
});

test('a choice that does not exist is refused by name', () => {
  expect(() => learn(crossed(20), { activation: 'swish' })).toThrow('swish is none of relu, tanh');
});
