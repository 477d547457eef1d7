import { millsRatio, normalSurvival } from '../distributions/normal.ts';
import { logComplement } from './log-complement.ts';
import type { LogTails } from './log-tails.ts';

/** Up to this share of the smaller shape the distance from the middle is expanded. */
const NEAR = 0.01;
/** From so many deviations on Mills' ratio is 1/z - 1/z^3, of which the first would cancel. */
const FAR = 1e4;
const LOG_ROOT_2_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Tails of the beta distribution of shapes a and b at x, where both are large; of the gamma distribution of shape a
 * where b is Infinity.
 *
 * Definition: Phi(z) + phi(z) (1/z - 1/w), w the distance from the middle in deviations and z^2 / 2 the deviance. The
 * next term is a relative 1 / min(a, b) of the correction. Near the middle 1/z - 1/w is summed, not subtracted.
 * @param at.distance (a + b) x - a, for the gamma distribution x - a; at.deviance: of both shapes there
 * Source: Temme, Uniform asymptotic expansions (1979, 1982); DLMF 8.12.7 and 8.18.9, first terms.
 */
export function largeShapeTails(
  { a, b }: { a: number; b: number },
  at: { distance: number; deviance: number },
): LogTails {
  const { distance } = at;
  const spread = 1 / a + 1 / b;
  const w = distance * Math.sqrt(spread);
  if (Math.abs(distance) < NEAR * Math.min(a, b)) {
    const series = skewSeries({ a, b }, distance);
    const ratio = Math.sqrt(1 + distance * series);
    return tailsAt(w * ratio, -series / (Math.sqrt(spread) * (1 + ratio) * ratio));
  }
  const z = Math.sign(distance) * Math.sqrt(2 * at.deviance);
  return Math.abs(z) < FAR ? tailsAt(z, 1 / z - 1 / w) : farTails(at.deviance, { z, w });
}

/** ((z / w)^2 - 1) / distance: the rest of the deviance's power series after its square. */
function skewSeries({ a, b }: { a: number; b: number }, distance: number): number {
  const [x, y] = [-distance / a, distance / b];
  let [powerA, powerB] = [-1 / a, 1 / b];
  let [first, second] = [0, 0];
  for (let k = 1; k <= 9; k++) {
    first += (2 * powerA) / (k + 2);
    second += (2 * powerB) / (k + 2);
    powerA *= x;
    powerB *= y;
  }
  return (first / a + second / b) / (1 / a + 1 / b);
}

/** The smaller tail first, the larger as its complement. */
function tailsAt(z: number, correction: number): LogTails {
  if (z < 0) {
    const { lower, upper } = tailsAt(-z, -correction);
    return { lower: upper, upper: lower };
  }
  const logDensity = -0.5 * z * z - LOG_ROOT_2_PI;
  const upper =
    z < 1
      ? Math.log(normalSurvival(z) - Math.exp(logDensity) * correction)
      : logDensity + Math.log(millsRatio(z) - correction);
  return { lower: logComplement(upper), upper };
}

function farTails(deviance: number, { z, w }: { z: number; w: number }): LogTails {
  const small = -deviance - LOG_ROOT_2_PI + Math.log(1 / Math.abs(w) - 1 / Math.abs(z) ** 3);
  return z > 0 ? { lower: 0, upper: small } : { lower: small, upper: 0 };
}
