import { type Direction, lossOf, type Trial } from '../trial.ts';
import type { PercentileOptions } from './pruner.ts';

const DEFAULTS: PercentileOptions = {
  ...{ startupTrials: 5, warmupSteps: 0, intervalSteps: 1, leastTrials: 1 },
};

/**
 * Whether the best report so far is worse than a percentile of what complete trials reported at
 * this step. Definition of the percentile: linear interpolation (R type 7) of losses.
 * Source: Golovin et al. (2017), Vizier, median stopping. Reference implementation: Optuna 5.0.0
 * (`PercentilePruner`; the median is its percentile 50).
 * @param percentile share of the trials that is kept, in [0, 100]
 */
export function isBelowPercentile(
  trial: Trial,
  { trials, direction }: { trials: readonly Trial[]; direction: Direction },
  { percentile, ...given }: Partial<PercentileOptions> & { percentile: number },
): boolean {
  const { startupTrials, warmupSteps, intervalSteps, leastTrials } = { ...DEFAULTS, ...given };
  const complete = trials.filter(({ state }) => state === 'complete');
  const step = trial.intermediate.at(-1)?.step;
  if (step === undefined || complete.length === 0 || complete.length < startupTrials) return false;
  if (step < warmupSteps || !isFirstOfInterval(trial, warmupSteps, intervalSteps)) return false;
  const losses = trial.intermediate
    .map(({ value }) => lossOf(value, direction))
    .filter((loss) => !Number.isNaN(loss));
  if (losses.length === 0) return true;
  const others = complete
    .map((other) => reportAt(other, step))
    .filter((value) => value !== undefined)
    .map((value) => lossOf(value, direction));
  const known = others.filter((loss) => !Number.isNaN(loss));
  if (others.length < leastTrials || known.length === 0) return false;
  return Math.min(...losses) > quantile(known, percentile / 100);
}

/** The last report of a step. */
export const reportAt = (trial: Trial, step: number): number | undefined =>
  trial.intermediate.findLast((report) => report.step === step)?.value;

function isFirstOfInterval(trial: Trial, warmupSteps: number, intervalSteps: number): boolean {
  const interval = (step: number): number => Math.floor((step - warmupSteps) / intervalSteps);
  const now = trial.intermediate.at(-1)?.step ?? 0;
  return trial.intermediate.every(({ step }) => step >= now || interval(step) < interval(now));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
