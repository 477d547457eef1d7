import { logIncompleteBeta } from '../special/incomplete-beta.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';

/** Chance that a beta(a, b) variable is at most x; a, b > 0. */
export const betaCdf = (x: number, a: number, b: number): number =>
  Math.exp(logIncompleteBeta({ a, b }, x).lower);

/** Chance that it is above x, right relative to itself. */
export const betaSurvival = (x: number, a: number, b: number): number =>
  Math.exp(logIncompleteBeta({ a, b }, x).upper);

/** The x in [0, 1] with chance p below (or above) it. */
export const betaQuantile = (
  p: number,
  shape: { a: number; b: number },
  tail: Tail = 'lower',
): number => invertTail((x) => logIncompleteBeta(shape, x), { p, tail }, [0, 1]);
