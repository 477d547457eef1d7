import type { Monitors } from '../contracts/declaration.ts';
import type { ErrorSums, Profile } from '../contracts/profile.ts';
import type { DriftResult } from '../contracts/registry.ts';
import { proportionBounds } from '../stats/distributions/binomial.ts';
import { normalQuantile } from '../stats/distributions/normal.ts';
import type { AlertCondition } from './alerts.ts';
import { LOSS_WORDS, type LossName, lossMoments, lossText } from './loss.ts';
import { errorRateOf, fallbackRateOf, type Rate } from './telemetry-rates.ts';

/** Chance that one look says a bound is broken that holds: small, since one looks at every fold. */
const LOOK_ALPHA = 0.001;

/**
 * What the declared monitors say of one window of one version's traffic.
 *
 * A bound fires when the window shows it broken (exact lower bound on a rate, normal lower bound on MAE or Brier score, each
 * wrong with chance 0.001 a look), is clear when the estimate is within it, and unknown between or with fewer
 * than `minSamples`: the gap between the two is the hysteresis. Drift fires and clears by its own verdict.
 * @param window.unit of the target
 * @param window.labelOf an input's label, as its declaration gives it
 */
export function judgeMonitors(
  monitors: Monitors,
  window: {
    profile: Profile;
    drift: readonly DriftResult[];
    unit: string;
    labelOf: (input: string) => string;
  },
): AlertCondition[] {
  const { profile, drift, unit, labelOf } = window;
  const conditions = drift.map((result) => driftCondition(result, labelOf(result.input)));
  conditions.push(
    rateCondition(
      { rule: 'fallback_rate', name: 'Fallback rate' },
      fallbackRateOf(profile),
      monitors.fallbackRate,
    ),
    rateCondition(
      { rule: 'error_rate', name: 'Error rate' },
      errorRateOf(profile),
      monitors.errorRate,
    ),
  );
  for (const loss of ['mae', 'brier'] as const) {
    const bound = monitors[loss];
    if (bound) conditions.push(lossCondition(loss, profile.outcomes.model, { ...bound, unit }));
  }
  return conditions;
}

/**
 * The condition of one column's drift, or of the model's answers.
 * @param of what drifts, in words
 */
export function driftCondition(result: DriftResult, of: string): AlertCondition {
  const verdicts = { drift: 'firing', no_drift: 'clear', insufficient_data: 'unknown' } as const;
  const numbers =
    result.psi === null || result.adjustedPValue === null
      ? `${result.n} of ${result.needed} samples`
      : `PSI ${short(result.psi)}, adjusted p ${chance(result.adjustedPValue)}, n ${result.n}`;
  return {
    rule: `drift:${result.input}`,
    severity: 'warning',
    verdict: verdicts[result.verdict],
    summary: `Drift of ${of}: ${numbers}`,
  };
}

type Bound = { max: number; minSamples: number };

function rateCondition(
  { rule, name }: { rule: string; name: string },
  { events, n }: Rate,
  bound: Bound,
): AlertCondition {
  const share = n === 0 ? 0 : events / n;
  const summary = `${name} ${percent(share)} (${events} of ${n}), limit ${percent(bound.max)}`;
  const base = { rule, severity: 'critical', summary } as const;
  if (n < bound.minSamples) return { ...base, verdict: 'unknown' };
  if (share <= bound.max) return { ...base, verdict: 'clear' };
  const [lower] = proportionBounds(events, n, LOOK_ALPHA);
  return { ...base, verdict: lower > bound.max ? 'firing' : 'unknown' };
}

function lossCondition(
  rule: LossName,
  outcomes: ErrorSums,
  bound: Bound & { unit: string },
): AlertCondition {
  const { n, sum, sumSquares } = lossMoments(rule, outcomes);
  const mean = n === 0 ? 0 : sum / n;
  const show = (value: number): string => lossText(rule, value, bound.unit);
  const summary = `${LOSS_WORDS[rule]} ${show(mean)} over ${n} outcomes, limit ${show(bound.max)}`;
  const base = { rule, severity: 'critical', summary } as const;
  if (n < Math.max(2, bound.minSamples)) return { ...base, verdict: 'unknown' };
  if (mean <= bound.max) return { ...base, verdict: 'clear' };
  const variance = Math.max(0, sumSquares / n - mean * mean) * (n / (n - 1));
  const lower = mean - normalQuantile(LOOK_ALPHA, 'upper') * Math.sqrt(variance / n);
  return { ...base, verdict: lower > bound.max ? 'firing' : 'unknown' };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
const chance = (p: number): string => (p < 1e-4 ? '< 0.0001' : short(p));
const percent = (share: number): string => `${short(share * 100)} %`;
