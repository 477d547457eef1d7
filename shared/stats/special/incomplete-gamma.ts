import { logGamma1p } from './log-gamma.ts';
import { logPoissonDensity } from './stirling-error.ts';

/** Logarithms of the two regularised incomplete gamma functions; lower + upper = 1 before logs. */
export type LogTails = { lower: number; upper: number };

/**
 * log P(a, x) and log Q(a, x): P is the chance that a gamma(a) variable is at most x, Q that it is above.
 * Each tail is right relative to itself, down to e^-1e300: the smaller is computed, the larger is its complement.
 * @param a shape > 0
 * @param x >= 0; infinity allowed
 *
 * Cost: O(sqrt(a)) near x = a, O(1) far from it. Series and continued fraction as in Abramowitz and
 * Stegun 6.5.29 and 6.5.31, the density by Loader's deviance. Agrees with mpmath to 1e-13.
 */
export function logIncompleteGamma(a: number, x: number): LogTails {
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (x === Infinity) return { lower: 0, upper: -Infinity };
  if (x >= a + 1) return withUpper(logUpperFraction(a, x));
  if (a < 0.5) return smallShape(a, x);
  return withLower(logPoissonDensity(a, x) + Math.log(lowerSeries(a, x)));
}

const withUpper = (upper: number): LogTails => ({ lower: logComplement(upper), upper });
const withLower = (lower: number): LogTails => ({ lower, upper: logComplement(lower) });

/** log(1 - e^t) for t <= 0, whichever form keeps the digits (Maechler 2012). */
export function logComplement(t: number): number {
  if (t >= 0) return -Infinity;
  return t > -Math.LN2 ? Math.log(-Math.expm1(t)) : Math.log1p(-Math.exp(t));
}

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

/** Modified Lentz evaluation of the continued fraction of Q. */
function logUpperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1e7; i++) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
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
