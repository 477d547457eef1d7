import { type LogTails, logComplement } from './incomplete-gamma.ts';
import { logBinomialDensity } from './stirling-error.ts';

/**
 * log I_x(a, b) and log(1 - I_x(a, b)), the tails of the beta distribution at x.
 * Each tail is right relative to itself; the smaller is computed, the larger is its complement.
 * @param x in [0, 1] with y = 1 - x given apart, so that neither is lost to rounding
 *
 * Cost: O(sqrt(a + b)). Continued fraction of DiDonato and Morris (1992) by modified Lentz, the
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
  const logLead = logBinomialDensity(shape, x, y) + Math.log(a) + Math.log(b / (a + b));
  return logLead - Math.log(fraction(shape, x, y));
}

/** b0 + a1 / (b1 + a2 / (b2 + ...)), written in both x and y so that nothing cancels near x = 1. */
function fraction(shape: { a: number; b: number }, x: number, y: number): number {
  const { a, b } = shape;
  const tiny = 1e-300;
  let f = nonZero((a * (a * y - b * x + 1)) / (a + 1), tiny);
  let c = f;
  let d = 0;
  for (let m = 1; m < 1e7; m++) {
    const step = a + 2 * m - 1;
    const above = ((((a + m - 1) * (a + b + m - 1)) / step) * (m * (b - m) * x * x)) / step;
    const below =
      m + (m * (b - m) * x) / step + ((a + m) * (a * y - b * x + 1 + m * (1 + y))) / (step + 2);
    d = 1 / nonZero(below + above * d, tiny);
    c = nonZero(below + above / c, tiny);
    const delta = c * d;
    f *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return f;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);
