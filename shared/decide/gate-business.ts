import type { Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { judgeCompared } from './gate-errors.ts';
import { currentOf, type GateQuestion } from './gate-question.ts';
import {
  championTotalOf,
  compareSteps,
  grown,
  isShownAbove,
  type Moments,
  pooledVariance,
  settledAt,
  totalOf,
  verdictOf,
} from './gate-verdict.ts';

/**
 * What the application counted, per prediction. The variance is that of a compound Poisson sum, sum of squares / n:
 * no smaller than that of one count a prediction at most, and right for several.
 */
function businessOf(profile: Profile, name: string): Moments {
  const n = answersOf(profile);
  const sums = Object.hasOwn(profile.business, name) ? profile.business[name] : null;
  if (!sums || n === 0) return { n, sum: 0, sumSquares: 0 };
  return { n, sum: sums.sum, sumSquares: sums.sumSquares + (sums.sum * sums.sum) / n };
}

const answersOf = ({ predictions }: Profile): number => predictions.model + predictions.fallback;

/** Is the challenger's amount a prediction at least `limit`? */
export function judgeBusinessBound(question: GateQuestion, name: string): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const n = answersOf(currentOf(question));
  const base = { metric, champion: null, limit, n, needed: minSamples };
  const samples = steps
    .map(({ challenger }) => businessOf(challenger, name))
    .filter((sample) => sample.n > 1);
  if (samples.length === 0) return { ...base, verdict: 'insufficient_data', challenger: null };
  const total = totalOf(steps, answersOf);
  const mean = samples.reduce((sum, sample) => sum + sample.sum, 0) / total;
  const standardError = Math.sqrt(varianceOf(samples, limit) / total);
  const running = { estimate: limit - mean, standardError, n: total };
  const isShownAt = (factor: number): boolean =>
    factor * total >= minSamples && isShownAbove(grown(running, factor), question);
  const verdict = verdictOf({
    isFailureShown: isShownAt(1),
    isEnough: n >= minSamples,
    isGood: mean >= limit,
  });
  const settled = settledAt(verdict, { n, needed: minSamples, total, isShownAt });
  return { ...base, verdict, challenger: mean, settledAt: settled };
}

/** Nothing counted yet has no variance, and shows nothing by that: then a Poisson count's at the limit. */
const varianceOf = (samples: readonly Moments[], limit: number): number =>
  pooledVariance(samples) || Math.abs(limit);

/** Is the challenger's amount a prediction at least `limit` times the champion's? */
export function judgeBusinessRatio(question: GateQuestion, name: string): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const n = answersOf(currentOf(question));
  const base = { metric, n, needed: minSamples };
  const championTotal = championTotalOf(steps, answersOf);
  if (championTotal === null)
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  const compared = compareSteps(steps, limit, (profile) => businessOf(profile, name));
  if (!compared)
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  // Less is worse: what is judged is how far the challenger falls short.
  const judged = judgeCompared(question, {
    compared: { ...compared, difference: -compared.difference },
    n,
    total: totalOf(steps, answersOf),
    championTotal,
  });
  const { challenger, champion } = compared;
  return { ...base, ...judged, challenger, champion, limit: limit * champion };
}
