import { logComplement } from './log-complement.ts';
import { LARGE_SHAPE, type LogTails, NO_TAILS } from './log-tails.ts';
import { logPoissonDensity } from './stirling-error.ts';

/**
 * log P(a, x) and log Q(a, x): P is the chance that a gamma(a) variable is at most x, Q that it is above.
 * Each tail is right relative to itself, down to e^-1e300: the smaller is computed, the larger is its complement.
 * @param a shape from 1/2 to 1e8. `logIncompleteGamma` knows the others, at three times the bytes
 * @param x >= 0; infinity allowed
 * @returns NaN in both where x is NaN or the shape is not as above
 *
 * Cost: O(sqrt(a)) near x = a, O(1) far from it. Series and continued fraction as in Abramowitz and
 * Stegun 6.5.29 and 6.5.31, the density by Loader's deviance. Agrees with mpmath to 1e-13.
 */
export function logModerateGamma(a: number, x: number): LogTails {
  if (!(a >= 0.5 && a < LARGE_SHAPE) || Number.isNaN(x)) return NO_TAILS;
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (x === Infinity) return { lower: 0, upper: -Infinity };
  if (x >= a + 1) return withUpper(logUpperFraction(a, x));
  return withLower(logPoissonDensity(a, x) + Math.log(lowerSeries(a, x)));
}

export const withUpper = (upper: number): LogTails => ({ lower: logComplement(upper), upper });
const withLower = (lower: number): LogTails => ({ lower, upper: logComplement(lower) });

/** 1 + x/(a+1) + x^2/((a+1)(a+2)) + ..., all terms positive. */
function lowerSeries(a: number, x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** More than any shape below 1e8 takes. */
const MOST_STEPS = 1e6;

/** Modified Lentz evaluation of the continued fraction of Q. */
export function logUpperFraction(a: number, x: number): number {
  if (x > 1e17 * (a + 1)) return logPoissonDensity(a, x) + Math.log(a) - Math.log(x);
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < MOST_STEPS; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (!(Math.abs(delta - 1) >= 1e-16)) break;
  }
  return logPoissonDensity(a, x) + Math.log(a) + Math.log(h);
}
