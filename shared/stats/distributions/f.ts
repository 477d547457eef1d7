import { logIncompleteBeta } from '../special/incomplete-beta.ts';
import { invertTail, type Tail } from '../special/invert-tail.ts';

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

function logTails(x: number, { numeratorDf, denominatorDf }: FParameters) {
  const numerator = numeratorDf * x;
  const total = numerator + denominatorDf;
  if (total === Infinity) return { lower: 0, upper: -Infinity };
  return logIncompleteBeta(
    { a: numeratorDf / 2, b: denominatorDf / 2 },
    numerator / total,
    denominatorDf / total,
  );
}
