import type { ErrorSums } from '../contracts/profile.ts';
import { normalQuantile } from '../stats/distributions/normal.ts';
import type { AlertCondition } from './alerts.ts';

/** Error of a model where its outcomes were known: out of fold, in target units. */
export type KnownError = { mae: number; rmse: number; rows: number };

/** Name under which a changed relation of inputs to outcomes is told. */
export const CONCEPT = 'concept';

/** Chance that one look says of an unchanged error that it grew: small, since one looks at every fold. */
const LOOK_ALPHA = 0.001;
/** Growth that matters: less may be significant and is worth no alert. */
const MIN_GROWTH = 1.2;

/**
 * Concept drift: do the inputs still mean what they meant? Told by outcomes: the mean absolute error of the window
 * against that of cross-validation, both with their sampling error (Welch, normal).
 *
 * Fires when the error has grown by 20 % or more AND a one-sided test says with chance 0.001 of being wrong that it
 * has grown at all; is clear while growth is below 20 %; unknown between, or with fewer than `minSamples` outcomes.
 * Inputs that moved can raise the error too, where the model was always weak: `moved` names them in the summary.
 */
export function judgeConceptDrift(
  outcomes: ErrorSums,
  known: KnownError,
  context: { minSamples: number; moved: readonly string[] },
): AlertCondition {
  const { n, sumAbsolute, sumSquares } = outcomes;
  const now = n === 0 ? 0 : sumAbsolute / n;
  const inputs =
    context.moved.length === 0 ? 'no input moved' : `moved: ${context.moved.join(', ')}`;
  const base = {
    rule: `drift:${CONCEPT}`,
    severity: 'warning',
    summary: `MAE ${short(now)} over ${n} outcomes, ${short(known.mae)} when trained; ${inputs}`,
  } as const;
  if (n < Math.max(2, context.minSamples) || known.rows < 2) return { ...base, verdict: 'unknown' };
  if (now < MIN_GROWTH * known.mae) return { ...base, verdict: 'clear' };
  const error = Math.sqrt(
    varianceOf(sumSquares / n, now) / n + varianceOf(known.rmse ** 2, known.mae) / known.rows,
  );
  const isGrown = now - known.mae > normalQuantile(LOOK_ALPHA, 'upper') * error;
  return { ...base, verdict: isGrown ? 'firing' : 'unknown' };
}

const varianceOf = (meanSquare: number, mean: number): number =>
  Math.max(0, meanSquare - mean * mean);

const short = (value: number): string => String(Number(value.toPrecision(3)));
