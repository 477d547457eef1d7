import { dominationRanks } from '../front/dominance.ts';
import { referencePoint, spreadSubset } from '../front/spread-subset.ts';
import { type Direction, lossesOf, lossOf, type Trial, violationOf } from '../trial.ts';

/** Trials to seek the neighbourhood of, and those to keep away from; each by number. */
export type Split = { below: Trial[]; above: Trial[] };

/**
 * The best `size` trials against the rest. Complete trials come first, then pruned ones (those
 * that got further first, then by their last report), then those that violate constraints (by how
 * much). Running trials count as bad: the constant liar of Ginsbourger et al. (2010). Failed ones
 * are left out. Reference implementation: Optuna 5.0.0 (`_split_trials`).
 */
export function splitTrials(
  trials: readonly Trial[],
  size: number,
  directions: readonly Direction[],
): Split {
  const kept = trials.filter((trial) => trial.state !== 'failed');
  const isOut = (trial: Trial): boolean => trial.state !== 'running' && violationOf(trial) > 0;
  const complete = kept.filter((trial) => trial.state === 'complete' && !isOut(trial));
  const pruned = kept.filter((trial) => trial.state === 'pruned' && !isOut(trial));
  const ranked = [
    ...bestFirst(complete, size, directions),
    ...prunedFirst(pruned, directions[0]),
    ...kept.filter(isOut).sort((a, b) => violationOf(a) - violationOf(b)),
  ];
  const best = new Set(ranked.slice(0, size));
  return {
    below: kept.filter((trial) => best.has(trial)),
    above: kept.filter((trial) => !best.has(trial)),
  };
}

/** Trials with the best `size` at the front. */
function bestFirst(trials: Trial[], size: number, directions: readonly Direction[]): Trial[] {
  if (directions.length > 1) return bestOfSeveral(trials, size, directions);
  const losses = new Map(trials.map((trial) => [trial, lossesOf(trial, directions)[0]]));
  return [...trials].sort((a, b) => losses.get(a)! - losses.get(b)!);
}

/** By rank of domination; of the rank that does not fit, the points that spread furthest. */
function bestOfSeveral(trials: Trial[], size: number, directions: readonly Direction[]): Trial[] {
  const losses = trials.map((trial) => lossesOf(trial, directions));
  const ranks = dominationRanks(losses);
  const chosen: number[] = [];
  for (let rank = 0; chosen.length < size && chosen.length < trials.length; rank++) {
    const level = trials.map((_, i) => i).filter((i) => ranks[i] === rank);
    const room = size - chosen.length;
    if (level.length <= room) chosen.push(...level);
    else {
      const points = level.map((i) => losses[i]);
      chosen.push(...spreadSubset(points, room, referencePoint(points)).map((i) => level[i]));
    }
  }
  const isChosen = new Set(chosen);
  const rest = trials.map((_, i) => i).filter((i) => !isChosen.has(i));
  return [...chosen, ...rest].map((i) => trials[i]);
}

function prunedFirst(trials: Trial[], direction: Direction): Trial[] {
  const last = (trial: Trial) => trial.intermediate.at(-1);
  const loss = (trial: Trial): number => lossOf(last(trial)?.value ?? 0, direction);
  const step = (trial: Trial): number => last(trial)?.step ?? -1;
  return [...trials].sort((a, b) => step(b) - step(a) || loss(a) - loss(b));
}
