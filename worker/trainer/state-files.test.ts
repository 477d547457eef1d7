import { beforeAll, expect, test } from 'vitest';
import { planTraining } from '../../shared/train/plan-training.ts';
import type { TrainingState } from '../../shared/train/training-state.ts';
import { nextTrainingStep, runTrainingStep } from '../../shared/train/training-step.ts';
import { DECLARATION } from '../test-support/version.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { readDataset, type SplitDataset } from './dataset-table.ts';
import { type RunFiles, runFiles } from './run-files.ts';
import { datasetColumns } from './snapshot/labelled-rows.ts';
import { writeParquet } from './snapshot/parquet.ts';
import { readState, writeState } from './state-files.ts';
import { parcelRows } from './test-support/parcel-training.ts';

const search = { algorithms: ['ridge', 'hist-gradient-boosting'], folds: 2, trials: 2 };
const declaration = { ...DECLARATION, search };
let workspace: string;
let dataset: SplitDataset;

beforeAll(async () => {
  workspace = (await createWorkspace()).id;
  const parquet = writeParquet(datasetColumns(parcelRows(120), declaration));
  dataset = await readDataset(parquet, declaration);
});

const filesOf = (runId: string): RunFiles => runFiles(testEnv.BUCKET, { workspace, runId });

function plan(): TrainingState {
  const planned = planTraining(declaration, dataset.training, 42);
  if (!planned.ok) throw new Error(planned.error.detail);
  return planned.value;
}

test('after each step, what was written reads back as the whole state', async () => {
  const files = filesOf('whole');
  const state = plan();
  const rows = { inputs: declaration.inputs, table: dataset.training };
  await writeState(files, state);
  expect(await readState(files)).toEqual(state);
  while (nextTrainingStep(state)) {
    runTrainingStep(state, rows);
    await writeState(files, state);
    expect(await readState(files)).toEqual(state);
  }
  expect(state.model).not.toBeNull();
});

test('a damaged state is refused with what is wrong', async () => {
  const files = filesOf('damaged');
  await files.write('training-state', new Uint8Array([0, 0, 0, 0, 9, 9]));
  await expect(readState(files)).rejects.toThrow('damaged');
  await expect(readState(filesOf('never'))).rejects.toThrow('training-state is gone from R2');
});
