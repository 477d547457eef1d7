import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView } from '../../shared/contracts/registry.ts';
import { prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { servingWorkspace, traffic } from '../test-support/traffic.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json } from '../test-support/workspace.ts';

const alerts = async (workspace: TestWorkspace) =>
  (await json<{ alerts: AlertView[] }>(workspace.call('GET', '/v1/models/parcel-time/alerts')))
    .alerts;

test('an alert that goes on firing is written and told once a minute, not at each fold', async () => {
  const workspace = await servingWorkspace();
  const lastSeen = async () =>
    (await alerts(workspace)).find(({ rule }) => rule === 'loss')?.lastSeenAt;
  await sendEvents(workspace, [prediction(1000)], { device: 'renewing-1' });
  await foldNow(workspace);
  const first = await lastSeen();
  await sendEvents(workspace, [prediction(2000)], { device: 'renewing-2' });
  await foldNow(workspace);
  expect(await lastSeen()).toBe(first);
  await runInDurableObject(objectOf(workspace), (_, { storage }) => {
    storage.sql.exec(
      "UPDATE told_alerts SET view = json_set(view, '$.lastSeenAt', '2026-01-01T00:00:00.000Z')",
    );
  });
  await foldNow(workspace);
  expect((await lastSeen())! > first!).toBe(true);
});

test('when traffic stops, a tick publishes the rate as it falls to zero and the window as it empties', async () => {
  const workspace = await servingWorkspace();
  await traffic(workspace, { version: '1.0.0', n: 150 });
  const busy = await foldNow(workspace);
  expect(busy.predictionsPerMinute).toBe(30);
  const wait = (ms: number) =>
    runInDurableObject(objectOf(workspace), (_, { storage }) => {
      storage.sql.exec('UPDATE windows SET bucket_ms = bucket_ms - ?', ms);
    });
  await wait(6 * 60_000);
  const quiet = await foldNow(workspace);
  expect(quiet).toMatchObject({ predictionsPerMinute: 0, drift: busy.drift });
  expect(quiet.revision).toBe(busy.revision + 1);
  await wait(6 * 60_000);
  const empty = await foldNow(workspace);
  expect(empty.drift.map(({ verdict }) => verdict)).toEqual(Array(2).fill('insufficient_data'));
  expect(empty).toMatchObject({ versions: [], totals: busy.totals });
  expect(await foldNow(workspace)).toEqual(empty);
});
