import { beforeAll, expect, test } from 'vitest';
import { planTraining, type TrainingState } from '../../shared/train/training-state.ts';
import { nextTrainingStep, runTrainingStep } from '../../shared/train/training-step.ts';
import { DECLARATION } from '../test-support/version.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { readDataset, type SplitDataset } from './dataset-table.ts';
import { type RunFiles, runFiles } from './run-files.ts';
import { datasetColumns } from './snapshot/labelled-rows.ts';
import { writeParquet } from './snapshot/parquet.ts';
import { readState, writeState } from './state-files.ts';
import { parcelRows } from './test-support/parcel-training.ts';

const declaration = {
  ...DECLARATION,
  search: { algorithms: ['ridge' as const, 'hist-gradient-boosting' as const], folds: 2 },
};
let workspace: string;
let dataset: SplitDataset;

beforeAll(async () => {
  workspace = (await createWorkspace()).id;
  const parquet = writeParquet(datasetColumns(parcelRows(120), declaration));
  dataset = await readDataset(parquet, declaration);
});

const filesOf = (runId: string): RunFiles => runFiles(testEnv.BUCKET, { workspace, runId });
const plan = (): TrainingState => planTraining(declaration, dataset.training, 42);

const partsIn = async (files: RunFiles): Promise<string[]> => {
  const { objects } = await testEnv.BUCKET.list({ prefix: files.prefix });
  return objects.map(({ key }) => key.slice(files.prefix.length)).sort();
};

test('after each step, what was written in parts reads back as the whole state', async () => {
  const files = filesOf('parts');
  const state = plan();
  let { parts } = await writeState(files, { state, parts: [] });
  let mostParts = 0;
  while (nextTrainingStep(state)) {
    runTrainingStep(state, dataset.training);
    ({ parts } = await writeState(files, { state, parts }));
    expect(await readState(files)).toEqual({ state, parts });
    mostParts = Math.max(mostParts, parts.length);
  }
  expect(mostParts).toBeGreaterThan(2);
});

test('a finished fit is written once; a step writes only what it changed', async () => {
  const files = filesOf('once');
  const state = plan();
  runTrainingStep(state, dataset.training);
  const { parts } = await writeState(files, { state, parts: [] });
  const first = await testEnv.BUCKET.head(`${files.prefix}training-fits-0`);
  runTrainingStep(state, dataset.training);
  await writeState(files, { state, parts });
  const again = await testEnv.BUCKET.head(`${files.prefix}training-fits-0`);
  expect(again?.version).toBe(first?.version);
  expect(await partsIn(files)).toEqual(['training-fits-0', 'training-fits-1', 'training-state']);
});

test('a part whose main file was never written is not read, and the next try replaces it', async () => {
  const files = filesOf('torn');
  const state = plan();
  await writeState(files, { state, parts: [] });
  const before = await readState(files);
  runTrainingStep(state, dataset.training);
  const torn: RunFiles = {
    ...files,
    write: (name, value) =>
      name === 'training-state' ? Promise.reject(new Error('cut')) : files.write(name, value),
  };
  await expect(writeState(torn, { state, parts: [] })).rejects.toThrow('cut');
  expect(await partsIn(files)).toEqual(['training-fits-0', 'training-state']);
  expect(await readState(files)).toEqual(before);

  const resumed = await readState(files);
  runTrainingStep(resumed.state, dataset.training);
  await writeState(files, resumed);
  expect((await readState(files)).state).toEqual(state);
});

test('a damaged state is refused with what is wrong', async () => {
  const files = filesOf('damaged');
  await files.write('training-state', new Uint8Array([0, 0, 0, 0, 9, 9]));
  await expect(readState(files)).rejects.toThrow('damaged');
  await expect(readState(filesOf('never'))).rejects.toThrow('training-state is gone from R2');
});
