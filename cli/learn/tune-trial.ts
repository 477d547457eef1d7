import { createRng } from '../../shared/core/rng.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { type Objective, objectiveLoss } from '../../shared/learn/automl/objective.ts';
import { type FittedPipeline, fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { splitJoined } from '../../shared/learn/search/joined-space.ts';
import type { Study } from '../../shared/learn/search/study.ts';
import type { Trial } from '../../shared/learn/search/trial.ts';
import { type ModelCost, measureExport } from './measure-export.ts';

/** What every trial of a search has in common. */
export type Trials = {
  data: PipelineData;
  algorithms: readonly Algorithm[];
  objective: Objective;
  also: readonly ModelCost[];
  foldOf: Uint8Array;
  folds: number;
  seed: number;
  isInterrupted: () => boolean;
};

/**
 * Fits a trial on all folds but one, for each, and tells its study the mean loss; the study may end
 * it between folds. @returns what went wrong; null: nothing
 */
export async function runTrial(study: Study, trial: Trial, trials: Trials): Promise<string | null> {
  try {
    const values = await valuesOf(study, trial, trials);
    study.tell(trial.number, values === null ? { state: 'pruned' } : { values });
    return null;
  } catch (error) {
    study.tell(trial.number, { state: 'failed' });
    return error instanceof Error ? error.message : String(error);
  }
}

/** Null when the trial was given up. */
async function valuesOf(study: Study, trial: Trial, trials: Trials): Promise<number[] | null> {
  const { data, folds, objective, also } = trials;
  let sum = 0;
  let first: FittedPipeline | null = null;
  for (let fold = 0; fold < folds; fold++) {
    await turnOfEventLoop();
    if (trials.isInterrupted()) throw new Error('interrupted');
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
    sum += objectiveLoss(objective, table.target, predictions);
    const isHopeless = study.report(trial.number, { step: fold + 1, value: sum / (fold + 1) });
    if (isHopeless && fold + 1 < folds) return null;
  }
  const loss = sum / folds;
  const fitted = first;
  return fitted === null
    ? [loss]
    : [loss, ...also.map((cost) => measureExport(cost, fitted, data))];
}

/** The trial's pipeline, fitted on some rows. */
export function fitTrial(trials: Trials, trial: Trial, rows: ArrayLike<number>): FittedPipeline {
  const { choice, parameters } = splitJoined(trial.parameters);
  const algorithm = trials.algorithms.find(({ name }) => name === choice);
  if (algorithm === undefined) throw new Error(`Broken invariant: no algorithm ${choice}`);
  const data = takeData(trials.data, rows);
  return fitPipeline(data, { algorithm, parameters }, { rng: createRng(trials.seed) });
}

function rowsWhere(foldOf: Uint8Array, isTaken: (fold: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = 0; row < foldOf.length; row++) if (isTaken(foldOf[row])) rows.push(row);
  return rows;
}

/** Lets Ctrl-C be heard. */
const turnOfEventLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
