import { logIncompleteGamma } from '../special/gamma-tails.ts';
import { type LogTails, NO_TAILS } from '../special/log-tails.ts';
import { logPoissonDensity } from '../special/stirling-error.ts';
import { invertCount } from './count-quantile.ts';

/** Chance that a Poisson variable of this mean equals k, a whole number; NaN for a mean below 0 or infinite. */
export function poissonDensity(k: number, mean: number): number {
  if (!(mean >= 0 && mean < Infinity) || Number.isNaN(k)) return Number.NaN;
  if (k < 0 || !Number.isInteger(k)) return 0;
  if (mean === 0) return k === 0 ? 1 : 0;
  return Math.exp(logPoissonDensity(k, mean));
}

/** Chance that it is at most k. */
export const poissonCdf = (k: number, mean: number): number =>
  Math.exp(logPoissonTails(k, mean).lower);

/** Chance that it is above k, right relative to itself. */
export const poissonSurvival = (k: number, mean: number): number =>
  Math.exp(logPoissonTails(k, mean).upper);

/** The smallest k with a chance of at least p of being at or below it. */
export const poissonQuantile = (p: number, mean: number): number =>
  invertCount((k) => poissonCdf(k, mean), p, [0, Infinity]);

function logPoissonTails(k: number, mean: number): LogTails {
  if (!(mean >= 0 && mean < Infinity) || Number.isNaN(k)) return NO_TAILS;
  if (k < 0) return { lower: -Infinity, upper: 0 };
  if (mean === 0 || k === Infinity) return { lower: 0, upper: -Infinity };
  const { lower, upper } = logIncompleteGamma(Math.floor(k) + 1, mean);
  return { lower: upper, upper: lower };
}
