import { type Direction, lossOf, type Trial } from '../trial.ts';
import type { HalvingOptions } from './pruner.ts';

const DEFAULTS: HalvingOptions = {
  ...{ leastSteps: 'auto', reductionFactor: 4, earlyRate: 0, bootstrapTrials: 0 },
};

/**
 * Asynchronous successive halving: a trial that reaches a rung goes on if it is among the best
 * 1 / reductionFactor of all that reached it, the first few if it is the best so far.
 * A trial's value at a rung is its first report at or beyond the rung's steps.
 * Source: Li et al. (2020), ASHA. Reference implementation: Optuna 5.0.0
 * (`SuccessiveHalvingPruner`), which with 'auto' does not count the trials before the first end.
 */
export function isHalved(
  trial: Trial,
  { trials, direction }: { trials: readonly Trial[]; direction: Direction },
  given: Partial<HalvingOptions> = {},
): boolean {
  const options = { ...DEFAULTS, ...given };
  const last = trial.intermediate.at(-1);
  const leastSteps = options.leastSteps === 'auto' ? firstSteps(trials, 100) : options.leastSteps;
  if (last === undefined || leastSteps === null) return false;
  const rungSteps = (rung: number): number =>
    leastSteps * options.reductionFactor ** (options.earlyRate + rung);
  for (let rung = 0; last.step >= rungSteps(rung); rung++) {
    if (reached(trial, rungSteps(rung)) !== last) continue;
    const loss = lossOf(last.value, direction);
    if (Number.isNaN(loss)) return true;
    const others = trials
      .filter(({ number }) => number !== trial.number)
      .map((other) => reached(other, rungSteps(rung)))
      .filter((report) => report !== undefined)
      .map(({ value }) => lossOf(value, direction));
    const rivals = [...others, loss].sort((a, b) => a - b);
    if (rivals.length <= options.bootstrapTrials) return true;
    const promoted = Math.max(1, Math.floor(rivals.length / options.reductionFactor));
    if (loss > rivals[promoted - 1]) return true;
  }
  return false;
}

const reached = (trial: Trial, steps: number) =>
  trial.intermediate.find(({ step }) => step >= steps);

/** A share of the last step of the trial that was complete first; null without one. */
export function firstSteps(trials: readonly Trial[], share: number): number | null {
  const complete = trials
    .filter(({ state, intermediate }) => state === 'complete' && intermediate.length > 0)
    .sort((a, b) => (a.endedAfter ?? 0) - (b.endedAfter ?? 0));
  const last = complete[0]?.intermediate.at(-1)?.step;
  return last === undefined ? null : Math.max(1, Math.floor(last / share));
}
