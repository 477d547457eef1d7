import { logIncompleteGamma } from '../special/gamma-tails.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';
import type { LogTails } from '../special/log-tails.ts';

/** Chance that a chi-square variable with `df` > 0 degrees of freedom is at most x; NaN for another df. */
export const chiSquareCdf = (x: number, df: number): number => Math.exp(logTails(x, df).lower);

/** Chance that it is above x: the p value of a chi-square test. Relative error 1e-13, down to 1e-300. */
export const chiSquareSurvival = (x: number, df: number): number => Math.exp(logTails(x, df).upper);

/** log of `chiSquareSurvival`, without underflow. */
export const chiSquareLogSurvival = (x: number, df: number): number => logTails(x, df).upper;

/** The x with chance p below (or above) it; 0 and Infinity at the ends. */
export const chiSquareQuantile = (p: number, df: number, tail: Tail = 'lower'): number =>
  2 * invertTail((half) => logTails(2 * half, df), { p, tail }, [0, Infinity]);

const logTails = (x: number, df: number): LogTails =>
  logIncompleteGamma(df > 0 ? df / 2 : Number.NaN, x / 2);
