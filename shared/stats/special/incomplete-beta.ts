import { logComplement } from './log-complement.ts';
import { type LogTails, NO_TAILS } from './log-tails.ts';
import { logBinomialDensity } from './stirling-error.ts';

/**
 * log I_x(a, b) and log(1 - I_x(a, b)), the tails of the beta distribution at x.
 * Each tail is right relative to itself; the smaller is computed, the larger is its complement.
 * @param shape a, b >= 0 and finite, not both 0; with a = 0 all is at x = 0, with b = 0 at x = 1
 * @param x in [0, 1] with y = 1 - x given apart, so that neither is lost to rounding
 * @returns NaN in both where an argument is NaN or a shape is not as above
 *
 * For one shape below 1e8 and none beyond 1e40; `logIncompleteBeta` knows the others, at twice the bytes.
 * Cost: O(sqrt(a + b)). Continued fraction of DiDonato and Morris (1992) by modified Lentz, the
 * density by Loader's deviance. Agrees with mpmath to 1e-13.
 */
export function logModerateBeta(shape: { a: number; b: number }, x: number, y = 1 - x): LogTails {
  const { a, b } = shape;
  if (!(a >= 0 && b >= 0 && a + b > 0 && a + b < Infinity) || Number.isNaN(x + y)) return NO_TAILS;
  if (x <= 0 || (b === 0 && y > 0)) return { lower: -Infinity, upper: 0 };
  if (y <= 0 || a === 0) return { lower: 0, upper: -Infinity };
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

/** More than any shapes below 1e8 take. */
const MOST_STEPS = 1e6;

/** b0 + a1 / (b1 + a2 / (b2 + ...)), written in both x and y so that nothing cancels near x = 1. */
function fraction(shape: { a: number; b: number }, x: number, y: number): number {
  const { a, b } = shape;
  const tiny = 1e-300;
  let f = nonZero((a / (a + 1)) * (a * y - b * x + 1), tiny);
  let c = f;
  let d = 0;
  for (let m = 1; m < MOST_STEPS; m++) {
    const step = a + 2 * m - 1;
    const above = ((a + m - 1) / step) * ((a + b + m - 1) * x) * ((m / step) * ((b - m) * x));
    const below =
      m + (m * ((b - m) * x)) / step + ((a + m) / (step + 2)) * (a * y - b * x + 1 + m * (1 + y));
    d = 1 / nonZero(below + above * d, tiny);
    c = nonZero(below + above / c, tiny);
    const delta = c * d;
    f *= delta;
    if (!(Math.abs(delta - 1) >= 1e-16)) break;
  }
  return f;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);
