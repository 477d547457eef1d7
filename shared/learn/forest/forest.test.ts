import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { FOREST_ALGORITHMS } from './algorithms.ts';
import { bootstrapCounts, subsampleCounts } from './bootstrap.ts';

/** Friedman's first function (1991) of ten columns, five of which matter. */
function friedman(rows: number, seed: number) {
  const rng = createRng(seed);
  const data = Float32Array.from({ length: rows * 10 }, rng);
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const [a, b, c, d, e] = data.subarray(row * 10, row * 10 + 5);
    return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;
  });
  const names = Array.from({ length: 10 }, (_, column) => `x${column}`);
  return { matrix: { rows, names, data, categories: [] }, target };
}

const training = friedman(300, 1);
const fresh = friedman(300, 2);
const regressions = FOREST_ALGORITHMS.filter(({ tasks }) => tasks.includes('regression'));
const classifiers = FOREST_ALGORITHMS.filter(({ tasks }) => tasks.includes('binary'));

test.each(regressions.map((algorithm) => [algorithm.name, algorithm] as const))(
  '%s explains most of what it has not seen',
  (_, algorithm) => {
    const data = { task: 'regression', ...training, classes: 0, weights: null } as const;
    const options = { rng: createRng(1) };
    const predicted = scoreTrees(
      algorithm.fit(data, { ...algorithm.defaults, nEstimators: 30 }, options) as never,
      fresh.matrix,
    );
    const mean = fresh.target.reduce((sum, y) => sum + y, 0) / 300;
    let rest = 0;
    let all = 0;
    fresh.target.forEach((y, i) => {
      rest += (y - predicted[i]) ** 2;
      all += (y - mean) ** 2;
    });
    expect(1 - rest / all).toBeGreaterThan(0.7);
  },
);

test.each(classifiers.map((algorithm) => [algorithm.name, algorithm] as const))(
  '%s gives shares that never leave [0, 1], whatever the number of trees',
  (_, algorithm) => {
    const target = training.target.map((y) => (y > 14 ? 1 : 0));
    const data = { task: 'binary', ...training, target, classes: 2, weights: null } as const;
    for (const nEstimators of [1, 3, 7, 41]) {
      const options = { rng: createRng(1) };
      const forest = algorithm.fit(
        data,
        { ...algorithm.defaults, nEstimators, maxDepth: 3 },
        options,
      );
      const shares = scoreTrees(forest as never, fresh.matrix);
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    }
  },
);

test('a forest stops where time is up and still averages', () => {
  const [algorithm] = regressions;
  const data = { task: 'regression', ...training, classes: 0, weights: null } as const;
  let asked = 0;
  const forest = algorithm.fit(data, algorithm.defaults, {
    rng: createRng(1),
    isTimeUp: () => ++asked === 4,
  });
  if (forest.type !== 'trees') throw new Error('expected trees');
  expect(forest.roots).toHaveLength(4);
  expect(Math.max(...scoreTrees(forest, fresh.matrix))).toBeLessThan(30);
});

test('a bootstrap draws as many rows as asked, a subsample each at most once', () => {
  const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  expect(sum(bootstrapCounts(50, 80, createRng(1)))).toBe(80);
  const subsample = subsampleCounts(50, 20, createRng(1));
  expect(sum(subsample)).toBe(20);
  expect(Math.max(...subsample)).toBe(1);
  expect(sum(subsampleCounts(5, 5, createRng(1)))).toBe(5);
});
