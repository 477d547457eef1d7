import type { PrunerOptions } from '../../shared/learn/search/pruners/pruner.ts';

/** Ways to give a trial up between folds. */
export const PRUNERS = [
  ...(['median', 'percentile', 'successive-halving', 'hyperband'] as const),
  ...(['patient', 'wilcoxon', 'none'] as const),
];
export type PrunerName = (typeof PRUNERS)[number];

/** Fold means of two folds say little: percentiles look from the second on. */
const PERCENTILE = { warmupSteps: 2 };

/** A pruner for trials that report once a fold. */
export function prunerOf(name: PrunerName, folds: number): PrunerOptions | null {
  switch (name) {
    case 'none':
      return null;
    case 'median':
      return { type: 'median', ...PERCENTILE };
    case 'percentile':
      return { type: 'percentile', percentile: 25, ...PERCENTILE };
    case 'successive-halving':
      return { type: 'successive-halving', leastSteps: 1, reductionFactor: 2 };
    case 'hyperband':
      return { type: 'hyperband', leastSteps: 1, mostSteps: folds, reductionFactor: 2 };
    case 'patient':
      return { type: 'patient', patience: 1, wrapped: { type: 'median', ...PERCENTILE } };
    case 'wilcoxon':
      return { type: 'wilcoxon' };
  }
}

/** Wilcoxon's test pairs the losses of single folds; the others compare means of those so far. */
export const reportOf = (pruner: PrunerOptions | null, losses: readonly number[]): number =>
  pruner?.type === 'wilcoxon'
    ? losses[losses.length - 1]
    : losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
