import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { fitForest } from '../forest/forest.ts';
import { TREE_DEFAULTS } from './tree-parameters.ts';
import { scoreTrees, treesOfOutput } from './trees-estimator.ts';

const rng = createRng(5);
const rows = 301;
const data = Float32Array.from({ length: rows * 4 }, () => (rng() < 0.05 ? Number.NaN : rng()));
const matrix = { rows, names: ['a', 'b', 'c', 'd'], data, categories: [] };
const target = Float64Array.from({ length: rows }, () => Math.floor(3 * rng()));
const forest = fitForest(
  { task: 'multiclass', matrix, target, classes: 3, weights: null },
  { ...TREE_DEFAULTS, nEstimators: 5, bootstrap: true, maxFeatures: 'sqrt', criterion: 'gini' },
  { rng },
);

test('a leaf for all outputs adds what a walk for each output would', () => {
  const scores = scoreTrees(forest, matrix);
  for (let k = 0; k < 3; k++) {
    const one = { ...forest, ...treesOfOutput(forest, k), outputs: 1, base: new Float32Array(1) };
    const sums = scoreTrees({ ...one, treeOutput: null }, matrix);
    expect(scores.filter((_, i) => i % 3 === k)).toEqual(sums);
  }
});

test('a few rows are answered without a plan as they are among many', () => {
  const wide = { ...forest, treeOutput: null };
  const all = scoreTrees(wide, matrix);
  for (const row of [0, 7, 300]) {
    const own = { ...matrix, rows: 1, data: data.subarray(row * 4, row * 4 + 4) };
    expect(scoreTrees(wide, own)).toEqual(all.subarray(row * 3, row * 3 + 3));
  }
  const { roots, feature } = forest;
  expect(16 * roots.length).toBeLessThan(feature.length);
});

test('no rows give no scores', () => {
  expect(scoreTrees(forest, { ...matrix, rows: 0, data: new Float32Array(0) })).toHaveLength(0);
});
