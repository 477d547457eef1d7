import fc from 'fast-check';
import { expect, test } from 'vitest';
import { regressionMetrics } from './regression.ts';

test('a small example by hand', () => {
  expect(regressionMetrics([1, 2, 3, 6], [1, 3, 3, 4])).toEqual({
    mae: 0.75,
    rmse: Math.sqrt(5 / 4),
    r2: 1 - 5 / 14,
    rows: 4,
  });
});

test('predicting the mean explains nothing, predicting the target explains all', () => {
  expect(regressionMetrics([1, 2, 3], [2, 2, 2]).r2).toBe(0);
  expect(regressionMetrics([1, 2, 3], [1, 2, 3])).toMatchObject({ mae: 0, rmse: 0, r2: 1 });
});

test('a constant target is explained wholly or not at all, as scikit-learn has it', () => {
  expect(regressionMetrics([4, 4], [4, 4]).r2).toBe(1);
  expect(regressionMetrics([4, 4], [4, 5]).r2).toBe(0);
});

test('the mean absolute error never exceeds the root mean square', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value), { minLength: 1 }), (pairs) => {
      const { mae, rmse } = regressionMetrics(
        pairs.map(([target]) => target),
        pairs.map(([, prediction]) => prediction),
      );
      expect(mae).toBeLessThanOrEqual(rmse * (1 + 1e-12) + 1e-150);
    }),
  );
});

test('no rows, or lists of two lengths, are a bug', () => {
  expect(() => regressionMetrics([], [])).toThrowError(/0 targets/);
  expect(() => regressionMetrics([1], [1, 2])).toThrowError(/1 targets, 2 predictions/);
});
