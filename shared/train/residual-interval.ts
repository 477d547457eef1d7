import type { Manifest } from '../contracts/manifest.ts';

/**
 * Meaning: what to add to a prediction so that `level` of outcomes lie between.
 * Definition: the order statistics of the out-of-fold residuals (target - prediction) of rank
 * k = ceil((n + 1) (1 + level) / 2), at most n, and n + 1 - k (as cross-conformal intervals, but
 * with one model; Barber et al. 2021).
 */
export function residualInterval(
  target: Float64Array,
  outOfFold: Float32Array,
  level: number,
): NonNullable<Manifest['interval']> {
  const residuals = target.map((value, row) => value - outOfFold[row]).sort();
  const n = residuals.length;
  // The product's rounding must not push an exact rank to the next one.
  const upper = Math.min(n, Math.ceil(((n + 1) * (1 + level)) / 2 - 1e-9));
  const lower = n + 1 - upper;
  return { level, lower: residuals[lower - 1], upper: residuals[upper - 1] };
}
