import { beforeAll, expect, test } from 'vitest';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import { DECLARATION } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import {
  firstStep,
  parcelRows,
  parcelTraining,
  trainToEnd,
} from './test-support/parcel-training.ts';
import {
  advanceTraining,
  beginTraining,
  forgetTraining,
  resume,
  type Training,
} from './training.ts';

const declaration = {
  ...DECLARATION,
  search: { algorithms: ['ridge', 'hist-gradient-boosting'], folds: 3, trials: 3 },
};

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await createWorkspace();
});

const prepare = (runId: string): Promise<Training> =>
  parcelTraining(testEnv.BUCKET, { workspace: workspace.id, runId, declaration });

async function modelBytes(training: Training): Promise<Uint8Array> {
  const { state } = await resume(training);
  if (!state.model) throw new Error('The training is not finished.');
  return state.model;
}

test('a training that reads everything from R2 before each step makes the same bytes', async () => {
  const whole = await prepare('whole');
  const steps = await trainToEnd(whole);
  expect(steps).toHaveLength(7);
  const resumed = await prepare('resumed');
  expect(await trainToEnd(resumed, forgetTraining)).toEqual(steps);
  forgetTraining();
  expect(await modelBytes(resumed)).toEqual(await modelBytes(whole));
});

test('two trainings that take turns in one isolate do not disturb each other', async () => {
  const [one, other] = [await prepare('one'), await prepare('other')];
  let next = await firstStep(one);
  expect(await firstStep(other)).toBe(next);
  while (next !== null) {
    const name: string = next;
    next = await advanceTraining(one, name);
    expect(await advanceTraining(other, name)).toBe(next);
  }
  expect(await modelBytes(one)).toEqual(await modelBytes(other));
});

test('a step that is run again, because its result was lost, is not done twice', async () => {
  const training = await prepare('again');
  const first = (await firstStep(training))!;
  const second = await advanceTraining(training, first);
  expect(await advanceTraining(training, first)).toBe(second);
  forgetTraining();
  expect(await advanceTraining(training, first)).toBe(second);
  const { trials } = (await resume(training)).state;
  expect(trials.map(({ foldLosses }) => foldLosses.length)).toEqual([1, 1, 1]);
});

test('a planning step that is run again starts from the beginning', async () => {
  const training = await prepare('replanned');
  const first = (await firstStep(training))!;
  await advanceTraining(training, first);
  expect(await firstStep(training)).toBe(first);
  forgetTraining();
  expect((await resume(training)).state).toMatchObject({ tried: [], trials: [] });
});

test('a dataset that is gone from R2 is named', async () => {
  const training = { ...(await prepare('gone')), datasetSha256: 'f'.repeat(64) };
  await expect(beginTraining(training)).rejects.toThrow(`${'f'.repeat(64)} is gone from R2`);
});

const binary = {
  ...declaration,
  task: {
    type: 'binary' as const,
    classes: [
      { value: 'in time', label: 'In time' },
      { value: 'late', label: 'Late' },
    ] as [{ value: string; label: string }, { value: string; label: string }],
    threshold: 0.5,
  },
  target: { ...declaration.target, unit: '', range: [0, 1] as [number, number] },
  objective: 'log_loss' as const,
  search: { algorithms: ['logistic-regression'], folds: 3, trials: 1 },
};
const labelled = (labelOf: (minutes: number, i: number) => number) =>
  parcelRows(200).map((row, i) => ({ ...row, value: labelOf(row.value, i) }));

test('outcomes of 0 and 1 train a classifier whose graph answers two probabilities', async () => {
  const rows = labelled((minutes) => Number(minutes > 30));
  const of = { workspace: workspace.id, runId: 'binary', declaration: binary, rows };
  const training = await parcelTraining(testEnv.BUCKET, of);
  await trainToEnd(training);
  const loaded = loadModel(await modelBytes(training));
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const [near, far] = [2, 18].map((distance) => loaded.value.predict([{ distance }]));
  expect(near).toHaveLength(2);
  expect(near[1]).toBeLessThan(0.1);
  expect(far[1]).toBeGreaterThan(0.9);
});

test('outcomes that are no class are named, and of one class alone they are not trained on', async () => {
  const begin = async (runId: string, labelOf: (minutes: number, i: number) => number) => {
    const rows = labelled(labelOf);
    const of = { workspace: workspace.id, runId, declaration: binary, rows };
    return beginTraining(await parcelTraining(testEnv.BUCKET, of));
  };
  await expect(begin('half', (_, i) => (i === 6 ? 0.5 : 1))).rejects.toThrow(
    'row 7, column minutes: expected 0 or 1, found 0.5',
  );
  expect(await begin('all-late', () => 1)).toMatchObject({
    ok: false,
    error: { reason: 'wrong_rows', detail: expect.stringContaining('40 outcomes') },
  });
  expect(await begin('late-of-late', (_, i) => Number(i > 170))).toMatchObject({
    ok: false,
    error: { reason: 'wrong_rows', detail: expect.stringContaining('one class alone') },
  });
});
