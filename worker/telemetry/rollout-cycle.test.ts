import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView, RolloutView } from '../../shared/contracts/registry.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { rollOut, servingWorkspace, traffic } from '../test-support/traffic.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json, testEnv } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';

const alerts = async (workspace: TestWorkspace) =>
  (await json<{ alerts: AlertView[] }>(workspace.call('GET', `${MODEL}/alerts`))).alerts;
const rollout = async (workspace: TestWorkspace) =>
  (await json<{ rollouts: RolloutView[] }>(workspace.call('GET', `${MODEL}/rollouts`))).rollouts[0];

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

/** A champion, and a canary of 1.1.0 that the fold rolled back. */
async function rolledBackWorkspace(): Promise<TestWorkspace> {
  const workspace = await servingWorkspace();
  await rollOut(workspace, '1.1.0', 'canary');
  await traffic(workspace, { version: '1.0.0', n: 100 });
  await traffic(workspace, { version: '1.1.0', n: 100, failing: true });
  await foldNow(workspace);
  return workspace;
}

const rolloutAlert = async (workspace: TestWorkspace) =>
  (await alerts(workspace)).find((alert) => alert.rule === 'rollout');

test('a crash between the rollback and noting its alert delays the alert, no more', async () => {
  const workspace = await rolledBackWorkspace();
  await testEnv.DB.prepare('DELETE FROM alerts WHERE workspace = ?').bind(workspace.id).run();
  await runInDurableObject(objectOf(workspace), (_, { storage }) => {
    storage.sql.exec('DELETE FROM alerts');
  });
  await foldNow(workspace);
  expect(await rolloutAlert(workspace)).toMatchObject({
    status: 'firing',
    summary: expect.stringContaining('1.1.0 was rolled back'),
  });
});

test.each([
  ['another rollout', (workspace: TestWorkspace) => rollOut(workspace, '1.1.0', 'all')],
  [
    'a rollback that somebody asked for',
    async (workspace: TestWorkspace) => {
      await testEnv.DB.prepare(
        "UPDATE rollouts SET champion = '1.1.0' WHERE workspace = ? AND strategy = 'all'",
      )
        .bind(workspace.id)
        .run();
      return workspace.call('POST', `${MODEL}/rollback`);
    },
  ],
])('the alert of a rollback is resolved by %s, not by time', async (_, act) => {
  const workspace = await rolledBackWorkspace();
  const longAgo = async () => {
    await runInDurableObject(objectOf(workspace), (_, { storage }) => {
      storage.sql.exec(
        "UPDATE alerts SET view = json_set(view, '$.lastSeenAt', '2026-01-01T00:00:00.000Z')",
      );
    });
    await foldNow(workspace);
  };
  await longAgo();
  expect(await rolloutAlert(workspace)).toMatchObject({ status: 'firing' });
  expect((await act(workspace)).ok).toBe(true);
  await longAgo();
  expect(await rolloutAlert(workspace)).toMatchObject({ status: 'resolved' });
});
