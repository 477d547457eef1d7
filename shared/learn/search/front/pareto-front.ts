import { type Direction, lossesOf, type Trial, violationOf } from '../trial.ts';
import { dominationRanks } from './dominance.ts';

/**
 * Complete trials that keep their constraints and that no other such trial dominates, by number.
 * Trials with equal values are all in it.
 */
export function paretoFront(trials: readonly Trial[], directions: readonly Direction[]): Trial[] {
  const kept = trials.filter((trial) => trial.state === 'complete' && violationOf(trial) === 0);
  const ranks = dominationRanks(kept.map((trial) => lossesOf(trial, directions)));
  return kept.filter((_, i) => ranks[i] === 0);
}
