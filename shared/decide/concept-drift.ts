import type { ErrorSums } from '../contracts/profile.ts';
import { normalQuantile } from '../stats/distributions/normal.ts';
import type { AlertCondition } from './alerts.ts';
import { type KnownLoss, LOSS_WORDS, lossMoments, lossText } from './loss.ts';

/** Name under which a changed relation of inputs to outcomes is told. */
export const CONCEPT = 'concept';

/** Chance that one look says of an unchanged error that it grew: small, since one looks at every fold. */
const LOOK_ALPHA = 0.001;
/** Growth that matters: less may be significant and is worth no alert. */
const MIN_GROWTH = 1.2;

/**
 * Concept drift: do the inputs still mean what they meant? Told by outcomes: the loss of the window (mean absolute
 * error, or Brier score of a classifier) against that of cross-validation, both with their sampling error (Welch,
 * normal).
 *
 * Fires when the loss has grown by 20 % or more AND a one-sided test says with chance 0.001 of being wrong that it
 * has grown at all; is clear while growth is below 20 %; unknown between, or with fewer than `minSamples` outcomes.
 * Inputs that moved can raise it too, where the model was always weak: `moved` names them in the summary.
 * @param context.unit of the target
 */
export function judgeConceptDrift(
  outcomes: ErrorSums,
  known: KnownLoss,
  context: { minSamples: number; moved: readonly string[]; unit: string },
): AlertCondition {
  const { n, sum, sumSquares } = lossMoments(known.loss, outcomes);
  const now = n === 0 ? 0 : sum / n;
  const show = (value: number): string => lossText(known.loss, value, context.unit);
  const inputs =
    context.moved.length === 0 ? 'no input moved' : `moved: ${context.moved.join(', ')}`;
  const base = {
    rule: `drift:${CONCEPT}`,
    severity: 'warning',
    summary: `${LOSS_WORDS[known.loss]} ${show(now)} over ${n} outcomes, ${show(known.mean)} when trained; ${inputs}`,
  } as const;
  if (n < Math.max(2, context.minSamples) || known.rows < 2) return { ...base, verdict: 'unknown' };
  if (now < MIN_GROWTH * known.mean) return { ...base, verdict: 'clear' };
  const variance = Math.max(0, sumSquares / n - now * now);
  const error = Math.sqrt(variance / n + known.variance / known.rows);
  const isGrown = now - known.mean > normalQuantile(LOOK_ALPHA, 'upper') * error;
  return { ...base, verdict: isGrown ? 'firing' : 'unknown' };
}
