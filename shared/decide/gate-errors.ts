import type { ErrorSums, Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { currentOf, type GateQuestion } from './gate-question.ts';
import {
  type Comparison,
  championTotalOf,
  compareSteps,
  grown,
  isShownAbove,
  isWithin,
  type Moments,
  pooledVariance,
  settledAt,
  totalOf,
  verdictOf,
} from './gate-verdict.ts';
import { lossMoments } from './loss.ts';

/** What of each outcome is averaged, and whether the metric is the root of that mean. */
export type ErrorMeasure = { momentsOf: (profile: Profile) => Moments; isRoot?: boolean };

const NONE: Moments = { n: 0, sum: 0, sumSquares: 0 };

/** Moments of absolute errors; none of what is not there. */
export const absoluteErrors = (sums: ErrorSums | null): Moments =>
  sums ? lossMoments('mae', sums) : NONE;
const squaredErrors = ({ outcomes }: Profile): Moments => lossMoments('brier', outcomes.model);

/** Squared errors are compared for RMSE; of a classifier their mean is the Brier score. */
export const ERROR_MEASURES = {
  mae: { momentsOf: ({ outcomes }) => absoluteErrors(outcomes.model) },
  rmse: { momentsOf: squaredErrors, isRoot: true },
  brier: { momentsOf: squaredErrors },
  log_loss: { momentsOf: ({ scores }) => scores?.logLoss ?? NONE },
} as const satisfies Record<string, ErrorMeasure>;

/** From the scale of the compared means to the metric's, and back. */
const toMetric = ({ isRoot }: ErrorMeasure, mean: number): number =>
  isRoot ? Math.sqrt(mean) : mean;
const fromMetric = ({ isRoot }: ErrorMeasure, value: number): number =>
  isRoot ? value * value : value;

/** Is the challenger's own error within `limit`, in the metric's units? */
export function judgeErrorBound(question: GateQuestion, error: ErrorMeasure): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const { momentsOf } = error;
  const samples = steps.map(({ challenger }) => momentsOf(challenger)).filter(({ n }) => n > 1);
  const countOf = (profile: Profile): number => momentsOf(profile).n;
  const total = totalOf(steps, countOf);
  const n = countOf(currentOf(question));
  const base = { metric, champion: null, limit, n, needed: minSamples };
  if (samples.length === 0) return { ...base, verdict: 'insufficient_data', challenger: null };
  const count = samples.reduce((sum, sample) => sum + sample.n, 0);
  const mean = samples.reduce((sum, sample) => sum + sample.sum, 0) / count;
  const estimate = mean - fromMetric(error, limit);
  const standardError = Math.sqrt(pooledVariance(samples) / count);
  const running = { estimate, standardError, n: count };
  const isShownAt = (factor: number): boolean =>
    factor * total >= minSamples && isShownAbove(grown(running, factor), question);
  const verdict = verdictOf({
    isFailureShown: isShownAt(1),
    isEnough: n >= minSamples,
    isGood: estimate <= 0,
  });
  const settled = settledAt(verdict, { n, needed: minSamples, total, isShownAt });
  return { ...base, verdict, challenger: toMetric(error, mean), settledAt: settled };
}

/** Is the challenger's error within `limit` times the champion's? */
export function judgeErrorRatio(question: GateQuestion, error: ErrorMeasure): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const { momentsOf } = error;
  const countOf = (profile: Profile): number => momentsOf(profile).n;
  const n = countOf(currentOf(question));
  const base = { metric, n, needed: minSamples };
  const championTotal = championTotalOf(steps, countOf);
  if (championTotal === null)
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  const compared = compareSteps(steps, fromMetric(error, limit), momentsOf);
  if (!compared)
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const total = totalOf(steps, countOf);
  const judged = judgeCompared(question, { compared, n, total, championTotal });
  const champion = toMetric(error, compared.champion);
  const challenger = toMetric(error, compared.challenger);
  return { ...base, ...judged, challenger, champion, limit: limit * champion };
}

/** The verdict on a difference that is bad when it is above zero. */
export function judgeCompared(
  question: GateQuestion,
  found: { compared: Comparison; n: number; total: number; championTotal: number },
): Pick<GateResult, 'verdict' | 'settledAt'> {
  const { minSamples } = question;
  const { compared, n, total, championTotal } = found;
  const running = { ...compared, estimate: compared.difference };
  const isCompared = (factor: number): boolean =>
    factor * total >= minSamples && factor * championTotal >= minSamples;
  const isShownAt = (factor: number): boolean =>
    isCompared(factor) && isShownAbove(grown(running, factor), question);
  const verdict = verdictOf({
    isFailureShown: isShownAt(1),
    isEnough: n >= minSamples && isCompared(1),
    isGood: isWithin(compared),
  });
  return { verdict, settledAt: settledAt(verdict, { n, needed: minSamples, total, isShownAt }) };
}
