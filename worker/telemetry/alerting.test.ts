import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView, AuditEntry, SilenceView } from '../../shared/contracts/registry.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { servingWorkspace, traffic } from '../test-support/traffic.ts';
import { DECLARATION } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json, testEnv } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';
const SILENCES = `${MODEL}/silences`;

const alertsOf = async (workspace: TestWorkspace, rule: string) =>
  (await json<{ alerts: AlertView[] }>(workspace.call('GET', `${MODEL}/alerts`))).alerts.filter(
    (alert) => alert.rule === rule,
  );
const shifted = (workspace: TestWorkspace) =>
  traffic(workspace, { version: '1.0.0', n: 300, meanDistance: 14 });
const silence = async (workspace: TestWorkspace, rule: string, durationMs: number) =>
  (
    await json<{ silences: SilenceView[] }>(
      workspace.call('POST', SILENCES, { rule, durationMs, why: 'a campaign' }),
    )
  ).silences;

test('a silenced rule opens no alert, others do, and it opens once the silence is over', async () => {
  const workspace = await servingWorkspace();
  const silent = await silence(workspace, 'drift:distance', 3_600_000);
  expect(silent).toMatchObject([{ rule: 'drift:distance', why: 'a campaign' }]);
  await shifted(workspace);
  await foldNow(workspace);
  expect(await alertsOf(workspace, 'drift:distance')).toEqual([]);
  expect(await alertsOf(workspace, 'drift:prediction')).toMatchObject([{ status: 'firing' }]);
  expect(await silence(workspace, 'drift:distance', 0)).toEqual([]);
  await foldNow(workspace);
  expect(await alertsOf(workspace, 'drift:distance')).toMatchObject([{ status: 'firing' }]);
});

test('a silence of every rule is on record, with who asked and why, and ends by itself', async () => {
  const workspace = await servingWorkspace();
  await silence(workspace, '*', 3_600_000);
  await shifted(workspace);
  expect((await foldNow(workspace)).alerts).toEqual([]);
  const { entries } = await json<{ entries: AuditEntry[] }>(
    workspace.call('GET', '/v1/audit?limit=1'),
  );
  expect(entries[0]).toMatchObject({
    action: 'alert.silence',
    subject: 'parcel-time *',
    detail: expect.stringContaining('a campaign'),
  });
  await testEnv.DB.prepare('UPDATE silences SET until_ms = 1 WHERE workspace = ?')
    .bind(workspace.id)
    .run();
  expect((await foldNow(workspace)).alerts.length).toBeGreaterThan(0);
  expect(await json(workspace.call('GET', SILENCES))).toEqual({ silences: [] });
});

test('a silence that is none is refused', async () => {
  const workspace = await servingWorkspace();
  for (const body of [{}, { rule: '', durationMs: 1, why: '' }, { rule: 'x', durationMs: -1 }])
    expect((await workspace.call('POST', SILENCES, body)).status).toBe(422);
  const none = await workspace.call('POST', '/v1/models/none/silences', {
    rule: '*',
    durationMs: 1,
    why: '',
  });
  expect(none.status).toBe(404);
});

test('a condition must fire for as long as the declaration says, without a break', async () => {
  const alerting = { forMs: 0, recoverAfterMs: 60_000, rules: { drift: { forMs: 60_000 } } };
  const workspace = await servingWorkspace({
    monitors: { ...DECLARATION.monitors, alerting },
  });
  await shifted(workspace);
  await foldNow(workspace);
  expect(await alertsOf(workspace, 'drift:distance')).toEqual([]);
  await runInDurableObject(objectOf(workspace), (_, { storage }) => {
    storage.sql.exec(
      "UPDATE meta SET value = json_set(value, '$.\"drift:distance\".sinceMs', ?) WHERE name = 'firing_since'",
      Date.now() - 61_000,
    );
  });
  await foldNow(workspace);
  expect(await alertsOf(workspace, 'drift:distance')).toMatchObject([{ status: 'firing' }]);
});

test('the summary says what to do next, with the numbers behind it', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 300, error: 40, meanDistance: 14 });
  const { suggestions } = await foldNow(workspace);
  expect(suggestions).toMatchObject([
    {
      action: 'retrain',
      sentence: expect.stringContaining('MAE is 40\u202fmin over 300 outcomes'),
      numbers: { mae: 40, outcomes: 300, 'psi:distance': expect.any(Number) },
    },
  ]);
});
