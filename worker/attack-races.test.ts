import { expect, test } from 'vitest';
import type { AuditEntry, ModelView, RolloutView } from '../shared/contracts/registry.ts';
import { rollBack } from './services/rollback.ts';
import { trustedPublisher } from './test-support/publisher.ts';
import { rollOut, servingWorkspace } from './test-support/traffic.ts';
import { publish } from './test-support/version.ts';
import type { TestWorkspace } from './test-support/workspace.ts';
import { createWorkspace, json, testEnv } from './test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';

async function versionsOf(workspace: TestWorkspace): Promise<number[]> {
  const { results } = await testEnv.DB.prepare(
    'SELECT version FROM flag_configurations WHERE workspace = ? ORDER BY version',
  )
    .bind(workspace.id)
    .all<{ version: number }>();
  return results.map(({ version }) => version);
}

async function auditOf(workspace: TestWorkspace): Promise<AuditEntry[]> {
  const { entries } = await json<{ entries: AuditEntry[] }>(
    workspace.call('GET', '/v1/audit?limit=500'),
  );
  return entries;
}

const modelOf = (workspace: TestWorkspace): Promise<ModelView> =>
  json(workspace.call('GET', MODEL));

const gapless = (versions: number[]) => versions.map((_, i) => i + versions[0]);

test('kills, rollouts, rollbacks and flags at once: versions without a gap, one audit entry a change', async () => {
  const workspace = await servingWorkspace();
  const before = (await auditOf(workspace)).length;
  const versionsBefore = (await versionsOf(workspace)).length;
  const flag = { enabled: true, basisPoints: 5000, on: 'a', off: 'b' };
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => [
      workspace.call('PATCH', MODEL, { mlEnabled: i % 2 === 0 }),
      workspace.call('PATCH', MODEL, { trafficPercentage: 10 * i }),
      rollOut(workspace, '1.1.0', 'canary'),
      workspace.call('POST', `${MODEL}/rollback`),
      workspace.call('PUT', `/v1/flags/raced-${i}`, flag),
    ]).flat(),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
  const changes = statuses.filter((status) => status < 300).length;
  const versions = await versionsOf(workspace);
  expect(versions).toEqual(gapless(versions));
  expect(versions.length - versionsBefore).toBe(changes);
  expect((await auditOf(workspace)).length - before).toBe(changes);
});

test('whatever raced, what is served is what the rollouts say', async () => {
  const workspace = await servingWorkspace();
  for (let round = 0; round < 5; round++)
    await Promise.all([
      rollOut(workspace, '1.1.0', 'canary'),
      workspace.call('POST', `${MODEL}/rollback`),
      rollOut(workspace, '1.1.0', 'canary'),
    ]);
  const { rollouts } = await json<{ rollouts: RolloutView[] }>(
    workspace.call('GET', `${MODEL}/rollouts`),
  );
  const running = rollouts.filter(({ status }) => status === 'running');
  expect(running.length).toBeLessThanOrEqual(1);
  const { challenger } = await modelOf(workspace);
  expect(challenger).toBe(running[0]?.challenger ?? null);
});

test('two who roll back the same canary at once do not lose the champion with it', async () => {
  const workspace = await servingWorkspace();
  await rollOut(workspace, '1.1.0', 'all');
  const publisher = await trustedPublisher(workspace);
  await publish(workspace, publisher, { version: '1.2.0' });
  await rollOut(workspace, '1.2.0', 'canary');
  const scope = { env: testEnv, workspace: workspace.id, actor: 'somebody', nowMs: Date.now() };
  const ends = await Promise.all(Array.from({ length: 3 }, () => rollBack(scope, 'parcel-time')));
  expect(ends.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await modelOf(workspace)).toMatchObject({ champion: '1.1.0', challenger: null });
});

test('lists of revocations sent at once take nothing off each other', async () => {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  const lists = await Promise.all(
    [2, 3, 4, 5, 6].map((serial) =>
      publisher.sign({
        schemaVersion: 1,
        serial,
        issuedAt: '2026-11-21T00:00:00.000Z',
        revoked: [{ model: 'parcel-time', version: `${serial}.0.0`, why: 'raced' }],
      }),
    ),
  );
  const answers = await Promise.all(
    lists.map((list) => workspace.call('PUT', '/v1/revocations', list)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
});

test('a version that is revoked while it is rolled out is not left serving', async () => {
  for (let round = 0; round < 4; round++) {
    const workspace = await servingWorkspace();
    const publisher = await trustedPublisher(workspace);
    const list = await publisher.sign({
      schemaVersion: 1,
      serial: 1,
      issuedAt: '2026-11-21T00:00:00.000Z',
      revoked: [{ model: 'parcel-time', version: '1.1.0', why: 'raced' }],
    });
    await Promise.all([
      rollOut(workspace, '1.1.0', round % 2 === 0 ? 'all' : 'canary'),
      workspace.call('PUT', '/v1/revocations', list),
    ]);
    expect(await modelOf(workspace)).toMatchObject({ champion: '1.0.0', challenger: null });
  }
});
