import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pinballLoss, poissonDeviance, regressionReport } from './regression-report.ts';

const TRUTH = [3, -0.5, 2, 7, 4.2, 1];
const PREDICTION = [2.5, 0, 2.1, 8, 3.9, 1];

test('every figure is what scikit-learn 1.2.1 prints', () => {
  const expected = {
    rmse: 0.5163977794943222,
    mae: 0.4,
    r2: 0.9534996367159119,
    mape: 0.2384920634920635,
    median_ae: 0.4,
    max_error: 1,
    explained_variance: 0.956599660934851,
    bias: 0.1333333333333333,
  };
  const report = regressionReport(TRUTH, PREDICTION);
  for (const name of Object.keys(expected) as (keyof typeof expected)[])
    expect([name, report[name]]).toEqual([name, expect.closeTo(expected[name], 12)]);
  expect(report.poisson_deviance).toBeNull();
  expect(pinballLoss(TRUTH, PREDICTION, 0.9)).toBeCloseTo(0.1466666666666667, 14);
  expect(pinballLoss(TRUTH, PREDICTION, 0.1)).toBeCloseTo(0.25333333333333335, 14);
  expect(poissonDeviance([0, 2, 3, 1], [0.5, 1.5, 4, 1])).toBeCloseTo(0.3561589637741094, 14);
});

test('the constant of least pinball loss is the quantile', () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  const lossAt = (constant: number) =>
    pinballLoss(
      values,
      values.map(() => constant),
      0.8,
    ) ?? 0;
  for (const other of [0, 50, 79, 81, 100]) expect(lossAt(80)).toBeLessThan(lossAt(other));
});

test('moving all predictions moves the bias and leaves the explained variance', () => {
  const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 3, maxLength: 20 }), value, (truth, by) => {
      const prediction = truth.map((target, row) => target + (row % 3));
      const report = regressionReport(truth, prediction);
      const moved = regressionReport(
        truth,
        prediction.map((one) => one + by),
      );
      expect((moved.bias ?? 0) - (report.bias ?? 0)).toBeCloseTo(by, 6);
      fc.pre((report.explained_variance ?? -1e9) > -1e3);
      expect(moved.explained_variance).toBeCloseTo(report.explained_variance ?? 0, 6);
    }),
  );
});

test('what is not defined is null, never NaN', () => {
  expect(regressionReport([], [])).toMatchObject({ rows: 0, rmse: null, median_ae: null });
  expect(regressionReport([1, 2], [Number.NaN, Number.POSITIVE_INFINITY])).toMatchObject({
    ...{ invalid: 2, rmse: null, r2: null },
  });
  expect(regressionReport([0, 2], [1, 2])).toMatchObject({ mape: null, mae: 0.5 });
  expect(regressionReport([4, 4], [5, 5])).toMatchObject({ r2: 0, explained_variance: 1 });
});
