import type { Direction, Trial } from '../trial.ts';
import { trialSeed } from '../trial-seed.ts';
import type { HyperbandOptions } from './pruner.ts';
import { firstSteps, isHalved } from './successive-halving.ts';

const DEFAULTS: HyperbandOptions = {
  ...{ leastSteps: 1, mostSteps: 'auto', reductionFactor: 3, bootstrapTrials: 0 },
};

/**
 * Successive halving in several brackets, each with a first rung of its own; trials fall into them
 * by the share of the budget that Hyperband gives each, and compete within.
 * Source: Li et al. (2018). Reference implementation: Optuna 5.0.0 (`HyperbandPruner`).
 */
export function isHyperbandPruned(
  trial: Trial,
  state: { trials: readonly Trial[]; direction: Direction; seed: number },
  given: Partial<HyperbandOptions> = {},
): boolean {
  const options = { ...DEFAULTS, ...given };
  const { leastSteps, reductionFactor, bootstrapTrials } = options;
  const first = firstSteps(state.trials, 1);
  const mostSteps =
    options.mostSteps === 'auto' ? (first === null ? null : first + 1) : options.mostSteps;
  if (mostSteps === null) return false;
  const budgets = bracketBudgets(mostSteps / leastSteps, reductionFactor);
  const bracketOf = (number: number): number => bracketAt(budgets, trialSeed(state.seed, number));
  const earlyRate = bracketOf(trial.number);
  const trials = state.trials.filter(({ number }) => bracketOf(number) === earlyRate);
  return isHalved(
    trial,
    { trials, direction: state.direction },
    { leastSteps, reductionFactor, earlyRate, bootstrapTrials },
  );
}

/** Trials that each bracket is worth, the one with the smallest first rung first. */
export function bracketBudgets(ratio: number, reductionFactor: number): number[] {
  let count = 1;
  for (let steps = reductionFactor; steps <= ratio * (1 + 1e-12); steps *= reductionFactor) count++;
  return Array.from({ length: count }, (_, bracket) => {
    const rungs = count - 1 - bracket;
    return Math.ceil((count * reductionFactor ** rungs) / (rungs + 1));
  });
}

function bracketAt(budgets: readonly number[], hash: number): number {
  const total = budgets.reduce((sum, budget) => sum + budget, 0);
  let left = hash % total;
  let bracket = 0;
  while (left >= budgets[bracket]) left -= budgets[bracket++];
  return bracket;
}
