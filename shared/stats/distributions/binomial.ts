import { logIncompleteBeta } from '../special/beta-tails.ts';
import { type LogTails, NO_TAILS } from '../special/log-tails.ts';
import { logBinomialDensity } from '../special/stirling-error.ts';
import { betaQuantile } from './beta.ts';
import { invertCount } from './count-quantile.ts';

/** Whole trials >= 0 and a probability in [0, 1]; every chance of others is NaN. */
export type BinomialParameters = { trials: number; probability: number };

/** Chance of exactly k successes. */
export function binomialDensity(k: number, { trials, probability: p }: BinomialParameters): number {
  if (!isValid({ trials, probability: p }) || Number.isNaN(k)) return Number.NaN;
  if (k < 0 || k > trials || !Number.isInteger(k)) return 0;
  if (p <= 0 || p >= 1) return k === (p <= 0 ? 0 : trials) ? 1 : 0;
  return Math.exp(logBinomialDensity({ a: k, b: trials - k }, p, 1 - p));
}

/** Chance of at most k successes. */
export const binomialCdf = (k: number, parameters: BinomialParameters): number =>
  Math.exp(logBinomialTails(k, parameters).lower);

/** Chance of more than k successes, right relative to itself. */
export const binomialSurvival = (k: number, parameters: BinomialParameters): number =>
  Math.exp(logBinomialTails(k, parameters).upper);

/** The smallest k with a chance of at least p of being at or below it. */
export const binomialQuantile = (p: number, parameters: BinomialParameters): number =>
  invertCount((k) => binomialCdf(k, parameters), p, [0, parameters.trials]);

function logBinomialTails(k: number, { trials, probability: p }: BinomialParameters): LogTails {
  if (!isValid({ trials, probability: p }) || Number.isNaN(k)) return NO_TAILS;
  const whole = Math.floor(k);
  if (whole < 0) return { lower: -Infinity, upper: 0 };
  if (whole >= trials || p <= 0) return { lower: 0, upper: -Infinity };
  const { lower, upper } = logIncompleteBeta({ a: whole + 1, b: trials - whole }, p, 1 - p);
  return { lower: upper, upper: lower };
}

const isValid = ({ trials, probability: p }: BinomialParameters): boolean =>
  trials >= 0 && Number.isInteger(trials) && p >= 0 && p <= 1;

/**
 * Bounds on a proportion, k of n, each side missing with chance at most `alpha`: Clopper and Pearson (1934).
 * Two-sided intervals take alpha / 2. [0, 1] when n is 0.
 */
export function proportionBounds(k: number, n: number, alpha: number): [number, number] {
  const lower = k <= 0 ? 0 : betaQuantile(alpha, { a: k, b: n - k + 1 });
  const upper = k >= n ? 1 : betaQuantile(alpha, { a: k + 1, b: n - k }, 'upper');
  return [lower, upper];
}
