import type { RegressionMetrics } from '../../contracts/manifest.ts';

/**
 * Mean absolute error, root mean squared error (both in target units) and the coefficient of
 * determination 1 - SSE / SST. A constant target gives r2 1 when every prediction is right, else 0
 * (as scikit-learn's r2_score with force_finite).
 * @param target, prediction of one length; no rows is a caller's bug
 */
export function regressionMetrics(
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
): RegressionMetrics {
  const rows = target.length;
  if (rows === 0 || rows !== prediction.length)
    throw new Error(`Broken invariant: ${rows} targets, ${prediction.length} predictions`);
  let mean = 0;
  for (let i = 0; i < rows; i++) mean += target[i] / rows;
  let absolute = 0;
  let squares = 0;
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const error = target[i] - prediction[i];
    absolute += Math.abs(error);
    squares += error * error;
    total += (target[i] - mean) ** 2;
  }
  const constant = squares === 0 ? 1 : 0;
  return {
    mae: absolute / rows,
    rmse: Math.sqrt(squares / rows),
    r2: total === 0 ? constant : 1 - squares / total,
    rows,
  };
}
