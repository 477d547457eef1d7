import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { createDealer } from './dealer.ts';
import { averagePathLength, fitIsolationForest } from './isolation-forest.ts';

const rng = createRng(1);
const rows = 400;
const matrix = {
  rows,
  names: ['a', 'b', 'c'],
  data: Float32Array.from({ length: rows * 3 }, () => normal(rng)),
  categories: [],
};
const data = { task: 'anomaly', matrix, target: new Float64Array(0), classes: 0 } as const;
const parameters = { nEstimators: 100, maxSamples: 128, maxFeatures: 1 };

const rowsOf = (...given: number[][]) => ({
  ...matrix,
  rows: given.length,
  data: Float32Array.from(given.flat()),
});

test('the further out, the stranger, up to 1 and never 0', () => {
  const forest = fitIsolationForest({ ...data, weights: null }, parameters, { rng: createRng(2) });
  const [middle, edge, far] = scoreTrees(forest, rowsOf([0, 0, 0], [2, -2, 1], [6, 6, -6]));
  expect(middle).toBeLessThan(0.5);
  expect(edge).toBeGreaterThan(middle);
  expect(far).toBeGreaterThan(edge);
  expect(far).toBeLessThanOrEqual(1);
  // scikit-learn 1.2.1's score of such a row, ten seeds: .717 to .745.
  expect(Math.abs(far - 0.731)).toBeLessThan(0.03);
});

test('rows of weight 0 are never sampled', () => {
  const weights = new Float64Array(rows).fill(1, 0, 3);
  const forest = fitIsolationForest({ ...data, weights }, parameters, { rng: createRng(2) });
  expect(Math.max(...forest.cover!)).toBe(3);
});

test('rows that are all alike are all a half as strange as can be told', () => {
  const alike = { ...matrix, data: new Float32Array(rows * 3).fill(2) };
  const same = { ...data, matrix: alike, weights: null };
  const forest = fitIsolationForest(same, parameters, { rng: createRng(2) });
  expect(scoreTrees(forest, rowsOf([2, 2, 2], [9, 9, 9]))[1]).toBeCloseTo(0.5, 5);
});

test('a path among n rows is as long as the definition says', () => {
  expect(averagePathLength(1)).toBe(0);
  expect(averagePathLength(2)).toBe(1);
  // scikit-learn 1.2.1, _average_path_length.
  expect(averagePathLength(5)).toBeCloseTo(2.32702, 6);
  expect(averagePathLength(999)).toBeCloseTo(12.9679399, 6);
});

test('cards are dealt equally often', () => {
  const deal = createDealer(Int32Array.from([0, 1, 2, 3, 4, 5]), createRng(1));
  const dealt = [0, 0, 0, 0, 0, 0];
  for (let hand = 0; hand < 30; hand++) for (const card of deal(2)) dealt[card]++;
  expect(dealt).toEqual([10, 10, 10, 10, 10, 10]);
});
