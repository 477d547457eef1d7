import { log } from '../../core/portable-math.ts';
import { regressionMetrics } from './regression.ts';

/** Figures of a regression. Null: not defined for these rows. */
export type RegressionReport = {
  rows: number;
  /** Rows whose target or prediction is not finite: with any, all is null. */
  invalid: number;
  rmse: number | null;
  mae: number | null;
  r2: number | null;
  /** A rate: 0.1 is ten per cent. Null where a target is 0. */
  mape: number | null;
  median_ae: number | null;
  max_error: number | null;
  /** Mean of prediction - target, in target units. */
  bias: number | null;
  explained_variance: number | null;
  /** Null unless targets are at least 0 and predictions above 0. */
  poisson_deviance: number | null;
};

/**
 * Every figure of a regression, in target units where they have one. Cost: one sort.
 * Reference: scikit-learn 1.2 metrics of the same names; its MAPE divides by 2^-52 where a target
 * is 0, which says nothing, and is null here.
 */
export function regressionReport(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
): RegressionReport {
  const rows = truth.length;
  let invalid = 0;
  for (let row = 0; row < rows; row++)
    if (!Number.isFinite(truth[row]) || !Number.isFinite(prediction[row])) invalid++;
  if (rows === 0 || invalid > 0) return unknown(rows, invalid);
  const { rmse, mae, r2 } = regressionMetrics(truth, prediction);
  const errors = Float64Array.from(truth, (value, row) => prediction[row] - value);
  const absolute = errors.map(Math.abs).sort();
  const bias = errors.reduce((sum, error) => sum + error, 0) / rows;
  return {
    ...{ rows, invalid, rmse, mae, r2, bias },
    mape: meanAbsolutePercentageError(truth, prediction),
    median_ae: (absolute[(rows - 1) >> 1] + absolute[rows >> 1]) / 2,
    max_error: absolute[rows - 1],
    explained_variance: explainedVariance(truth, errors, bias),
    poisson_deviance: poissonDeviance(truth, prediction),
  };
}

/**
 * Mean absolute error as a share of the target; null without rows or where a target is 0.
 * Reference: scikit-learn 1.2 mean_absolute_percentage_error.
 */
export function meanAbsolutePercentageError(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
): number | null {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    if (truth[row] === 0) return null;
    sum += Math.abs((prediction[row] - truth[row]) / truth[row]);
  }
  return truth.length === 0 ? null : sum / truth.length;
}

/**
 * Median absolute error as a share of the target; a target of 0 counts as an endless share. Null without
 * rows, and where half of the targets or more are 0.
 */
export function medianAbsolutePercentageError(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
): number | null {
  const shares = Float64Array.from(truth, (value, row) =>
    value === 0 ? Number.POSITIVE_INFINITY : Math.abs((prediction[row] - value) / value),
  ).sort();
  const rows = shares.length;
  const median = (shares[(rows - 1) >> 1] + shares[rows >> 1]) / 2;
  return Number.isFinite(median) ? median : null;
}

/**
 * Pinball loss of predictions of a quantile, in target units; null without rows.
 * @param quantile in (0, 1): 0.9 makes a prediction that is too low cost nine times as much
 * Source: Koenker and Bassett 1978. Reference: scikit-learn 1.2 mean_pinball_loss.
 */
export function pinballLoss(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  quantile: number,
): number | null {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const error = truth[row] - prediction[row];
    sum += error >= 0 ? quantile * error : (quantile - 1) * error;
  }
  return truth.length === 0 ? null : sum / truth.length;
}

/**
 * Mean of 2 (y ln(y / p) - y + p); null without rows, for a target below 0 or a prediction that is
 * not above 0. Reference: scikit-learn 1.2 mean_poisson_deviance.
 */
export function poissonDeviance(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
): number | null {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    const y = truth[row];
    const p = prediction[row];
    if (!(y >= 0) || !(p > 0)) return null;
    sum += 2 * ((y === 0 ? 0 : y * log(y / p)) - y + p);
  }
  return truth.length === 0 ? null : sum / truth.length;
}

/** 1 - variance of errors / variance of targets; of a constant target 1 when exact, else 0. */
function explainedVariance(truth: ArrayLike<number>, errors: Float64Array, bias: number): number {
  let mean = 0;
  for (let row = 0; row < truth.length; row++) mean += truth[row] / truth.length;
  let unexplained = 0;
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    unexplained += (errors[row] - bias) ** 2;
    total += (truth[row] - mean) ** 2;
  }
  if (total === 0) return unexplained === 0 ? 1 : 0;
  return 1 - unexplained / total;
}

const unknown = (rows: number, invalid: number): RegressionReport => ({
  rows,
  invalid,
  rmse: null,
  mae: null,
  r2: null,
  mape: null,
  median_ae: null,
  max_error: null,
  bias: null,
  explained_variance: null,
  poisson_deviance: null,
});
