import { logIncompleteGamma } from '../special/incomplete-gamma.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';

/** Chance that a chi-square variable with `df` > 0 degrees of freedom is at most x. */
export const chiSquareCdf = (x: number, df: number): number =>
  Math.exp(logIncompleteGamma(df / 2, x / 2).lower);

/** Chance that it is above x: the p value of a chi-square test. Relative error 1e-13, down to 1e-300. */
export const chiSquareSurvival = (x: number, df: number): number =>
  Math.exp(logIncompleteGamma(df / 2, x / 2).upper);

/** log of `chiSquareSurvival`, without underflow. */
export const chiSquareLogSurvival = (x: number, df: number): number =>
  logIncompleteGamma(df / 2, x / 2).upper;

/** The x with chance p below (or above) it; 0 and Infinity at the ends. */
export const chiSquareQuantile = (p: number, df: number, tail: Tail = 'lower'): number =>
  2 * invertTail((x) => logIncompleteGamma(df / 2, x), { p, tail }, [0, Infinity]);
