import type { Profile } from '../contracts/profile.ts';
import { LATENCY_EDGES_MS } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { addColumnProfile, countOf, createColumnProfile } from '../stats/profile/column-profile.ts';
import { quantileOfProfile } from '../stats/profile/profile-quantile.ts';
import { logEvidenceAbove } from '../stats/sequential/proportion.ts';
import type { GateQuestion, StepEvidence } from './gate-question.ts';
import {
  championTotalOf,
  compareSteps,
  isShownAbove,
  isWithin,
  totalOf,
  verdictOf,
} from './gate-verdict.ts';
import { errorRateOf, fallbackRateOf, type Rate, slowerThan } from './telemetry-rates.ts';

/** Events both sides must have had together before a difference of rates is tested as normal. */
const MIN_EVENTS = 10;
/** Share of answers that may be slower than the latency bound. */
const SLOW_SHARE = 0.05;

const rateOf = (metric: GateQuestion['metric']): ((profile: Profile) => Rate) =>
  metric === 'error_rate' ? errorRateOf : fallbackRateOf;

/** Is the challenger's rate within `limit`? Fails on an exact sequential test. */
export function judgeRateBound(question: GateQuestion): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const rate = rateOf(metric);
  const events = totalOf(steps, (profile) => rate(profile).events);
  const total = totalOf(steps, (profile) => rate(profile).n);
  const { n } = rate(steps[steps.length - 1].challenger);
  const verdict = verdictOf({
    isFailureShown: isRateShownAbove({ events, n: total }, question, limit),
    isEnough: n >= minSamples,
    isGood: total > 0 && events / total <= limit,
  });
  const challenger = total === 0 ? null : events / total;
  return { metric, verdict, challenger, champion: null, limit, n, needed: minSamples };
}

function isRateShownAbove(rate: Rate, question: GateQuestion, limit: number): boolean {
  const { alpha, minSamples } = question;
  const isEnough = rate.n >= minSamples;
  return isEnough && logEvidenceAbove(rate.events, rate.n, limit) >= -Math.log(alpha);
}

/** Is the challenger's rate within `limit` times the champion's? */
export function judgeRateRatio(question: GateQuestion): GateResult {
  const { metric, limit, minSamples, steps } = question;
  const rate = rateOf(metric);
  const { n } = rate(steps[steps.length - 1].challenger);
  const base = { metric, n, needed: minSamples };
  const championN = championTotalOf(steps, (profile) => rate(profile).n);
  if (championN === null)
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  const compared = compareSteps(steps, limit, (profile) => {
    const { events, n: answers } = rate(profile);
    return { n: answers, sum: events, sumSquares: events };
  });
  if (!compared)
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const countEvents = (profile: Profile): number => rate(profile).events;
  const events = totalOf(steps, countEvents) + (championTotalOf(steps, countEvents) ?? 0);
  const verdict = verdictOf({
    isFailureShown:
      events >= MIN_EVENTS &&
      totalOf(steps, (profile) => rate(profile).n) >= minSamples &&
      isShownAbove({ ...compared, estimate: compared.difference }, question),
    isEnough: n >= minSamples && championN >= minSamples,
    isGood: isWithin(compared),
  });
  const { challenger, champion } = compared;
  return { ...base, verdict, challenger, champion, limit: limit * champion };
}

/**
 * Is the challenger's 95th percentile of latency within `limit` ms, or `limit` times the champion's?
 * Fails when more than 5 % of answers are shown, by an exact sequential test, to be slower than that.
 * The champion's percentile is taken at the upper end of its own sampling error.
 */
export function judgeLatencyBound(question: GateQuestion, isRatio: boolean): GateResult {
  const { metric, minSamples, steps } = question;
  const n = countOf(steps[steps.length - 1].challenger.latencyMs);
  const base = { metric, n, needed: minSamples };
  const own = latencyOf(steps, 'challenger');
  const champion = isRatio ? latencyOf(steps, 'champion') : null;
  const limits = limitsOf(question, champion, isRatio);
  if (limits === 'no_champion')
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  if (limits === 'unknown')
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const challenger = quantileOfProfile(own!, 0.95);
  const slow = sumRates(steps.map((step) => slowerThan(step.challenger, limits.strictMs)));
  const verdict = verdictOf({
    isFailureShown: isRateShownAbove(slow, question, SLOW_SHARE),
    isEnough: n >= minSamples,
    isGood: challenger !== null && challenger <= limits.limitMs,
  });
  const championMs = champion ? quantileOfProfile(champion, 0.95) : null;
  return { ...base, verdict, challenger, champion: championMs, limit: limits.limitMs };
}

type Limits = { limitMs: number; strictMs: number };

function limitsOf(
  { limit, minSamples }: GateQuestion,
  champion: Profile['latencyMs'] | null,
  isRatio: boolean,
): Limits | 'no_champion' | 'unknown' {
  if (!isRatio) return { limitMs: limit, strictMs: limit };
  if (!champion) return 'no_champion';
  const n = countOf(champion);
  const percentile = quantileOfProfile(champion, 0.95);
  if (n < minSamples || percentile === null) return 'unknown';
  const upper = Math.min(0.9999, 0.95 + 3 * Math.sqrt((SLOW_SHARE * 0.95) / n));
  return {
    limitMs: limit * percentile,
    strictMs: limit * (quantileOfProfile(champion, upper) ?? percentile),
  };
}

function latencyOf(
  steps: readonly StepEvidence[],
  side: 'challenger' | 'champion',
): Profile['latencyMs'] | null {
  const merged = createColumnProfile({ type: 'number', edges: LATENCY_EDGES_MS });
  const profiles = steps.flatMap((step) => step[side] ?? []);
  for (const { latencyMs } of profiles) addColumnProfile(merged, latencyMs);
  return profiles.length === 0 ? null : merged;
}

const sumRates = (rates: readonly Rate[]): Rate =>
  rates.reduce((sum, rate) => ({ events: sum.events + rate.events, n: sum.n + rate.n }), {
    events: 0,
    n: 0,
  });
