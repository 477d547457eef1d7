import type { Declaration } from '../../shared/contracts/declaration.ts';
import { fail, ok, type Result } from '../../shared/core/result.ts';
import { canMeasure } from '../../shared/train/model-metrics.ts';
import { planTraining, type TrainingProblem } from '../../shared/train/plan-training.ts';
import type { TrainingState } from '../../shared/train/training-state.ts';
import {
  nextTrainingStep,
  runTrainingStep,
  trainingStepName,
} from '../../shared/train/training-step.ts';
import { readDataset, type SplitDataset } from './dataset-table.ts';
import { datasetKey, type RunFiles } from './run-files.ts';
import { readState, writeState } from './state-files.ts';

export type Training = {
  bucket: R2Bucket;
  workspace: string;
  files: RunFiles;
  declaration: Declaration;
  datasetSha256: string;
};

/** Fixed, so that the same dataset gives the same model. */
const SEED = 42;

/**
 * What the last step of this isolate left: the next one most often runs in the same isolate, and
 * reading dataset and state again for each of some seventy steps is what would fill its memory.
 * Nothing rests on it: a step that does not find it reads both from R2.
 */
let held: (Resumed & { datasetSha256: string; files: string }) | null = null;

/** Lays out the steps. @returns the first one's name, or why these rows cannot be trained on */
export async function beginTraining(
  training: Training,
): Promise<Result<string | null, TrainingProblem>> {
  const { declaration } = training;
  const dataset = await readFromR2(training);
  const { rows, target } = dataset.heldOut;
  if (!canMeasure(declaration.task, target))
    return fail({
      reason: 'wrong_rows',
      detail: `The newest ${rows} outcomes, which a model is measured on, are of one class alone.`,
    });
  const planned = planTraining(declaration, dataset.training, SEED);
  return planned.ok ? ok(await keep(training, { dataset, state: planned.value })) : planned;
}

/**
 * Runs the step of that name. One that was run before, whose result was lost, is not run again:
 * the kept state is already past it.
 * @returns the next one's name; null when the model is there, or there will be none
 */
export async function advanceTraining(training: Training, name: string): Promise<string | null> {
  const resumed = await resume(training);
  const { dataset, state } = resumed;
  if (nameOfNext(state) !== name) return nameOfNext(state);
  held = null; // A step that fails half-way leaves a state that must not be met again.
  runTrainingStep(state, { inputs: training.declaration.inputs, table: dataset.training });
  return keep(training, resumed);
}

export type Resumed = { dataset: SplitDataset; state: TrainingState };

/** Where the last finished step stopped. */
export async function resume(training: Training): Promise<Resumed> {
  if (held?.files === training.files.prefix && held.datasetSha256 === training.datasetSha256)
    return held;
  const state = await readState(training.files);
  return { dataset: await readFromR2(training), state };
}

/** Frees what is held for a step that will not come. */
export function forgetTraining(): void {
  held = null;
}

async function readFromR2(training: Training): Promise<SplitDataset> {
  const object = await training.bucket.get(datasetKey(training.workspace, training.datasetSha256));
  if (!object) throw new Error(`The dataset ${training.datasetSha256} is gone from R2.`);
  return readDataset(await object.arrayBuffer(), training.declaration);
}

async function keep(training: Training, resumed: Resumed): Promise<string | null> {
  const { datasetSha256, files } = training;
  await writeState(files, resumed.state);
  held = { ...resumed, datasetSha256, files: files.prefix };
  return nameOfNext(resumed.state);
}

function nameOfNext(state: TrainingState): string | null {
  const step = nextTrainingStep(state);
  return step && trainingStepName(step, state.plan);
}
