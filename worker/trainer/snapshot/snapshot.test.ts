import { beforeEach, expect, test } from 'vitest';
import { DAY_MS } from '../../../shared/core/time.ts';
import { outcome, prediction, sendEvents } from '../../test-support/batch.ts';
import { trustedPublisher } from '../../test-support/publisher.ts';
import { BINARY, DECLARATION, publish } from '../../test-support/version.ts';
import type { TestWorkspace } from '../../test-support/workspace.ts';
import { createWorkspace, testEnv } from '../../test-support/workspace.ts';
import { datasetKey, runFiles } from '../run-files.ts';
import { readParquet } from './parquet.ts';
import { joinSnapshot, listRaw, readRaw } from './snapshot.ts';

let workspace: TestWorkspace;
beforeEach(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

type Row = { predicted_at_ms: number; distance: number; weather: string; minutes: number };

/** The snapshot of what came home so far, read back from its file. */
async function takeSnapshot(maxRows?: number, declaration = DECLARATION): Promise<Row[]> {
  const source = { bucket: testEnv.BUCKET, workspace: workspace.id, model: 'parcel-time' };
  const files = runFiles(testEnv.BUCKET, { workspace: workspace.id, runId: crypto.randomUUID() });
  const slices = await listRaw(source, files);
  for (let slice = 0; slice < slices; slice++) await readRaw(source, files, slice);
  const options = { slices, declaration, maxRows };
  const { sha256, rows } = await joinSnapshot(source, files, options);
  const object = await testEnv.BUCKET.get(datasetKey(workspace.id, sha256));
  const read = await readParquet<Row>(await object!.arrayBuffer());
  expect(read).toHaveLength(rows);
  return read;
}

const id = (seq: number, device = 'device01'): string => `${device}.writer01:${seq}`;

const tell = async (outcomes: { seq: number; value: number }[]): Promise<void> => {
  const observedAt = new Date().toISOString();
  const body = {
    outcomes: outcomes.map(({ seq, value }) => ({ predictionId: id(seq), value, observedAt })),
  };
  expect((await workspace.call('POST', '/v1/models/parcel-time/outcomes', body)).status).toBe(200);
};

const minutes = (rows: Row[]): number[] => rows.map((row) => row.minutes);

test('outcomes of the device, of a later batch and of a backend are joined to their predictions', async () => {
  await sendEvents(workspace, [
    prediction(1, { features: { distance: 1, weather: 'dry' } }),
    prediction(2, { features: { distance: 2, weather: 'rain' } }),
    prediction(3, { features: { distance: 3, weather: 'dry' } }),
    prediction(4, { features: { distance: 4, weather: 'dry' } }),
    outcome(5, { prediction: id(1), value: 11 }),
  ]);
  await sendEvents(workspace, [outcome(6, { prediction: id(2), value: 22 })]);
  await tell([{ seq: 3, value: 33 }]);
  expect(await takeSnapshot()).toMatchObject([
    { distance: 1, weather: 'dry', minutes: 11 },
    { distance: 2, weather: 'rain', minutes: 22 },
    { distance: 3, weather: 'dry', minutes: 33 },
  ]);
});

test('an outcome may come home before its prediction does', async () => {
  const device = 'device02';
  await sendEvents(workspace, [outcome(2, { prediction: id(1, device), value: 11 })], { device });
  await sendEvents(workspace, [prediction(1)], { device });
  expect(minutes(await takeSnapshot())).toEqual([11]);
});

test('the label that arrived first counts, as in the ledger, whoever told it', async () => {
  await sendEvents(workspace, [prediction(1), prediction(2)]);
  await tell([{ seq: 1, value: 10 }]);
  await scheduler.wait(5);
  await sendEvents(workspace, [
    outcome(3, { prediction: id(1), value: 77 }),
    outcome(4, { prediction: id(2), value: 20 }),
  ]);
  await scheduler.wait(5);
  await tell([{ seq: 2, value: 88 }]);
  expect(minutes(await takeSnapshot()).sort()).toEqual([10, 20]);
});

test('a prediction without features or without an outcome is no row', async () => {
  await sendEvents(workspace, [
    prediction(1, { features: undefined }),
    prediction(2),
    outcome(3, { prediction: id(1), value: 11 }),
  ]);
  expect(await takeSnapshot()).toEqual([]);
});

test('rows are oldest first, and of too many the newest are kept', async () => {
  const now = Date.now();
  const ages = [5, 1, 4, 2, 3];
  await sendEvents(
    workspace,
    ages.flatMap((hours, i) => [
      prediction(2 * i + 1, { at: now - hours * 3_600_000 }),
      outcome(2 * i + 2, { prediction: id(2 * i + 1), value: hours }),
    ]),
  );
  expect(minutes(await takeSnapshot())).toEqual([5, 4, 3, 2, 1]);
  expect(minutes(await takeSnapshot(2))).toEqual([2, 1]);
});

test('what ingest rejected is not trained on, and does not stop those that train', async () => {
  const ack = await sendEvents(
    workspace,
    [
      prediction(1),
      outcome(2, { prediction: id(1), value: 11 }),
      '{"type":"prediction","seq":3,',
      JSON.stringify({ ...prediction(4), latencyMs: -1 }),
      outcome(5, { prediction: id(4), value: 44 }),
      'null',
    ],
    { from: 1 },
  );
  expect(ack.rejected.map(({ seq }) => seq)).toEqual([3, 4, 6]);
  expect(minutes(await takeSnapshot())).toEqual([11]);
});

test('what a device tells of another one’s predictions is not trained on', async () => {
  await sendEvents(workspace, [outcome(1, { prediction: id(1, 'device02'), value: 99 })]);
  await scheduler.wait(5);
  await sendEvents(
    workspace,
    [prediction(1), outcome(2, { prediction: id(1, 'device02'), value: 11 })],
    { device: 'device02' },
  );
  expect(minutes(await takeSnapshot())).toEqual([11]);
});

test('an outcome that was refused as no class stops no retraining of a classifier: the one after it counts', async () => {
  const classes = { ...DECLARATION, ...BINARY, target: DECLARATION.target };
  await publish(workspace, await trustedPublisher(workspace), {
    version: '2.0.0',
    declaration: BINARY,
  });
  const of = { version: '2.0.0', assigned: '2.0.0' };
  const told = { ...of, prediction: id(1), predicted: 0.4 };
  const ack = await sendEvents(workspace, [
    prediction(1, { ...of, value: 0.4 }),
    outcome(2, { ...told, value: 0.5 }),
    outcome(3, { ...told, value: 1 }),
    prediction(4, { version: null, assigned: null, source: 'fallback', value: 0.4 }),
    outcome(5, { ...told, version: null, assigned: null, prediction: id(4), value: 7 }),
  ]);
  expect(ack.rejected).toMatchObject([{ seq: 2, reason: 'not_a_class' }]);
  expect(minutes(await takeSnapshot(10, classes))).toEqual([1]);
});

test('a device whose clock is a year ahead does not fill the newest rows', async () => {
  await sendEvents(workspace, [prediction(1), outcome(2, { prediction: id(1), value: 11 })]);
  const at = Date.now() + 365 * DAY_MS;
  await sendEvents(
    workspace,
    [prediction(1, { at }), outcome(2, { prediction: id(1, 'device02'), value: 22, at })],
    { device: 'device02' },
  );
  const rows = await takeSnapshot();
  expect(minutes(rows).sort()).toEqual([11, 22]);
  for (const row of rows) expect(row.predicted_at_ms).toBeLessThanOrEqual(Date.now());
});

test('an event that lies in two raw objects is one row', async () => {
  const events = [prediction(1), outcome(2, { prediction: id(1), value: 11 })];
  await sendEvents(workspace, events);
  const { objects } = await testEnv.BUCKET.list({ prefix: `w/${workspace.id}/telemetry/` });
  const raw = await testEnv.BUCKET.get(objects[0].key);
  await testEnv.BUCKET.put(objects[0].key.replace(/\w{4}\.ndjson/, 'ffff.ndjson'), raw!.body);
  expect(minutes(await takeSnapshot())).toEqual([11]);
});

test('another workspace’s events are not in it, and the same events give the same file', async () => {
  const other = await createWorkspace();
  const events = [prediction(1), outcome(2, { prediction: id(1), value: 11 })];
  await publish(other, await trustedPublisher(other), { version: '1.0.0' });
  await sendEvents(other, events);
  expect(await takeSnapshot()).toEqual([]);
  await sendEvents(workspace, events);
  expect(await takeSnapshot()).toEqual(await takeSnapshot());
});
