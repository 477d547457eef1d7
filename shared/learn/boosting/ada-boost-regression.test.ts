import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import { scoreMedian } from '../trees/median-estimator.ts';
import { TREE_DEFAULTS } from '../trees/tree-parameters.ts';
import { fitAdaBoostRegression } from './ada-boost-regression.ts';

const PARAMETERS = {
  ...TREE_DEFAULTS,
  ...{ nEstimators: 30, learningRate: 1, loss: 'linear', maxDepth: 3 },
};

function madeData(rows: number, seed: number, noise = 0.1): LearningData {
  const rng = createRng(seed);
  const data = Float32Array.from({ length: 2 * rows }, () => 6 * rng());
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const [a, b] = data.subarray(2 * row, 2 * row + 2);
    return Math.abs(a - 3) + (b > 2 ? 1 : 0) + noise * normal(rng);
  });
  const matrix = { rows, names: ['a', 'b'], data, categories: [] };
  return { task: 'regression', matrix, target, classes: 0, weights: null };
}

const boosted = (data: LearningData, given = {}) =>
  fitAdaBoostRegression(data, { ...PARAMETERS, ...given }, { rng: createRng(1) });

function errorOf(data: LearningData, predictions: Float32Array): number {
  const squares = predictions.reduce((sum, y, row) => sum + (y - data.target[row]) ** 2, 0);
  return Math.sqrt(squares / predictions.length);
}

test('trees that each see what the last missed do better together than one', () => {
  const data = madeData(400, 1);
  const fresh = madeData(200, 2);
  const errorBy = (nEstimators: number) =>
    errorOf(fresh, scoreMedian(boosted(data, { nEstimators }), fresh.matrix));
  expect(errorBy(30)).toBeLessThan(0.7 * errorBy(1));
});

test('each loss ends in trees of positive worth', () => {
  for (const loss of ['linear', 'square', 'exponential']) {
    const { worths } = boosted(madeData(200, 3), { loss });
    expect(worths.length).toBeGreaterThan(5);
    expect(worths.every((worth) => worth > 0)).toBe(true);
  }
});

test('a tree without an error ends it', () => {
  const data = madeData(100, 4, 0);
  const target = data.target.map((_, row) => (data.matrix.data[2 * row] > 3 ? 1 : 0));
  const model = boosted({ ...data, target });
  expect(model.worths.length).toBeLessThan(30);
  expect([...scoreMedian(model, data.matrix)]).toEqual([...target]);
});

test('a row of weight 0 has no say', () => {
  const data = madeData(120, 5);
  const weights = new Float64Array(120).fill(1).fill(0, 100);
  const spoilt = { ...data, target: data.target.map((y, row) => (row < 100 ? y : 1e6)), weights };
  expect(boosted(spoilt)).toEqual(boosted({ ...data, weights }));
});

test('a target that no input tells of is answered by its tree alone', () => {
  const data = madeData(60, 6);
  const blank = { ...data, matrix: { ...data.matrix, data: new Float32Array(120) } };
  const predictions = scoreMedian(boosted(blank), blank.matrix);
  expect(new Set(predictions).size).toBe(1);
  expect(Math.abs(predictions[0] - 2)).toBeLessThan(1);
});
