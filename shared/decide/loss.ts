import type { Task } from '../contracts/declaration.ts';
import type { ModelMetrics } from '../contracts/manifest.ts';
import type { ErrorSums } from '../contracts/profile.ts';
import type { VersionSummary } from '../contracts/registry.ts';
import { quantity } from '../core/quantity.ts';
import type { Moments } from './gate-verdict.ts';

/** By what a model is followed: the mean absolute error of a regression, the Brier score of a classifier. */
export type LossName = 'mae' | 'brier';

/** A model's loss where its outcomes were known: out of fold. */
export type KnownLoss = {
  loss: LossName;
  mean: number;
  /** Of one row's. */
  variance: number;
  rows: number;
};

export const LOSS_WORDS: Record<LossName, string> = { mae: 'MAE', brier: 'Brier score' };

/** A loss to three digits, an error in the unit of the target. */
export const lossText = (loss: LossName, value: number, unit: string): string =>
  loss === 'mae' ? quantity(value, unit) : String(Number(value.toPrecision(3)));

export const lossNameOf = (task: Task['type']): LossName => (task === 'binary' ? 'brier' : 'mae');

/** The loss of each counted outcome, summed. */
export const lossMoments = (loss: LossName, sums: ErrorSums): Moments =>
  loss === 'brier'
    ? { n: sums.n, sum: sums.sumSquares, sumSquares: sums.sumFourth }
    : { n: sums.n, sum: sums.sumAbsolute, sumSquares: sums.sumSquares };

export function knownLossOf(metrics: ModelMetrics): KnownLoss {
  const { rows } = metrics;
  if ('brier' in metrics)
    return { loss: 'brier', mean: metrics.brier, variance: brierVariance(metrics.brier), rows };
  const variance = Math.max(0, metrics.rmse ** 2 - metrics.mae ** 2);
  return { loss: 'mae', mean: metrics.mae, variance, rows };
}

/** The largest that squared distances of this mean can have: each is in [0, 1], so its square is no larger. */
const brierVariance = (brier: number): number => Math.max(0, brier * (1 - brier));

/** What a summary says of a loss; null where nothing was counted. */
export function summarisedLoss(
  loss: LossName,
  { mae, rmse, classifier }: VersionSummary,
): { mean: number; variance: number } | null {
  const mean = loss === 'mae' ? mae : (classifier?.brier ?? null);
  if (mean === null) return null;
  const ofErrors = Math.max(0, (rmse ?? 0) ** 2 - mean ** 2);
  return { mean, variance: loss === 'mae' ? ofErrors : brierVariance(mean) };
}
