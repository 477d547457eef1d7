import { logIncompleteGamma } from '../special/gamma-tails.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';
import type { LogTails } from '../special/log-tails.ts';

/** Chance that a gamma variable of this shape and scale 1 is at most x; shape > 0, NaN for another. */
export const gammaCdf = (x: number, shape: number): number => Math.exp(logTails(x, shape).lower);

/** Chance that it is above x, right relative to itself. */
export const gammaSurvival = (x: number, shape: number): number =>
  Math.exp(logTails(x, shape).upper);

/** The x with chance p below (or above) it; 0 and Infinity at the ends. */
export const gammaQuantile = (p: number, shape: number, tail: Tail = 'lower'): number =>
  invertTail((x) => logTails(x, shape), { p, tail }, [0, Infinity]);

const logTails = (x: number, shape: number): LogTails =>
  logIncompleteGamma(shape > 0 ? shape : Number.NaN, x);
