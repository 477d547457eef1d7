import { logModerateGamma } from '../special/incomplete-gamma.ts';

/**
 * `chiSquareSurvival` of 1 to 2e8 degrees of freedom, NaN of others: at a third of its bytes, for tests, whose cells are
 * as many.
 */
export const chiSquareTail = (x: number, df: number): number =>
  Math.exp(logModerateGamma(df / 2, x / 2).upper);
