import { logModerateBeta } from '../special/incomplete-beta.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';
import { normalQuantile, normalSurvival } from './normal.ts';

/** Below this many the distribution lies beyond every double on both sides. */
const OUTSIDE_BELOW = 1e-300;
/** Beyond this many degrees of freedom the distribution is normal to double precision. */
const NORMAL_FROM = 1e17;

/** Chance that a t variable with `df` > 0 degrees of freedom (whole, not, or infinite) is above x; NaN for another df. */
export function tSurvival(x: number, df: number): number {
  if (!(df > 0) || Number.isNaN(x)) return Number.NaN;
  if (df > NORMAL_FROM) return normalSurvival(x);
  return x >= 0 ? Math.exp(logUpper(x, df)) : 1 - Math.exp(logUpper(-x, df));
}

/** Chance that it is at most x. */
export const tCdf = (x: number, df: number): number => tSurvival(-x, df);

/** Chance that it is at least |x| from zero: the p value of a two-sided t test. */
export const tTwoSided = (x: number, df: number): number =>
  Math.min(1, 2 * tSurvival(Math.abs(x), df));

/** The x with chance p below (or above) it; infinite at the ends. */
export function tQuantile(p: number, df: number, tail: Tail = 'lower'): number {
  if (!(p >= 0 && p <= 1 && df > 0)) return Number.NaN;
  if (df > NORMAL_FROM) return normalQuantile(p, tail);
  if (p === 0.5) return 0;
  const isUpperHalf = tail === 'upper' ? p < 0.5 : p > 0.5;
  const small = p > 0.5 ? 1 - p : p;
  const tails = (x: number) => ({ lower: 0, upper: logUpper(x, df) });
  const magnitude = invertTail(tails, { p: small, tail: 'upper' }, [0, Infinity]);
  return isUpperHalf ? magnitude : -magnitude;
}

/** log of the chance above x >= 0. */
function logUpper(x: number, df: number): number {
  if (x === Infinity) return -Infinity;
  if (df < OUTSIDE_BELOW) return Math.log(0.5);
  const square = x * x;
  if (square === Infinity) return logFarUpper(x, df);
  const { lower, upper } = logModerateBeta(
    { a: df / 2, b: 0.5 },
    df / (df + square),
    square / (df + square),
  );
  return lower > -0.1 ? Math.log(0.5) + Math.log1p(-Math.exp(upper)) : Math.log(0.5) + lower;
}

/** Where x * x overflows only the leading term is left. */
function logFarUpper(x: number, df: number): number {
  const scale = 1e100;
  return logUpper(x / scale, df) - df * Math.log(scale);
}
