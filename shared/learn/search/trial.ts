import type { Parameters } from './space.ts';

export type Direction = 'minimize' | 'maximize';

export type TrialState = 'running' | 'complete' | 'pruned' | 'failed';

/** One evaluation of the objective: plain data, safe in JSON. */
export type Trial = {
  number: number;
  parameters: Parameters;
  /** By objective; null until complete. Always finite. */
  values: number[] | null;
  state: TrialState;
  /** Reports of a running evaluation, in the order they came. */
  intermediate: { step: number; value: number }[];
  /** At most 0: kept; above 0: by how much a constraint is violated. */
  constraints?: number[];
  /** Which generation of an evolutionary sampler it belongs to. */
  generation?: number;
  /** How many trials had ended before it; null while it runs. */
  endedAfter: number | null;
};

export const hasEnded = (trial: Trial): boolean => trial.state !== 'running';

/** The objective by which trials are ranked, smaller is better. */
export const lossOf = (value: number, direction: Direction): number =>
  direction === 'minimize' ? value : -value;

/** Losses of a complete trial, one by objective. */
export const lossesOf = (trial: Trial, directions: readonly Direction[]): number[] =>
  (trial.values ?? []).map((value, i) => lossOf(value, directions[i]));

/** Sum of what the constraints are violated by; 0 where all hold or none are told. */
export const violationOf = (trial: Trial): number =>
  (trial.constraints ?? []).reduce((sum, value) => sum + Math.max(0, value), 0);

/** The best complete trial that keeps its constraints, earliest of equals; null without one. */
export function bestTrial(trials: readonly Trial[], direction: Direction): Trial | null {
  let best: Trial | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const trial of trials) {
    if (trial.state !== 'complete' || violationOf(trial) > 0) continue;
    const loss = lossesOf(trial, [direction])[0];
    if (loss < least) {
      best = trial;
      least = loss;
    }
  }
  return best;
}
