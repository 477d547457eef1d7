import { bestTrial, type Direction, hasEnded, lossOf, type Trial } from './trial.ts';

/** When a search has done enough; what is left out never stops it. */
export type StopRules = {
  /** Ended trials, failed ones too. */
  trials?: number;
  /** Complete trials in a row without a better value. */
  trialsWithoutImprovement?: number;
  /** Value of the first objective that is good enough. */
  target?: number;
  budgetMs?: number;
};

export type StopReason = 'trials' | 'no_improvement' | 'target' | 'time';

/**
 * Why to stop now; null: go on. Looked at between trials.
 * @param elapsedMs since the search began, as its caller's clock says
 */
export function stopReason(
  trials: readonly Trial[],
  { direction, elapsedMs }: { direction: Direction; elapsedMs: number },
  rules: StopRules,
): StopReason | null {
  const best = bestTrial(trials, direction);
  if (rules.target !== undefined && best?.values)
    if (lossOf(best.values[0], direction) <= lossOf(rules.target, direction)) return 'target';
  if (rules.trials !== undefined && trials.filter(hasEnded).length >= rules.trials) return 'trials';
  if (rules.budgetMs !== undefined && elapsedMs >= rules.budgetMs) return 'time';
  const patience = rules.trialsWithoutImprovement;
  if (patience === undefined || best === null) return null;
  const since = trials.filter(
    (trial) => trial.state === 'complete' && (trial.endedAfter ?? 0) > (best.endedAfter ?? 0),
  );
  return since.length >= patience ? 'no_improvement' : null;
}
