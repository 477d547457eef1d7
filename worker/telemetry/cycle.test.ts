import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView, ModelSummary, RolloutView } from '../../shared/contracts/registry.ts';
import { createRng, normal } from '../../shared/core/rng.ts';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, testEnv } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';

/** A workspace with 1.0.0 as champion and 1.1.0 published. */
async function servingWorkspace(): Promise<TestWorkspace> {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  await publish(workspace, publisher, { version: '1.0.0' });
  await publish(workspace, publisher, { version: '1.1.0' });
  await rollOut(workspace, '1.0.0', 'all');
  return workspace;
}

const rollOut = (workspace: TestWorkspace, version: string, strategy: string) =>
  workspace.call('POST', `${MODEL}/rollouts`, { version, strategy });

let device = 0;

/** `n` labelled predictions of a version; `error` is what outcomes differ by. */
async function traffic(
  workspace: TestWorkspace,
  of: { version: string; n: number; meanDistance?: number; error?: number; failing?: boolean },
): Promise<void> {
  const rng = createRng(++device);
  const name = `device-${device}`;
  const events = [];
  for (let i = 0; i < of.n; i++) {
    const weather = rng() < 0.7 ? 'dry' : 'rain';
    const features = { distance: (of.meanDistance ?? 10) + 2 * normal(rng), weather };
    const failing = { source: 'fallback', reason: 'runtime', version: null } as const;
    const answered = of.failing ? failing : { version: of.version };
    events.push(prediction(2 * i + 1, { assigned: of.version, features, ...answered }));
    const told = { value: 30 + (of.error ?? 2) * (rng() < 0.5 ? -1 : 1), predicted: 30 };
    const source = of.failing ? 'fallback' : 'model';
    events.push(
      outcome(2 * i + 2, {
        prediction: `${name}.writer01:${2 * i + 1}`,
        assigned: of.version,
        version: of.failing ? null : of.version,
        source,
        ...told,
      }),
    );
  }
  await sendEvents(workspace, events, { device: name });
}

const alerts = async (workspace: TestWorkspace) =>
  (await json<{ alerts: AlertView[] }>(workspace.call('GET', `${MODEL}/alerts`))).alerts;
const rollout = async (workspace: TestWorkspace) =>
  (await json<{ rollouts: RolloutView[] }>(workspace.call('GET', `${MODEL}/rollouts`))).rollouts[0];

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
  expect(drifted[0].summary).toContain('distance');
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

test('a canary whose gates hold climbs step by step and becomes champion', async () => {
  const workspace = await servingWorkspace();
  await rollOut(workspace, '1.1.0', 'canary');
  await foldNow(workspace);
  expect(await rollout(workspace)).toMatchObject({ status: 'running', stepIndex: 0 });
  expect((await rollout(workspace)).reason).toContain('of 20 samples');
  for (let step = 0; step < 3; step++) {
    await traffic(workspace, { version: '1.0.0', n: 60, error: 3 });
    await traffic(workspace, { version: '1.1.0', n: 60, error: 2 });
    await foldNow(workspace);
  }
  expect(await rollout(workspace)).toMatchObject({ status: 'promoted', challenger: '1.1.0' });
  expect(await json(workspace.call('GET', MODEL))).toMatchObject({
    champion: '1.1.0',
    challenger: null,
  });
});

test('a canary that fails is rolled back by itself, with an alert, and nobody is left on it', async () => {
  const workspace = await servingWorkspace();
  await rollOut(workspace, '1.1.0', 'canary');
  await traffic(workspace, { version: '1.0.0', n: 100 });
  await traffic(workspace, { version: '1.1.0', n: 100, failing: true });
  await foldNow(workspace);
  const ended = await rollout(workspace);
  expect(ended).toMatchObject({ status: 'rolled_back', stepIndex: 0 });
  expect(ended.gates.find((gate) => gate.metric === 'error_rate')).toMatchObject({
    verdict: 'fail',
  });
  expect(await json(workspace.call('GET', MODEL))).toMatchObject({
    champion: '1.0.0',
    challenger: null,
  });
  expect((await alerts(workspace)).find((alert) => alert.rule === 'rollout')).toMatchObject({
    status: 'firing',
    severity: 'critical',
    summary: expect.stringContaining('1.1.0 was rolled back'),
  });
});

test('evidence of one step does not count for the next', async () => {
  const workspace = await servingWorkspace();
  await rollOut(workspace, '1.1.0', 'canary');
  await traffic(workspace, { version: '1.0.0', n: 60 });
  await traffic(workspace, { version: '1.1.0', n: 60 });
  await foldNow(workspace);
  await foldNow(workspace);
  expect(await rollout(workspace)).toMatchObject({ status: 'running', stepIndex: 1 });
});

test('events lost on the way raise an alert', async () => {
  const workspace = await servingWorkspace();
  await sendEvents(workspace, [prediction(1000)], { device: 'lossy-device' });
  await foldNow(workspace);
  expect((await alerts(workspace)).map((alert) => alert.rule)).toContain('loss');
});
