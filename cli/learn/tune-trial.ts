import { createRng } from '../../shared/core/rng.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { type Objective, objectiveLoss } from '../../shared/learn/automl/objective.ts';
import {
  type FittedPipeline,
  fitPipeline,
  type PipelineChoice,
  predictPipeline,
} from '../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { splitJoined } from '../../shared/learn/search/joined-space.ts';
import type { Outcome, Study } from '../../shared/learn/search/study.ts';
import type { Trial } from '../../shared/learn/search/trial.ts';
import { type ModelCost, measureExport } from './measure-export.ts';
import type { CostLimit } from './tune-call.ts';
import { reportOf } from './tune-pruner.ts';

/** What every trial of a search has in common. */
export type Trials = {
  data: PipelineData;
  algorithms: readonly Algorithm[];
  objective: Objective;
  also: readonly ModelCost[];
  atMost: readonly CostLimit[];
  foldOf: Uint8Array;
  folds: number;
  seed: number;
  isInterrupted: () => boolean;
};

/** What came of a trial: `withdrawn` by Ctrl-C, as if it had not begun. */
export type TrialEnd = { failure: string } | 'told' | 'withdrawn';

/**
 * Fits a trial on all folds but one, for each, and tells its study the mean loss; the study may end
 * it between folds.
 */
export async function runTrial(study: Study, trial: Trial, trials: Trials): Promise<TrialEnd> {
  try {
    const outcome = await outcomeOf(study, trial, trials);
    if (outcome === 'interrupted') {
      study.withdraw();
      return 'withdrawn';
    }
    study.tell(trial.number, outcome);
    return 'told';
  } catch (error) {
    study.tell(trial.number, { state: 'failed' });
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

async function outcomeOf(
  study: Study,
  trial: Trial,
  trials: Trials,
): Promise<Outcome | 'interrupted'> {
  const { data, folds, objective, also, atMost } = trials;
  const losses: number[] = [];
  let first: FittedPipeline | null = null;
  for (let fold = 0; fold < folds; fold++) {
    await turnOfEventLoop();
    if (trials.isInterrupted()) return 'interrupted';
    const pipeline = fitTrial(
      trials,
      trial,
      rowsWhere(trials.foldOf, (other) => other !== fold),
    );
    first ??= pipeline;
    const { table } = takeData(
      data,
      rowsWhere(trials.foldOf, (other) => other === fold),
    );
    const predictions = predictPipeline(pipeline, table);
    if (!predictions.every(Number.isFinite)) throw new Error('its answers are not finite numbers');
    losses.push(objectiveLoss(objective, table.target, predictions));
    const value = reportOf(study.state.pruner, losses);
    const isHopeless = study.report(trial.number, { step: fold + 1, value });
    if (isHopeless && fold + 1 < folds) return { state: 'pruned' };
  }
  const fitted = first;
  if (fitted === null) throw new Error('Broken invariant: a trial without folds');
  const costs = new Map(
    [...new Set([...also, ...atMost.map(({ cost }) => cost)])].map((cost) => [
      cost,
      measureExport(cost, fitted, data),
    ]),
  );
  const costOf = (cost: ModelCost): number => costs.get(cost) ?? Number.NaN;
  const loss = losses.reduce((sum, each) => sum + each, 0) / folds;
  return {
    values: [loss, ...also.map(costOf)],
    ...(atMost.length === 0
      ? {}
      : { constraints: atMost.map(({ cost, limit }) => costOf(cost) / limit - 1) }),
  };
}

/** The trial's pipeline, fitted on some rows. */
export const fitTrial = (trials: Trials, trial: Trial, rows: ArrayLike<number>): FittedPipeline =>
  fitPipeline(takeData(trials.data, rows), choiceOf(trials, trial), {
    rng: createRng(trials.seed),
  });

/** The algorithm and the parameters that a trial stands for. */
export function choiceOf({ algorithms }: Pick<Trials, 'algorithms'>, trial: Trial): PipelineChoice {
  const { choice, parameters } = splitJoined(trial.parameters);
  const algorithm = algorithms.find(({ name }) => name === choice);
  if (algorithm === undefined) throw new Error(`Broken invariant: no algorithm ${choice}`);
  return { algorithm, parameters };
}

function rowsWhere(foldOf: Uint8Array, isTaken: (fold: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < foldOf.length; row++) if (isTaken(foldOf[row])) rows.push(row);
  return rows;
}

/** Lets Ctrl-C be heard. */
const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
