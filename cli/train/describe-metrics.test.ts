import { expect, test } from 'vitest';
import { describeMetrics } from './describe-metrics.ts';

const said = (mae: number): string =>
  describeMetrics(
    { mae, rmse: mae, r2: 0.5, rows: 10 },
    {
      metrics: {
        crossValidation: { mae, rmse: mae, r2: 0.5, rows: 10 },
        test: null,
        fallback: null,
      },
      target: { name: 'y', label: 'y', unit: 'min' },
    },
  );

test.each([
  [6.214, '6.21 min'],
  [0, '0.00 min'],
  [0.0001234, '0.000123 min'],
  [4.2e37, '4.2e+37 min'],
])('an error of %d is told as %s, whatever the size of the target', (mae, words) => {
  expect(said(mae)).toContain(`Mean absolute error ${words} (`);
});
