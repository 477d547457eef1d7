import { assert, unreachable } from '../../../core/assert.ts';
import type { Direction, Trial } from '../trial.ts';
import { isHyperbandPruned } from './hyperband.ts';
import { isStalled } from './patient.ts';
import { isBelowPercentile } from './percentile.ts';
import type { PrunerOptions } from './pruner.ts';
import { isHalved } from './successive-halving.ts';
import { isWilcoxonPruned } from './wilcoxon.ts';

type Race = { trials: readonly Trial[]; directions: readonly Direction[]; seed: number };

/** Whether a running trial should end at its last report. Depends on the reports alone. */
export function isHopeless(pruner: PrunerOptions, race: Race, trial: Trial): boolean {
  assert(race.directions.length === 1, 'pruning needs one objective');
  const state = { trials: race.trials, direction: race.directions[0], seed: race.seed };
  switch (pruner.type) {
    case 'median':
      return isBelowPercentile(trial, state, { ...pruner, percentile: 50 });
    case 'percentile':
      return isBelowPercentile(trial, state, pruner);
    case 'successive-halving':
      return isHalved(trial, state, pruner);
    case 'hyperband':
      return isHyperbandPruned(trial, state, pruner);
    case 'wilcoxon':
      return isWilcoxonPruned(trial, state, pruner);
    case 'patient': {
      if (!isStalled(trial, state.direction, pruner)) return false;
      return pruner.wrapped === undefined || isHopeless(pruner.wrapped, race, trial);
    }
    default:
      return unreachable(pruner);
  }
}
