import { expect, test } from 'vitest';
import { probabilityMetrics } from './classifier-metrics.ts';
import { regressorMetrics } from './regressor-metrics.ts';

test('an interval does not reach beyond what its figure can be', () => {
  const brier = (probabilities: number[], labels: number[]) =>
    probabilityMetrics({ probabilities, labels }).find(({ name }) => name === 'brier')!;
  expect(brier([0.01, 0.02, 0.4], [0, 0, 0]).interval![0]).toBe(0);
  expect(brier([1, 0.99, 0.4], [0, 0, 0]).interval![1]).toBe(1);
  const figures = new Map(
    regressorMetrics([1, 2, 9], [1, 2, 3]).map(({ name, interval }) => [name, interval!]),
  );
  expect(figures.get('mae')![0]).toBe(0);
  expect(figures.get('r2')![1]).toBeLessThanOrEqual(1);
});
