import { LARGE_SHAPE, type LogTails, largeShapeTails, NO_TAILS } from './large-shape-tail.ts';
import { logComplement } from './log-complement.ts';
import { logGamma1p } from './log-gamma.ts';
import { deviance, logPoissonDensity } from './stirling-error.ts';

/**
 * log P(a, x) and log Q(a, x): P is the chance that a gamma(a) variable is at most x, Q that it is above.
 * Each tail is right relative to itself, down to e^-1e300: the smaller is computed, the larger is its complement.
 * @param a shape >= 0; at 0 all is at x = 0, at Infinity all is above every finite x
 * @param x >= 0; infinity allowed
 * @returns NaN in both where a or x is NaN, a is below 0, or both are Infinity
 *
 * Cost: O(sqrt(a)) near x = a up to a = 1e8, O(1) far from it and beyond. Series and continued fraction as in Abramowitz and
 * Stegun 6.5.29 and 6.5.31, the density by Loader's deviance. Agrees with mpmath to 1e-13.
 */
export function logIncompleteGamma(a: number, x: number): LogTails {
  if (!(a >= 0) || Number.isNaN(x) || (a === Infinity && x === Infinity)) return NO_TAILS;
  if (x <= 0 || a === Infinity) return { lower: -Infinity, upper: 0 };
  if (x === Infinity || a === 0) return { lower: 0, upper: -Infinity };
  if (a >= LARGE_SHAPE)
    return largeShapeTails({ a, b: Infinity }, { distance: x - a, deviance: deviance(a, x) });
  if (x >= a + 1) return withUpper(logUpperFraction(a, x));
  if (a < 0.5) return smallShape(a, x);
  return withLower(logPoissonDensity(a, x) + Math.log(lowerSeries(a, x)));
}

const withUpper = (upper: number): LogTails => ({ lower: logComplement(upper), upper });
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
function logUpperFraction(a: number, x: number): number {
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

/** For a < 1/2 and x < a + 1, where both 1 - P and 1 - Q would cancel: Q from the alternating series. */
function smallShape(a: number, x: number): LogTails {
  let sum = 0;
  let term = 1;
  for (let n = 1; n < 100; n++) {
    term *= -x / n;
    const next = sum + (term * a) / (a + n);
    if (next === sum) break;
    sum = next;
  }
  const logLead = a * Math.log(x) - logGamma1p(a);
  const upper = -Math.expm1(logLead) - Math.exp(logLead) * sum;
  return { lower: logLead + Math.log1p(sum), upper: Math.log(upper) };
}
