import { type Metric, meanMetric, normalInterval, within } from './metric.ts';

/**
 * Mean absolute error, root mean squared error, r2 and bias (mean of truth - prediction) with intervals.
 *
 * Intervals: means by their standard error; RMSE by the delta method from that of the mean square; r2 by its
 * influence function. A constant truth has no r2.
 * @returns [] without rows
 * Reference: scikit-learn 1.2 metrics of the same names.
 */
export function regressorMetrics(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  alpha = 0.05,
): Metric[] {
  const n = truth.length;
  const errors = Float64Array.from(truth, (value, i) => value - prediction[i]);
  const squares = errors.map((error) => error * error);
  const lower = 'lower' as const;
  const square = meanMetric({ name: 'rmse', better: lower }, squares, alpha);
  if (!square) return [];
  const root = Math.sqrt(square.value);
  const rootError =
    root > 0 && square.standardError !== null ? square.standardError / (2 * root) : null;
  const metrics = [
    within(meanMetric({ name: 'mae', better: lower }, errors.map(Math.abs), alpha), [0, Infinity]),
    within({ ...square, value: root, ...normalInterval(root, rootError, alpha) }, [0, Infinity]),
    r2Metric(truth, squares, alpha),
    biasMetric(errors, alpha),
  ];
  return n === 0 ? [] : metrics.flatMap((metric) => metric ?? []);
}

function r2Metric(truth: ArrayLike<number>, squares: Float64Array, alpha: number): Metric | null {
  const n = truth.length;
  const mean = Array.from(truth).reduce((sum, value) => sum + value, 0) / n;
  const spread = Float64Array.from(truth, (value) => (value - mean) ** 2);
  const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / n;
  const [total, left] = [average(spread), average(squares)];
  if (!(total > 0)) return null;
  const value = 1 - left / total;
  const influence = squares.map((square, i) => (spread[i] * left) / total ** 2 - square / total);
  const error =
    n < 2 ? null : Math.sqrt(influence.reduce((sum, x) => sum + x * x, 0) / (n - 1) / n);
  const interval = normalInterval(value, error, alpha);
  return within({ name: 'r2', value, better: 'higher', ...interval }, [-Infinity, 1]);
}

/** Nearer to 0 is better: neither higher nor lower, so it is not followed over time. */
function biasMetric(errors: Float64Array, alpha: number): Metric | null {
  return meanMetric({ name: 'mean_error', better: 'lower' }, errors, alpha);
}
