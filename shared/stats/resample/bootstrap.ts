import type { Rng } from '../../core/rng.ts';
import { normalCdf, normalQuantile } from '../distributions/normal.ts';
import { quantileOfSorted } from '../moments.ts';

export type BootstrapInterval = {
  estimate: number;
  interval: [number, number];
  standardError: number;
};

/**
 * Bias-corrected and accelerated bootstrap interval of a statistic of one sample.
 *
 * Definition: quantiles of the resampled statistic, moved for its median bias and for its skewness (acceleration
 * by the jackknife, on at most 200 groups).
 * @param sample finite values, at least 2
 * @param options.statistic of a sample of that length; may be any number
 * @returns null for fewer than two values, or a statistic that is not finite on the sample
 * Cost: `resamples` times the statistic. Source: Efron (1987); reference: scipy.stats.bootstrap(method='BCa').
 */
export function bootstrapInterval(
  sample: ArrayLike<number>,
  options: {
    statistic: (sample: Float64Array) => number;
    alpha: number;
    resamples: number;
    rng: Rng;
  },
): BootstrapInterval | null {
  const values = new Float64Array(sample);
  const { statistic, alpha, resamples, rng } = options;
  const estimate = values.length < 2 ? Number.NaN : statistic(values);
  if (!Number.isFinite(estimate)) return null;
  const draws = new Float64Array(resamples);
  const drawn = new Float64Array(values.length);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < drawn.length; i++) drawn[i] = values[Math.floor(rng() * values.length)];
    draws[r] = statistic(drawn);
  }
  const sorted = draws.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const bias = normalQuantile(shareBelow(sorted, estimate));
  const acceleration = accelerationOf(values, statistic);
  const bound = (p: number): number => {
    const z = bias + normalQuantile(p);
    const moved = normalCdf(bias + z / (1 - acceleration * z));
    return Number.isNaN(moved) ? estimate : quantileOfSorted(sorted, moved);
  };
  const interval: [number, number] = [bound(alpha / 2), bound(1 - alpha / 2)];
  return { estimate, interval, standardError: deviationOf(sorted) };
}

/** Share below the estimate, half of the ties; kept off 0 and 1 so that its normal quantile is finite. */
function shareBelow(sorted: Float64Array, estimate: number): number {
  let below = 0;
  for (const draw of sorted) below += draw < estimate ? 1 : draw === estimate ? 0.5 : 0;
  const half = 0.5 / sorted.length;
  return Math.min(1 - half, Math.max(half, below / sorted.length));
}

const MAX_GROUPS = 200;

function accelerationOf(values: Float64Array, statistic: (sample: Float64Array) => number): number {
  const groups = Math.min(values.length, MAX_GROUPS);
  const left = Array.from({ length: groups }, (_, group) =>
    statistic(values.filter((__, i) => i % groups !== group)),
  );
  const mean = left.reduce((sum, value) => sum + value, 0) / groups;
  let squares = 0;
  let cubes = 0;
  for (const value of left) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  const acceleration = cubes / (6 * squares ** 1.5);
  return Number.isFinite(acceleration) ? acceleration : 0;
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, values.length - 1));
}
