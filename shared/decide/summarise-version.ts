import type { ErrorSums, Profile } from '../contracts/profile.ts';
import type { VersionSummary } from '../contracts/registry.ts';
import { quantileOfProfile } from '../stats/profile/profile-quantile.ts';
import { errorRateOf, fallbackRateOf, type Rate } from './telemetry-rates.ts';

/** What the console and the API show of one version's traffic. What nothing was counted for is null. */
export function summariseVersion(version: string | null, profile: Profile): VersionSummary {
  const { model, fallback } = profile.outcomes;
  const { predictions, latencyMs } = profile;
  return {
    version,
    predictions: predictions.model + predictions.fallback,
    bySource: { ...predictions },
    byReason: { ...profile.reasons },
    fallbackRate: shareOf(fallbackRateOf(profile)),
    errorRate: shareOf(errorRateOf(profile)),
    latencyMs: {
      p50: quantileOfProfile(latencyMs, 0.5),
      p95: quantileOfProfile(latencyMs, 0.95),
      p99: quantileOfProfile(latencyMs, 0.99),
    },
    outcomes: model.n + fallback.n,
    mae: maeOf(model),
    rmse: model.n === 0 ? null : Math.sqrt(model.sumSquares / model.n),
    r2: r2Of(model),
    fallbackMae: maeOf(fallback),
  };
}

/** Events / n; null when n is 0. */
export const shareOf = ({ events, n }: Rate): number | null => (n === 0 ? null : events / n);

/** Mean absolute error, target units; null without outcomes. */
export const maeOf = (sums: ErrorSums): number | null =>
  sums.n === 0 ? null : sums.sumAbsolute / sums.n;

/** 1 - squared error / squared deviation from the mean; null for fewer than two outcomes or a constant target. */
export function r2Of(sums: ErrorSums): number | null {
  if (sums.n < 2) return null;
  const deviation = sums.sumTargetSquares - (sums.sumTarget * sums.sumTarget) / sums.n;
  const isConstant = deviation <= 1e-12 * sums.sumTargetSquares;
  return isConstant ? null : 1 - sums.sumSquares / deviation;
}
