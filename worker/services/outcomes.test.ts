import { beforeAll, expect, test } from 'vitest';
import type { LedgerView, RolloutView } from '../../shared/contracts/registry.ts';
import { batchKey } from '../store/r2-keys.ts';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { rollOut, servingWorkspace, shadow } from '../test-support/traffic.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, testEnv } from '../test-support/workspace.ts';
import type { OutcomesResponse } from './find-predictions.ts';

const PATH = '/v1/models/parcel-time/outcomes';
const OBSERVED_AT = '2026-11-20T12:00:00.000Z';
let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

const tell = (outcomes: { predictionId: string; value: number; observedAt?: string }[]) =>
  json<OutcomesResponse>(
    workspace.call('POST', PATH, {
      outcomes: outcomes.map((told) => ({ observedAt: OBSERVED_AT, ...told })),
    }),
  );

test('an outcome from a backend finds what was predicted and counts once', async () => {
  await sendEvents(workspace, [prediction(1, { value: 20 }), prediction(2, { value: 40 })], {
    device: 'backend-1',
  });
  await sendEvents(workspace, [prediction(3, { value: 50 })], { device: 'backend-1' });
  const told = [
    { predictionId: 'backend-1.writer01:3', value: 56 },
    { predictionId: 'backend-1.writer01:1', value: 22 },
  ];
  expect(await tell(told)).toEqual({ accepted: 2, duplicate: 0, rejected: [] });
  expect(await tell(told)).toEqual({ accepted: 0, duplicate: 2, rejected: [] });
  const { versions } = await foldNow(workspace);
  expect(versions).toMatchObject([{ version: '1.0.0', outcomes: 2, mae: 4 }]);
});

test('an outcome the device told already is a duplicate', async () => {
  const of = { prediction: 'backend-2.writer01:1' };
  await sendEvents(workspace, [prediction(1), outcome(2, of)], { device: 'backend-2' });
  const told = [{ predictionId: of.prediction, value: 99 }];
  expect(await tell(told)).toMatchObject({ accepted: 0, duplicate: 1 });
});

test('what cannot be found or cannot be is rejected by index, the rest is taken', async () => {
  await sendEvents(workspace, [prediction(1), outcome(2, { prediction: 'backend-3.writer01:9' })], {
    device: 'backend-3',
  });
  const tomorrow = new Date(Date.now() + 3 * 86_400_000).toISOString();
  expect(
    await tell([
      { predictionId: 'nobody-1.writer01:1', value: 1 },
      { predictionId: 'backend-3.writer01:1', value: 1, observedAt: tomorrow },
      { predictionId: 'backend-3.writer01:2', value: 1 },
      { predictionId: 'backend-3.writer01:1', value: 31 },
    ]),
  ).toEqual({
    accepted: 1,
    duplicate: 0,
    rejected: [
      { index: 0, predictionId: 'nobody-1.writer01:1', reason: 'unknown_prediction' },
      { index: 1, predictionId: 'backend-3.writer01:1', reason: 'observed_in_future' },
      { index: 2, predictionId: 'backend-3.writer01:2', reason: 'unknown_prediction' },
    ],
  });
});

test('a batch that R2 has lost takes its own outcomes along and no others', async () => {
  const device = 'backend-5';
  await sendEvents(workspace, [prediction(1)], { device });
  const { batch } = await sendEvents(workspace, [prediction(2)], { device });
  await testEnv.BUCKET.delete(batchKey(workspace.id, 'parcel-time', batch));
  const predictionId = `${device}.writer01:2`;
  expect(
    await tell([
      { predictionId, value: 31 },
      { predictionId: `${device}.writer01:1`, value: 31 },
    ]),
  ).toEqual({
    accepted: 1,
    duplicate: 0,
    rejected: [{ index: 0, predictionId, reason: 'batch_missing' }],
  });
});

test('a prediction that the ledger rejected has no outcome', async () => {
  const device = 'backend-6';
  const unpublished = prediction(1, { version: '9.9.9', assigned: '9.9.9' });
  const { rejected } = await sendEvents(workspace, [unpublished, prediction(2)], { device });
  expect(rejected).toEqual([{ seq: 1, reason: 'unknown_version' }]);
  const predictionId = `${device}.writer01:1`;
  expect(
    await tell([
      { predictionId, value: 31 },
      { predictionId: `${device}.writer01:2`, value: 31 },
    ]),
  ).toEqual({
    accepted: 1,
    duplicate: 0,
    rejected: [{ index: 0, predictionId, reason: 'prediction_rejected' }],
  });
});

test('they are in the ledger, and in R2 as a device would have told them', async () => {
  await sendEvents(workspace, [prediction(1, { value: 12 })], { device: 'backend-4' });
  await tell([{ predictionId: 'backend-4.writer01:1', value: 15 }]);
  const path = '/v1/models/parcel-time/ledger?device=backend-4';
  expect(await json<LedgerView>(workspace.call('GET', path))).toMatchObject({ outcomes: 1 });
  const { objects } = await testEnv.BUCKET.list({ prefix: `w/${workspace.id}/outcomes/` });
  const texts = await Promise.all(
    objects.map(async ({ key }) => (await testEnv.BUCKET.get(key))!.text()),
  );
  const lines = texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );
  expect(lines).toContainEqual({
    type: 'outcome',
    prediction: 'backend-4.writer01:1',
    value: 15,
    observedAt: Date.parse(OBSERVED_AT),
    predicted: 12,
    version: '1.0.0',
    assigned: '1.0.0',
    source: 'model',
  });
});

test('a body that is not as expected says where', async () => {
  const answer = await workspace.call('POST', PATH, {
    outcomes: [{ predictionId: 'not an id', value: 1, observedAt: OBSERVED_AT }],
  });
  expect(answer.status).toBe(422);
  expect(await json(answer)).toMatchObject({ errors: [{ path: 'outcomes.0.predictionId' }] });
});

test('a model nobody knows is not found', async () => {
  const body = {
    outcomes: [{ predictionId: 'dev-1.writer01:1', value: 1, observedAt: OBSERVED_AT }],
  };
  expect((await workspace.call('POST', '/v1/models/no-such/outcomes', body)).status).toBe(404);
});

test.each([
  ['the same batch', true],
  ['the batch after', false],
])(
  'an outcome from a backend finds what the challenger in the shadow had answered, sealed into %s',
  async (_, isOne) => {
    const rollout = {
      steps: [1],
      holdMs: 0,
      shadow: { share: 1, holdMs: 0, followedBy: 'all', promotion: 'hand' },
    } as const;
    const workspace = await servingWorkspace({
      rollout: { ...rollout, steps: [1] },
      gates: [{ metric: 'mae', max: 100, minSamples: 1 }],
    });
    await rollOut(workspace, '1.1.0', 'shadow');
    const device = 'shadowed-device';
    const predictionId = `${device}.writer01:1`;
    const events = [prediction(1), shadow(2, { prediction: predictionId, value: 22 })];
    if (isOne) await sendEvents(workspace, events, { device });
    else for (const event of events) await sendEvents(workspace, [event], { device });
    const outcomes = [{ predictionId, value: 32, observedAt: new Date().toISOString() }];
    const tell = () => workspace.call('POST', '/v1/models/parcel-time/outcomes', { outcomes });
    expect(await json(tell())).toMatchObject({ accepted: 1, duplicate: 0 });
    expect(await json(tell())).toMatchObject({ accepted: 0, duplicate: 1 });
    await foldNow(workspace);
    const { rollouts } = await json<{ rollouts: RolloutView[] }>(
      workspace.call('GET', '/v1/models/parcel-time/rollouts'),
    );
    expect(rollouts[0].gates).toMatchObject([{ metric: 'mae', n: 1 }]);
  },
);
