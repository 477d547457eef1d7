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

/** Absolute errors are compared for MAE, squared errors for RMSE. */
export type ErrorMetric = 'mae' | 'rmse';
/** Which outcomes of a profile are looked at; null where it has none. */
export type ErrorsOf = (profile: Profile) => ErrorSums | null;
type Asked = { error: ErrorMetric; errorsOf: ErrorsOf };

export const modelErrors: ErrorsOf = ({ outcomes }) => outcomes.model;

const NONE: Moments = { n: 0, sum: 0, sumSquares: 0 };

export function momentsOf(metric: ErrorMetric, sums: ErrorSums | null): Moments {
  if (!sums) return NONE;
  return metric === 'rmse'
    ? { n: sums.n, sum: sums.sumSquares, sumSquares: sums.sumFourth }
    : { n: sums.n, sum: sums.sumAbsolute, sumSquares: sums.sumSquares };
}

/** From the scale of the compared means to the metric's, and back. */
const toMetric = (metric: ErrorMetric, mean: number): number =>
  metric === 'rmse' ? Math.sqrt(mean) : mean;
const fromMetric = (metric: ErrorMetric, value: number): number =>
  metric === 'rmse' ? value * value : value;

/** Is the challenger's own error within `limit`, target units? */
export function judgeErrorBound(question: GateQuestion, { error, errorsOf }: Asked): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const samples = steps
    .map(({ challenger }) => momentsOf(error, errorsOf(challenger)))
    .filter(({ n }) => n > 1);
  const countOf = (profile: Profile): number => errorsOf(profile)?.n ?? 0;
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
export function judgeErrorRatio(question: GateQuestion, { error, errorsOf }: Asked): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const countOf = (profile: Profile): number => errorsOf(profile)?.n ?? 0;
  const n = countOf(currentOf(question));
  const base = { metric, n, needed: minSamples };
  const championTotal = championTotalOf(steps, countOf);
  if (championTotal === null)
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  const compared = compareSteps(steps, fromMetric(error, limit), (profile) =>
    momentsOf(error, errorsOf(profile)),
  );
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
