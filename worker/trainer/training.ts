import type { Declaration } from '../../shared/contracts/declaration.ts';
import { decodeTrainingState, encodeTrainingState } from '../../shared/train/state-bytes.ts';
import { planTraining, type TrainingState } from '../../shared/train/training-state.ts';
import {
  nextTrainingStep,
  runTrainingStep,
  trainingStepName,
} from '../../shared/train/training-step.ts';
import { readDataset, type SplitDataset } from './dataset-table.ts';
import { datasetKey, type RunFiles } from './run-files.ts';

export type Training = {
  bucket: R2Bucket;
  workspace: string;
  files: RunFiles;
  declaration: Declaration;
  datasetSha256: string;
};

const STATE = 'training-state';
/** Fixed, so that the same dataset gives the same model. */
const SEED = 42;

/** Lays out the steps. @returns the first one's name */
export async function beginTraining(training: Training): Promise<string | null> {
  const { training: table } = await datasetOf(training);
  const state = planTraining(training.declaration, table, SEED);
  return keep(training, state);
}

/**
 * Runs the step of that name. One that was run before, whose result was lost, is not run again:
 * the kept state is already past it.
 * @returns the next one's name; null when the model is there
 */
export async function advanceTraining(training: Training, name: string): Promise<string | null> {
  const state = await trainingState(training);
  if (nameOfNext(state) !== name) return nameOfNext(state);
  const { training: table } = await datasetOf(training);
  runTrainingStep(state, table);
  return keep(training, state);
}

export async function trainingState(training: Training): Promise<TrainingState> {
  const decoded = decodeTrainingState(new Uint8Array(await training.files.bytes(STATE)));
  if (!decoded.ok) throw new Error(`The training's state is damaged: ${decoded.error.detail}`);
  return decoded.value;
}

export async function datasetOf(training: Training): Promise<SplitDataset> {
  const object = await training.bucket.get(datasetKey(training.workspace, training.datasetSha256));
  if (!object) throw new Error(`The dataset ${training.datasetSha256} is gone from R2.`);
  return readDataset(await object.arrayBuffer(), training.declaration);
}

async function keep(training: Training, state: TrainingState): Promise<string | null> {
  await training.files.write(STATE, encodeTrainingState(state));
  return nameOfNext(state);
}

function nameOfNext(state: TrainingState): string | null {
  const step = nextTrainingStep(state);
  return step && trainingStepName(step);
}
