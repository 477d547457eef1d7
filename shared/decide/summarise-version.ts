import type { Task } from '../contracts/declaration.ts';
import type { ErrorSums, Profile, ScoreCounts } from '../contracts/profile.ts';
import type { ClassifierSummary, VersionSummary } from '../contracts/registry.ts';
import { calibrationOf } from '../stats/performance/score-calibration.ts';
import {
  confusionAt,
  decisionFigures,
  logLossOf,
  rocAucOf,
} from '../stats/performance/score-figures.ts';
import { quantileOfProfile } from '../stats/profile/profile-quantile.ts';
import { createScores } from '../stats/profile/score-counts.ts';
import { errorRateOf, fallbackRateOf, type Rate } from './telemetry-rates.ts';

/**
 * What the console and the API show of one version's traffic. What nothing was counted for is null.
 * @param task the version's; null where none is known, and then the errors are a regression's
 */
export function summariseVersion(
  version: string | null,
  profile: Profile,
  task: Task | null = null,
): VersionSummary {
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
    ...(task?.type === 'binary'
      ? { ...NO_ERRORS, classifier: summariseClassifier(profile, task.threshold) }
      : summariseErrors(profile)),
  };
}

type Errors = Pick<VersionSummary, 'mae' | 'rmse' | 'r2' | 'fallbackMae'>;

const NO_ERRORS: Errors = { mae: null, rmse: null, r2: null, fallbackMae: null };

const summariseErrors = ({ outcomes: { model, fallback } }: Profile): Errors => ({
  mae: maeOf(model),
  rmse: model.n === 0 ? null : Math.sqrt(model.sumSquares / model.n),
  r2: r2Of(model),
  fallbackMae: maeOf(fallback),
});

function summariseClassifier({ outcomes, scores }: Profile, threshold: number): ClassifierSummary {
  const counts: ScoreCounts = scores ?? createScores();
  return {
    brier: brierOf(outcomes.model),
    logLoss: logLossOf(counts),
    rocAuc: rocAucOf(counts),
    ...decisionFigures(confusionAt(counts, threshold)),
    calibrationError: calibrationOf(counts)?.errorBeyondChance ?? null,
    fallbackBrier: brierOf(outcomes.fallback),
  };
}

/** Events / n; null when n is 0. */
export const shareOf = ({ events, n }: Rate): number | null => (n === 0 ? null : events / n);

/** Mean absolute error, target units; null without outcomes. */
export const maeOf = (sums: ErrorSums): number | null =>
  sums.n === 0 ? null : sums.sumAbsolute / sums.n;

/** Mean square of outcome - probability; null without outcomes. */
const brierOf = (sums: ErrorSums): number | null =>
  sums.n === 0 ? null : sums.sumSquares / sums.n;

/** 1 - squared error / squared deviation from the mean; null for fewer than two outcomes or a constant target. */
export function r2Of(sums: ErrorSums): number | null {
  if (sums.n < 2) return null;
  const deviation = sums.sumTargetSquares - (sums.sumTarget * sums.sumTarget) / sums.n;
  const isConstant = deviation <= 1e-12 * sums.sumTargetSquares;
  return isConstant ? null : 1 - sums.sumSquares / deviation;
}
