import { beforeAll, expect, test } from 'vitest';
import { DECLARATION } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { firstStep, parcelTraining, trainToEnd } from './test-support/parcel-training.ts';
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
  expect(steps.length).toBeGreaterThan(10);
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
  expect((await resume(training)).state.trial?.foldLosses).toHaveLength(1);
});

test('a planning step that is run again starts from the beginning', async () => {
  const training = await prepare('replanned');
  const first = (await firstStep(training))!;
  await advanceTraining(training, first);
  expect(await firstStep(training)).toBe(first);
  forgetTraining();
  expect((await resume(training)).state).toMatchObject({ tried: [], trial: null });
});

test('a dataset that is gone from R2 is named', async () => {
  const training = { ...(await prepare('gone')), datasetSha256: 'f'.repeat(64) };
  await expect(beginTraining(training)).rejects.toThrow(`${'f'.repeat(64)} is gone from R2`);
});
