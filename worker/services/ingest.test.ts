import { beforeAll, expect, test } from 'vitest';
import type { LedgerView } from '../../shared/contracts/registry.ts';
import type { BatchAck } from '../../shared/contracts/telemetry.ts';
import { batchKey } from '../store/r2-keys.ts';
import {
  digestOf,
  outcome,
  prediction,
  seal,
  sendBytes,
  sendEvents,
} from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { foldNow } from '../test-support/telemetry.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, testEnv } from '../test-support/workspace.ts';

let workspace: TestWorkspace;
let serial = 0;
/** A device of its own for each test. */
const newDevice = () => ({ device: `device-${++serial}` });

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

/** What the fallback answers where no version is assigned. */
const unassigned = (seq: number) =>
  prediction(seq, { assigned: null, version: null, source: 'fallback', reason: 'not_assigned' });

const ledger = (device: string) =>
  json<LedgerView>(workspace.call('GET', `/v1/models/parcel-time/ledger?device=${device}`));

const problem = async (answer: Response): Promise<string> =>
  `${answer.status} ${(await json<{ type: string }>(answer)).type.split('/').at(-1)}`;

test('the raw bytes are kept as they came, under the batch id', async () => {
  const { header, bytes } = await seal([prediction(1), prediction(2)], newDevice());
  await sendBytes(workspace, bytes);
  const stored = await testEnv.BUCKET.get(batchKey(workspace.id, header.model, header.batch));
  expect(new Uint8Array(await stored!.arrayBuffer())).toEqual(bytes);
});

test('both clocks are kept beside the raw bytes, so that events can be placed in time again', async () => {
  const { header, bytes } = await seal([prediction(1)], newDevice());
  const before = Date.now();
  await sendBytes(workspace, bytes, { 'Edgewise-Sent-At': '1234567' });
  const stored = await testEnv.BUCKET.head(batchKey(workspace.id, header.model, header.batch));
  expect(stored?.customMetadata?.sentAtMs).toBe('1234567');
  expect(Number(stored?.customMetadata?.receivedMs)).toBeGreaterThanOrEqual(before);
});

test('a resend is acknowledged with the same counts and counted once', async () => {
  const device = newDevice();
  const { bytes } = await seal([prediction(1), prediction(2, { value: Number.NaN })], device);
  const first = await json<BatchAck>(sendBytes(workspace, bytes));
  const again = await json<BatchAck>(sendBytes(workspace, bytes));
  expect(first).toMatchObject({ accepted: 1, rejected: [{ seq: 2, reason: 'invalid:value' }] });
  expect(again).toEqual({ ...first, duplicate: true });
  expect(await ledger(device.device)).toMatchObject({ batches: 1, events: 1, predictions: 1 });
});

test('forty racing sends of twenty batches count each of the twenty once', async () => {
  const device = newDevice();
  const batches = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      seal([prediction(2 * i + 1), prediction(2 * i + 2)], device),
    ),
  );
  const answers = await Promise.all(
    [...batches, ...batches].map(({ bytes }) => json<BatchAck>(sendBytes(workspace, bytes))),
  );
  expect(answers.filter((ack) => ack.duplicate)).toHaveLength(20);
  expect(answers.every((ack) => ack.accepted === 2)).toBe(true);
  expect(await ledger(device.device)).toMatchObject({ batches: 20, events: 40, predictions: 40 });
});

test('a batch that is in R2 but not in the ledger, as after a crash between the two, is appended', async () => {
  const device = newDevice();
  const { header, bytes } = await seal([prediction(1)], device);
  const digest = await digestOf(bytes);
  const sha256 = [...atob(digest.slice(9, -1))]
    .map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'))
    .join('');
  const key = batchKey(workspace.id, header.model, header.batch);
  await testEnv.BUCKET.put(key, bytes, { customMetadata: { sha256 } });
  expect(await json(sendBytes(workspace, bytes))).toMatchObject({ accepted: 1, duplicate: false });
  expect(await ledger(device.device)).toMatchObject({ batches: 1 });
});

test('other bytes under a known batch id are refused', async () => {
  const device = newDevice();
  const { header, bytes } = await seal([prediction(1)], device);
  await sendBytes(workspace, bytes);
  const other = await seal([prediction(1, { value: 99 })], header);
  expect(await problem(await sendBytes(workspace, other.bytes))).toBe('409 batch-conflict');
});

test('numbers that came before under another batch id are rejected, event by event, and not kept', async () => {
  const device = newDevice();
  await sendEvents(workspace, [prediction(1), prediction(2), prediction(3)], device);
  const { header, bytes } = await seal([prediction(3), prediction(4)], device);
  const rejected = [3, 4].map((seq) => ({ seq, reason: 'overlaps_batch' }));
  expect(await json(sendBytes(workspace, bytes))).toMatchObject({ accepted: 0, rejected });
  expect(await json(sendBytes(workspace, bytes))).toMatchObject({ duplicate: true, rejected });
  expect(await ledger(device.device)).toMatchObject({ batches: 1, events: 3 });
  const key = batchKey(workspace.id, header.model, header.batch);
  expect(await testEnv.BUCKET.head(key)).toBeNull();
});

test('what was new in a batch that overlaps is a measured loss, until it comes in a batch of its own', async () => {
  const device = newDevice();
  await sendEvents(workspace, [prediction(1), prediction(2), prediction(3)], device);
  const before = (await foldNow(workspace)).totals.missing;
  const missing = async () => (await foldNow(workspace)).totals.missing - before;
  await sendEvents(workspace, [prediction(3), prediction(4), prediction(5)], device);
  expect((await ledger(device.device)).writers).toMatchObject([{ watermark: 5, missing: 2 }]);
  expect(await missing()).toBe(2);
  await sendEvents(workspace, [prediction(4), prediction(5)], device);
  expect((await ledger(device.device)).writers).toMatchObject([{ watermark: 5, missing: 0 }]);
  expect(await missing()).toBe(0);
});

test('a gap in a writer’s numbers is a measured loss until the late batch fills it', async () => {
  const device = newDevice();
  await sendEvents(workspace, [prediction(1)], device);
  await sendEvents(workspace, [prediction(5), prediction(6)], device);
  expect((await ledger(device.device)).writers).toMatchObject([{ watermark: 6, missing: 3 }]);
  await sendEvents(workspace, [prediction(2), prediction(3), prediction(4)], device);
  expect((await ledger(device.device)).writers).toMatchObject([{ watermark: 6, missing: 0 }]);
});

test('a prediction has one outcome: the second is rejected and the rest of its batch is not', async () => {
  const device = newDevice();
  const of = { prediction: `${device.device}.writer01:1` };
  await sendEvents(workspace, [prediction(1), outcome(2, of)], device);
  const ack = await sendEvents(workspace, [outcome(3, of), prediction(4)], device);
  expect(ack).toMatchObject({ accepted: 1, rejected: [{ seq: 3, reason: 'outcome_exists' }] });
  expect(await ledger(device.device)).toMatchObject({ outcomes: 1, predictions: 2 });
});

test('lines that are not JSON and versions nobody published are rejected one by one', async () => {
  const ack = await sendEvents(
    workspace,
    [prediction(1), '{"type":"prediction",', prediction(3, { version: '7.7.7' }), prediction(4)],
    newDevice(),
  );
  expect(ack).toMatchObject({
    accepted: 2,
    rejected: [
      { seq: 2, reason: 'malformed' },
      { seq: 3, reason: 'unknown_version' },
    ],
  });
});

test('a device tells no outcomes of another device’s predictions', async () => {
  const foreign = outcome(2, { prediction: 'somebody-else.writer01:1' });
  expect(await sendEvents(workspace, [prediction(1), foreign], newDevice())).toMatchObject({
    accepted: 1,
    rejected: [{ seq: 2, reason: 'foreign_prediction' }],
  });
});

test('what a client gave up is counted', async () => {
  const other = await createWorkspace();
  await sendEvents(other, [unassigned(1)], { ...newDevice(), dropped: { quota: 7, age: 2 } });
  expect((await foldNow(other)).totals).toMatchObject({ dropped: 9, predictions: 1 });
});

test('a device whose clock is a year ahead is counted in the present window', async () => {
  const other = await createWorkspace();
  await publish(other, await trustedPublisher(other), { version: '1.0.0' });
  const at = Date.now() + 365 * 86_400_000;
  const { bytes } = await seal([prediction(1, { at: at - 5000 })], newDevice());
  await sendBytes(other, bytes, { 'Edgewise-Sent-At': String(at) });
  const summary = await foldNow(other);
  expect(summary.versions).toMatchObject([{ version: '1.0.0', predictions: 1 }]);
});

test('telemetry before any publication makes the model known and counts for it', async () => {
  const early = await createWorkspace();
  expect(await sendEvents(early, [unassigned(1)], newDevice())).toMatchObject({ accepted: 1 });
  expect(await json(early.call('GET', '/v1/models'))).toMatchObject({
    models: [{ model: 'parcel-time', versions: [] }],
  });
  const { versions } = await foldNow(early);
  expect(versions).toMatchObject([{ version: null, predictions: 1, bySource: { fallback: 1 } }]);
});
