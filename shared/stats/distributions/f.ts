import { logIncompleteBeta } from '../special/beta-tails.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';
import { type LogTails, NO_TAILS } from '../special/log-tails.ts';

/** Degrees of freedom, above 0 and finite; every chance of others is NaN. */
export type FParameters = { numeratorDf: number; denominatorDf: number };

/** Chance that an F variable is at most x. */
export const fCdf = (x: number, parameters: FParameters): number =>
  Math.exp(logTails(x, parameters).lower);

/** Chance that it is above x, right relative to itself. */
export const fSurvival = (x: number, parameters: FParameters): number =>
  Math.exp(logTails(x, parameters).upper);

/** The x with chance p below (or above) it; 0 and Infinity at the ends. */
export const fQuantile = (p: number, parameters: FParameters, tail: Tail = 'lower'): number =>
  invertTail((x) => logTails(x, parameters), { p, tail }, [0, Infinity]);

function logTails(x: number, { numeratorDf, denominatorDf }: FParameters): LogTails {
  const isValid = numeratorDf > 0 && denominatorDf > 0 && numeratorDf + denominatorDf < Infinity;
  if (!isValid || Number.isNaN(x)) return NO_TAILS;
  if (x <= 0) return { lower: -Infinity, upper: 0 };
  if (x === Infinity) return { lower: 0, upper: -Infinity };
  const largest = Math.max(numeratorDf, denominatorDf);
  const numerator = (numeratorDf / largest) * x;
  const denominator = denominatorDf / largest;
  const total = numerator + denominator;
  return logIncompleteBeta(
    { a: shapeOf(numeratorDf), b: shapeOf(denominatorDf) },
    total === Infinity ? 1 : numerator / total,
    denominator / total,
  );
}

/** Half the degrees of freedom, above 0 where half of them is no double. */
const shapeOf = (df: number): number => Math.max(df / 2, Number.MIN_VALUE);
