import { runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { AlertView } from '../../shared/contracts/registry.ts';
import { prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow, objectOf } from '../test-support/telemetry.ts';
import { servingWorkspace } from '../test-support/traffic.ts';
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
