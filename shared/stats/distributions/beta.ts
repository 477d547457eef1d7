import { logIncompleteBeta } from '../special/beta-tails.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';
import type { LogTails } from '../special/log-tails.ts';

/** Chance that a beta(a, b) variable is at most x; a, b > 0 and finite, NaN for others. */
export const betaCdf = (x: number, a: number, b: number): number =>
  Math.exp(logTails(x, { a, b }).lower);

/** Chance that it is above x, right relative to itself. */
export const betaSurvival = (x: number, a: number, b: number): number =>
  Math.exp(logTails(x, { a, b }).upper);

/** The x in [0, 1] with chance p below (or above) it. */
export const betaQuantile = (
  p: number,
  shape: { a: number; b: number },
  tail: Tail = 'lower',
): number => invertTail((x) => logTails(x, shape), { p, tail }, [0, 1]);

const logTails = (x: number, { a, b }: { a: number; b: number }): LogTails =>
  logIncompleteBeta(a > 0 && b > 0 ? { a, b } : { a: Number.NaN, b }, Math.min(1, Math.max(0, x)));
