import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView, ModelSummary } from '../../shared/contracts/registry.ts';
import { prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { servingWorkspace, traffic } from '../test-support/traffic.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json, testEnv } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';

const alerts = async (workspace: TestWorkspace) =>
  (await json<{ alerts: AlertView[] }>(workspace.call('GET', `${MODEL}/alerts`))).alerts;

test('traffic like the reference is no drift, shifted traffic is, and raises one alert', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 300 });
  const before = await foldNow(workspace);
  expect(before.drift.map((result) => result.verdict)).toEqual(['no_drift', 'no_drift']);
  expect(before.driftVersion).toBe('1.0.0');
  for (let i = 0; i < 2; i++) {
    await traffic(workspace, { version: '1.0.0', n: 300, meanDistance: 14 });
    await foldNow(workspace);
  }
  const drifted = (await alerts(workspace)).filter((alert) => alert.rule === 'drift:distance');
  expect(drifted).toMatchObject([{ status: 'firing', severity: 'warning' }]);
  expect(drifted[0].summary).toContain('Distance');
});

test('answers that moved and an error that grew raise alerts of their own kind', async () => {
  const workspace = await servingWorkspace();
  const kinds = async () =>
    (await alerts(workspace)).map(({ rule }) => rule).filter((rule) => !rule.includes('distance'));
  await traffic(workspace, { version: '1.0.0', n: 200, error: 1 });
  await foldNow(workspace);
  expect(await kinds()).not.toContain('drift:concept');
  await traffic(workspace, { version: '1.0.0', n: 450, error: 4 });
  const { predictionDrift } = await foldNow(workspace);
  expect(await kinds()).toContain('drift:concept');
  // Every answer of the test's traffic is the same number, where the reference's spread.
  expect(predictionDrift).toMatchObject({ input: 'prediction', verdict: 'drift', n: 650 });
  expect(await kinds()).toContain('drift:prediction');
});

test('a fold that finds nothing new publishes nothing new', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 10 });
  const first = await foldNow(workspace);
  const second = await foldNow(workspace);
  expect(second).toEqual(first);
  expect(first.revision).toBeGreaterThan(0);
});

test('an alarm that runs again folds nothing twice', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 25 });
  const object = objectOf(workspace);
  await Promise.all([object.tick(), object.tick(), runDurableObjectAlarm(object), object.tick()]);
  const { totals, versions } = await foldNow(workspace);
  expect(totals).toMatchObject({ batches: 1, events: 50, predictions: 25, outcomes: 25 });
  expect(versions).toMatchObject([{ predictions: 25, outcomes: 25, mae: 2 }]);
});

test('what was appended survives the object being evicted before it folds', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 5 });
  await evictDurableObject(objectOf(workspace));
  expect((await foldNow(workspace)).totals).toMatchObject({ predictions: 5, outcomes: 5 });
});

test('a fold that fails half-way leaves everything to be folded again', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 5 });
  const object = objectOf(workspace);
  await runInDurableObject(object, async (_, state) => {
    state.storage.sql.exec(
      "CREATE TRIGGER crash BEFORE UPDATE OF folded ON batches BEGIN SELECT raise(ABORT, 'crash'); END",
    );
  });
  const failure = await runInDurableObject(object, (instance) => instance.tick().catch(String));
  expect(failure).toContain('crash');
  await runInDurableObject(object, async (_, state) => {
    state.storage.sql.exec('DROP TRIGGER crash');
    const { windows } = state.storage.sql.exec('SELECT count(*) AS windows FROM windows').one();
    expect(windows).toBe(0);
  });
  expect((await foldNow(workspace)).totals).toMatchObject({ batches: 1, predictions: 5 });
});

test('a summary that was folded and not published, as after a crash, is published by the next tick', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 5 });
  const folded = await foldNow(workspace);
  await testEnv.DB.prepare('DELETE FROM summaries WHERE workspace = ?').bind(workspace.id).run();
  await runInDurableObject(objectOf(workspace), async (_, state) => {
    state.storage.sql.exec("DELETE FROM meta WHERE name = 'published'");
  });
  expect(await foldNow(workspace)).toMatchObject({
    revision: folded.revision,
    totals: folded.totals,
  });
});

test('an older summary never replaces a newer one', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 5 });
  const newer: ModelSummary = { ...(await foldNow(workspace)), revision: 1000 };
  await testEnv.DB.prepare('UPDATE summaries SET revision = 1000, document = ? WHERE workspace = ?')
    .bind(JSON.stringify(newer), workspace.id)
    .run();
  await traffic(workspace, { version: '1.0.0', n: 5 });
  expect(await foldNow(workspace)).toEqual(newer);
});

test('events lost on the way raise an alert', async () => {
  const workspace = await servingWorkspace();
  await sendEvents(workspace, [prediction(1000)], { device: 'lossy-device' });
  await foldNow(workspace);
  expect((await alerts(workspace)).map((alert) => alert.rule)).toContain('loss');
});
