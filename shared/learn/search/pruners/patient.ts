import { type Direction, lossOf, type Trial } from '../trial.ts';

/**
 * Whether the reports of the last `patience` + 1 steps are all worse than the best before them by
 * more than the least improvement. Reference implementation: Optuna 5.0.0 (`PatientPruner`).
 */
export function isStalled(
  trial: Trial,
  direction: Direction,
  { patience, leastImprovement = 0 }: { patience: number; leastImprovement?: number },
): boolean {
  const losses = [...trial.intermediate]
    .sort((a, b) => a.step - b.step)
    .map(({ value }) => lossOf(value, direction));
  if (losses.length <= patience + 1) return false;
  const known = (part: number[]): number[] => part.filter((loss) => !Number.isNaN(loss));
  const before = Math.min(...known(losses.slice(0, -patience - 1)));
  const recent = Math.min(...known(losses.slice(-patience - 1)));
  return before + leastImprovement < recent;
}
