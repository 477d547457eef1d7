import type { Profile } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { logEvidenceAbove } from '../stats/sequential/proportion.ts';
import { currentOf, type GateQuestion } from './gate-question.ts';
import {
  championTotalOf,
  compareSteps,
  grown,
  isShownAbove,
  isWithin,
  settledAt,
  totalOf,
  verdictOf,
} from './gate-verdict.ts';
import type { Rate } from './telemetry-rates.ts';

/** Events both sides must have had together before a difference of rates is tested as normal. */
const MIN_EVENTS = 10;

export type RateOf = (profile: Profile) => Rate;

/** Is the challenger's rate within `limit`? Fails on an exact sequential test. */
export function judgeRateBound(question: GateQuestion, rateOf: RateOf): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const rate = {
    events: totalOf(steps, (profile) => rateOf(profile).events),
    n: totalOf(steps, (profile) => rateOf(profile).n),
  };
  const { n } = rateOf(currentOf(question));
  const verdict = verdictOf({
    isFailureShown: isRateShownAbove(rate, question, limit),
    isEnough: n >= minSamples,
    isGood: rate.n > 0 && rate.events / rate.n <= limit,
  });
  return {
    metric,
    verdict,
    challenger: rate.n === 0 ? null : rate.events / rate.n,
    champion: null,
    limit,
    n,
    needed: minSamples,
    settledAt: settledAt(verdict, {
      n,
      needed: minSamples,
      total: rate.n,
      isShownAt: (factor) => isRateShownAbove(times(rate, factor), question, limit),
    }),
  };
}

export const times = ({ events, n }: Rate, factor: number): Rate => ({
  events: events * factor,
  n: n * factor,
});

export function isRateShownAbove(
  rate: Rate,
  { alpha, minSamples }: Pick<GateQuestion, 'alpha' | 'minSamples'>,
  limit: number,
): boolean {
  const isEnough = rate.n >= minSamples;
  return isEnough && logEvidenceAbove(rate.events, rate.n, limit) >= -Math.log(alpha);
}

/** Is the challenger's rate within `limit` times the champion's? */
export function judgeRateRatio(question: GateQuestion, rateOf: RateOf): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const { n } = rateOf(currentOf(question));
  const base = { metric, n, needed: minSamples };
  const championN = championTotalOf(steps, (profile) => rateOf(profile).n);
  if (championN === null)
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  const compared = compareSteps(steps, limit, (profile) => {
    const { events, n: answers } = rateOf(profile);
    return { n: answers, sum: events, sumSquares: events };
  });
  if (!compared)
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const countEvents = (profile: Profile): number => rateOf(profile).events;
  const events = totalOf(steps, countEvents) + (championTotalOf(steps, countEvents) ?? 0);
  const total = totalOf(steps, (profile) => rateOf(profile).n);
  const running = { ...compared, estimate: compared.difference };
  const isShownAt = (factor: number): boolean =>
    factor * events >= MIN_EVENTS &&
    factor * total >= minSamples &&
    isShownAbove(grown(running, factor), question);
  const verdict = verdictOf({
    isFailureShown: isShownAt(1),
    isEnough: n >= minSamples && championN >= minSamples,
    isGood: isWithin(compared),
  });
  const { challenger, champion } = compared;
  const settled = settledAt(verdict, { n, needed: minSamples, total, isShownAt });
  return { ...base, verdict, challenger, champion, limit: limit * champion, settledAt: settled };
}

/**
 * Is a share that should be large at least `limit`? What is judged is its complement; what is told is the share.
 * @param question.limit in [0, 1]
 */
export function judgeShareAtLeast(question: GateQuestion, rateOf: RateOf): GateResult {
  const failing = (profile: Profile): Rate => {
    const { events, n } = rateOf(profile);
    return { events: n - events, n };
  };
  const result = judgeRateBound({ ...question, limit: 1 - question.limit }, failing);
  const { challenger } = result;
  return {
    ...result,
    challenger: challenger === null ? null : 1 - challenger,
    limit: question.limit,
  };
}
