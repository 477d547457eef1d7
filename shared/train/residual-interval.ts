import type { Manifest } from '../contracts/manifest.ts';

/**
 * Meaning: what to add to a prediction so that `level` of outcomes lie between.
 * Definition: the order statistics of the out-of-fold residuals (target - prediction) of rank
 * floor((n + 1) a) and ceil((n + 1) (1 - a)), a = (1 - level) / 2, clamped to the sample: on
 * exchangeable rows they cover at least `level` (as CV+ does without its fold-wise correction;
 * Barber et al. 2021).
 */
export function residualInterval(
  target: Float64Array,
  outOfFold: Float32Array,
  level: number,
): Manifest['interval'] {
  const residuals = target.map((value, row) => value - outOfFold[row]).sort();
  const n = residuals.length;
  const tail = (1 - level) / 2;
  const lower = Math.max(1, Math.floor((n + 1) * tail));
  const upper = Math.min(n, Math.ceil((n + 1) * (1 - tail)));
  return { level, lower: residuals[lower - 1], upper: residuals[upper - 1] };
}
