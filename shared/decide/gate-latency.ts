import type { NumberProfile, Profile } from '../contracts/profile.ts';
import { LATENCY_EDGES_MS } from '../contracts/profile.ts';
import type { GateResult } from '../contracts/registry.ts';
import { addColumnProfile, countOf, createColumnProfile } from '../stats/profile/column-profile.ts';
import { quantileOfProfile } from '../stats/profile/profile-quantile.ts';
import { currentOf, type GateQuestion, type StepEvidence } from './gate-question.ts';
import { isRateShownAbove, times } from './gate-rates.ts';
import { settledAt, verdictOf } from './gate-verdict.ts';
import { slowerThan } from './telemetry-rates.ts';

/** Share of answers that may be slower than the latency bound. */
const SLOW_SHARE = 0.05;

/** Which latencies of a profile are looked at; null where it has none. */
export type LatencyOf = (profile: Profile) => NumberProfile | null;

/**
 * Is the challenger's 95th percentile of latency within `limit` ms, or `limit` times the champion's?
 * Fails when more than 5 % of answers are shown, by an exact sequential test, to be slower than that.
 * The champion's percentile is taken at the upper end of its own sampling error.
 */
export function judgeLatencyBound(
  question: GateQuestion,
  { isRatio, latencyOf }: { isRatio: boolean; latencyOf: LatencyOf },
): GateResult {
  const { metric, minSamples, steps } = question;
  const current = latencyOf(currentOf(question));
  const n = current ? countOf(current) : 0;
  const base = { metric, n, needed: minSamples };
  const own = merged(steps, 'challenger', latencyOf) ?? emptyLatency();
  const champion = isRatio ? merged(steps, 'champion', latencyOf) : null;
  const limits = limitsOf(question, champion, isRatio);
  if (limits === 'no_champion')
    return { ...base, verdict: 'pass', challenger: null, champion: null, limit: null };
  if (limits === 'unknown')
    return { ...base, verdict: 'insufficient_data', challenger: null, champion: null, limit: null };
  const challenger = quantileOfProfile(own, 0.95);
  const slow = slowerThan(own, limits.strictMs);
  const isShownAt = (factor: number): boolean =>
    isRateShownAbove(times(slow, factor), question, SLOW_SHARE);
  const verdict = verdictOf({
    isFailureShown: isShownAt(1),
    isEnough: n >= minSamples,
    isGood: challenger !== null && challenger <= limits.limitMs,
  });
  return {
    ...base,
    verdict,
    challenger,
    champion: champion ? quantileOfProfile(champion, 0.95) : null,
    limit: limits.limitMs,
    settledAt: settledAt(verdict, { n, needed: minSamples, total: slow.n, isShownAt }),
  };
}

type Limits = { limitMs: number; strictMs: number };

function limitsOf(
  { limit, minSamples, steps }: GateQuestion,
  champion: NumberProfile | null,
  isRatio: boolean,
): Limits | 'no_champion' | 'unknown' {
  if (!isRatio) return { limitMs: limit, strictMs: limit };
  if (steps.every((step) => step.champion === null)) return 'no_champion';
  if (!champion) return 'unknown';
  const n = countOf(champion);
  const percentile = quantileOfProfile(champion, 0.95);
  if (n < minSamples || percentile === null) return 'unknown';
  const upper = Math.min(0.9999, 0.95 + 3 * Math.sqrt((SLOW_SHARE * 0.95) / n));
  return {
    limitMs: limit * percentile,
    strictMs: limit * (quantileOfProfile(champion, upper) ?? percentile),
  };
}

function merged(
  steps: readonly StepEvidence[],
  side: 'challenger' | 'champion',
  latencyOf: LatencyOf,
): NumberProfile | null {
  const whole = emptyLatency();
  const found = steps.flatMap((step) => {
    const profile = step[side];
    return (profile && latencyOf(profile)) ?? [];
  });
  for (const latencyMs of found) addColumnProfile(whole, latencyMs);
  return found.length === 0 ? null : whole;
}

const emptyLatency = (): NumberProfile =>
  createColumnProfile({ type: 'number', edges: LATENCY_EDGES_MS });
