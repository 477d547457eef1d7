import type { Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import type { GateQuestion } from './gate-question.ts';
import {
  championTotalOf,
  compareSteps,
  isShownAbove,
  isWithin,
  type Moments,
  pooledVariance,
  totalOf,
  verdictOf,
} from './gate-verdict.ts';

const outcomesOf = (profile: Profile): number => profile.outcomes.model.n;

/** Absolute errors for MAE, squared errors for RMSE: the means that are compared. */
function momentsOf(metric: GateQuestion['metric']): (profile: Profile) => Moments {
  return ({ outcomes: { model } }) =>
    metric === 'rmse'
      ? { n: model.n, sum: model.sumSquares, sumSquares: model.sumFourth }
      : { n: model.n, sum: model.sumAbsolute, sumSquares: model.sumSquares };
}

/** From the scale of the compared means to the metric's, and back. */
const toMetric = (metric: GateQuestion['metric'], mean: number): number =>
  metric === 'rmse' ? Math.sqrt(mean) : mean;
const fromMetric = (metric: GateQuestion['metric'], value: number): number =>
  metric === 'rmse' ? value * value : value;

/** Is the challenger's own error within `limit`, target units? */
export function judgeErrorBound(question: GateQuestion): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const samples = steps
    .map(({ challenger }) => momentsOf(metric)(challenger))
    .filter(({ n }) => n > 1);
  const total = totalOf(steps, outcomesOf);
  const n = outcomesOf(steps[steps.length - 1].challenger);
  const base = { metric, champion: null, limit, n, needed: minSamples };
  if (samples.length === 0) return { ...base, verdict: 'insufficient_data', challenger: null };
  const count = samples.reduce((sum, sample) => sum + sample.n, 0);
  const mean = samples.reduce((sum, sample) => sum + sample.sum, 0) / count;
  const estimate = mean - fromMetric(metric, limit);
  const standardError = Math.sqrt(pooledVariance(samples) / count);
  const verdict = verdictOf({
    isFailureShown:
      total >= minSamples && isShownAbove({ estimate, standardError, n: count }, question),
    isEnough: n >= minSamples,
    isGood: estimate <= 0,
  });
  return { ...base, verdict, challenger: toMetric(metric, mean) };
}

/** Is the challenger's error within `limit` times the champion's? */
export function judgeErrorRatio(question: GateQuestion): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const n = outcomesOf(steps[steps.length - 1].challenger);
  const base = { metric, n, needed: minSamples };
  const championTotal = championTotalOf(steps, outcomesOf);
  if (championTotal === null)
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  const compared = compareSteps(steps, fromMetric(metric, limit), momentsOf(metric));
  if (!compared)
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const isCompared = totalOf(steps, outcomesOf) >= minSamples && championTotal >= minSamples;
  const verdict = verdictOf({
    isFailureShown:
      isCompared && isShownAbove({ ...compared, estimate: compared.difference }, question),
    isEnough: n >= minSamples && isCompared,
    isGood: isWithin(compared),
  });
  const champion = toMetric(metric, compared.champion);
  const challenger = toMetric(metric, compared.challenger);
  return { ...base, verdict, challenger, champion, limit: limit * champion };
}
