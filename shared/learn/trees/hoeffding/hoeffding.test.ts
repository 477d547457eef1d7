import { expect, test } from 'vitest';
import { createRng } from '../../../core/rng.ts';
import { scoreTrees } from '../trees-estimator.ts';
import { fitHoeffding } from './fit-hoeffding.ts';
import { toTrees } from './hoeffding-to-trees.ts';
import { learnRows } from './learn-rows.ts';
import { startHoeffdingForest } from './start-hoeffding.ts';

const rng = createRng(1);
const rows = 4000;
const matrix = {
  rows,
  names: ['x', 'noise'],
  data: Float32Array.from({ length: rows * 2 }, () => (rng() < 0.02 ? Number.NaN : rng())),
  categories: [],
};
const classes = Float64Array.from({ length: rows }, (_, row) =>
  matrix.data[2 * row] > 0.3 && matrix.data[2 * row] <= 0.8 ? 1 : 0,
);
const OPTIONS = { gracePeriod: 200, delta: 1e-7, tau: 0.05, maxFeatures: 2 };
const PARAMETERS = { ...OPTIONS, maxFeatures: 1, passes: 1 };

const part = (from: number, to: number) => ({
  matrix: { ...matrix, rows: to - from, data: matrix.data.subarray(2 * from, 2 * to) },
  target: classes.subarray(from, to),
  weights: null,
});

test('one pass over the rows finds the column that matters', () => {
  const forest = startHoeffdingForest({ matrix }, { classes: 2, trees: 1, maxFeatures: 2, rng });
  learnRows(forest, part(0, rows), { options: OPTIONS, rng });
  const tree = toTrees(forest);
  expect([...tree.feature]).not.toContain(1);
  const shares = scoreTrees(tree, matrix);
  let wrong = 0;
  for (let row = 0; row < rows; row++)
    if (Number(shares[2 * row + 1] > 0.5) !== classes[row]) wrong++;
  expect(wrong / rows).toBeLessThan(0.06);
});

test('learning goes on from a stored forest as if it had never stopped', () => {
  const learn = (ends: number[], store: <T>(value: T) => T) => {
    const draws = createRng(7);
    const size = { classes: 2, trees: 3, maxFeatures: 1, rng: draws };
    let forest = startHoeffdingForest({ matrix }, size);
    ends.forEach((end, i) => {
      const options = { ...OPTIONS, maxFeatures: 1 };
      learnRows(forest, part(ends[i - 1] ?? 0, end), { options, rng: draws });
      forest = store(forest);
    });
    return toTrees(forest);
  };
  const stored = learn([500, 1700, rows], structuredClone);
  expect(stored).toEqual(learn([rows], (forest) => forest));
});

test('a regression splits where the means differ', () => {
  const target = Float64Array.from(classes, (k) => 100 + 10 * k);
  const data = { task: 'regression', matrix, target, classes: 0, weights: null } as const;
  const predicted = scoreTrees(fitHoeffding(data, PARAMETERS, { rng: createRng(1) }), matrix);
  const squares = target.reduce((sum, y, i) => sum + (y - predicted[i]) ** 2, 0);
  expect(Math.sqrt(squares / rows)).toBeLessThan(2.5);
});

test('what cannot be told apart is not split', () => {
  const coin = createRng(4);
  const target = Float64Array.from({ length: rows }, () => (coin() < 0.5 ? 1 : 0));
  const data = { task: 'binary', matrix, target, classes: 2, weights: null } as const;
  const strict = { ...PARAMETERS, tau: 0 };
  expect(fitHoeffding(data, strict, { rng: createRng(1) }).feature).toHaveLength(1);
});

test('a third class and rows of weight 0 are no trouble', () => {
  const target = classes.map((k, row) => (row % 7 === 0 ? 2 : k));
  const weights = target.map((k) => (k === 2 ? 0 : 1));
  const data = { task: 'multiclass', matrix, target, classes: 3, weights } as const;
  const parameters = { ...PARAMETERS, nEstimators: 4 };
  const shares = scoreTrees(fitHoeffding(data, parameters, { rng: createRng(1) }), matrix);
  expect(shares.filter((_, i) => i % 3 === 2).every((share) => share === 0)).toBe(true);
  expect(shares[0] + shares[1]).toBeCloseTo(1, 5);
});
