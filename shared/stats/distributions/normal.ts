import { exp, log, log1p } from '../../core/portable-math.ts';
import type { Tail } from '../special/invert-tail.ts';

/* Coefficients of W. J. Cody, Rational Chebyshev approximation for the error function, Math. Comp. 23 (1969). */
const A = [
  2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356,
  0.06568233791820745,
];
const B = [47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673];
const C = [
  0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002, 2494.5375852903726,
  6848.190450536283, 11602.65143764735, 9842.714838383978, 1.0765576773720192e-8,
];
const D = [
  22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
  34900.95272114598, 38912.00328609327, 19685.429676859992,
];
const P = [
  0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
  2.9112874951168793e-5, 0.023073441764940174,
];
const Q = [
  1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824,
  7.297515550839662e-5,
];
/** From here the survival is below the smallest double, and e^(-x^2/2) of an infinite square is not a number. */
const UNDERFLOW_FROM = 39;
const LOG_ROOT_2_PI = 0.5 * log(2 * Math.PI);
const INVERSE_ROOT_2_PI = 1 / Math.sqrt(2 * Math.PI);

/**
 * Chance that a standard normal variable is above x. Relative error 1e-15 in the body, 1e-13 at 1e-300;
 * beyond x = 38.5 it underflows to 0: use `normalLogSurvival`. NaN of NaN alone. Source: Cody (1969).
 */
export function normalSurvival(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > UNDERFLOW_FROM) return x > 0 ? 0 : 1;
  if (x < -5.656854249492381) return 1 - normalSurvival(-x);
  if (Math.abs(x) <= 0.67448975) return 0.5 - x * centre(x * x);
  if (x < 0) return 1 - normalSurvival(-x);
  return expHalfSquare(x) * mills(x);
}

/** Chance that a standard normal variable is at most x. */
export const normalCdf = (x: number): number => normalSurvival(-x);

/** log of `normalSurvival`, without underflow. */
export function normalLogSurvival(x: number): number {
  if (x < 0) return log1p(-normalSurvival(-x));
  if (x < 5) return log(normalSurvival(x));
  return -0.5 * x * x + log(mills(x));
}

/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => exp(-0.5 * x * x - LOG_ROOT_2_PI);

/** Error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x. Relative error 1e-15. */
export function erf(x: number): number {
  const z = x * Math.SQRT2;
  if (Math.abs(z) <= 0.67448975) return 2 * z * centre(z * z);
  return x > 0 ? 1 - erfc(x) : erfc(-x) - 1;
}

/** 1 - erf(x), right relative to itself. */
export const erfc = (x: number): number => 2 * normalSurvival(x * Math.SQRT2);

function centre(square: number): number {
  let above = A[4] * square;
  let below = square;
  for (let i = 0; i < 3; i++) {
    above = (above + A[i]) * square;
    below = (below + B[i]) * square;
  }
  return (above + A[3]) / (below + B[3]);
}

/** Survival over density for x > 0.67; about 1 / x far out. */
export const millsRatio = (x: number): number => mills(x) / INVERSE_ROOT_2_PI;

/** Survival / e^(-x^2/2) for x > 0.67. */
function mills(x: number): number {
  if (x <= 5.656854249492381) {
    let above = C[8] * x;
    let below = x;
    for (let i = 0; i < 7; i++) {
      above = (above + C[i]) * x;
      below = (below + D[i]) * x;
    }
    return (above + C[7]) / (below + D[7]);
  }
  const inverse = 1 / (x * x);
  let above = P[5] * inverse;
  let below = inverse;
  for (let i = 0; i < 4; i++) {
    above = (above + P[i]) * inverse;
    below = (below + Q[i]) * inverse;
  }
  const tail = (inverse * (above + P[4])) / (below + Q[4]);
  return (INVERSE_ROOT_2_PI - tail) / x;
}

/** e^(-x^2/2) with the square split at 1/16ths, so that its rounding does not enter the exponent. */
function expHalfSquare(x: number): number {
  const coarse = Math.trunc(x * 16) / 16;
  return exp(-0.5 * coarse * coarse) * exp(-0.5 * (x - coarse) * (x + coarse));
}

/**
 * The x that a standard normal variable falls below (or above) with chance p; -Infinity and Infinity at
 * the ends, NaN outside [0, 1]. Relative error 1e-15, by Newton and Halley steps from a rough start.
 */
export function normalQuantile(p: number, tail: Tail = 'lower'): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (tail === 'upper') return -normalQuantile(p);
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  return p > 0.26 ? middleQuantile(p - 0.5) : tailQuantile(p);
}

/** Newton steps on the distance from one half, so that no digits are lost near the median. */
function middleQuantile(offset: number): number {
  let x = offset * 2.5;
  for (let i = 0; i < 8; i++) {
    const next = x - (x * centre(x * x) - offset) / normalDensity(x);
    if (Math.abs(next - x) <= 1e-16 * Math.abs(x)) break;
    x = next;
  }
  return x;
}

/** Halley steps on the logarithm, from the leading terms of the asymptotic inverse. */
function tailQuantile(p: number): number {
  const y = -2 * log(p);
  let x = -Math.sqrt(Math.max(y - log(2 * Math.PI * Math.max(y - 3, 1)), 0.4));
  for (let i = 0; i < 6; i++) {
    const logCdf = normalLogSurvival(-x);
    const ratio = exp(logCdf + 0.5 * x * x + LOG_ROOT_2_PI);
    const step = (logCdf - log(p)) * ratio;
    const next = x - step / (1 + (step * (x + 1 / ratio)) / 2);
    if (Math.abs(next - x) <= 2e-16 * Math.abs(x)) return next;
    x = next;
  }
  return x;
}
