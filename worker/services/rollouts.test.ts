import { expect, test } from 'vitest';
import type { AuditEntry, ModelView, RolloutView } from '../../shared/contracts/registry.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { findRunningRollout } from '../store/rollouts.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, testEnv } from '../test-support/workspace.ts';
import { moveRollout } from './move-rollout.ts';
import { startRollout } from './rollouts.ts';

const MODEL = '/v1/models/parcel-time';

async function publishedWorkspace(...versions: string[]): Promise<TestWorkspace> {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  for (const version of versions) await publish(workspace, publisher, { version });
  return workspace;
}

const rollOut = (workspace: TestWorkspace, version: string, strategy = 'all') =>
  workspace.call('POST', `${MODEL}/rollouts`, { version, strategy });
const rollBack = (workspace: TestWorkspace) => workspace.call('POST', `${MODEL}/rollback`);
const model = (workspace: TestWorkspace) => json<ModelView>(workspace.call('GET', MODEL));

test('rolling out to all makes the version champion at once', async () => {
  const workspace = await publishedWorkspace('1.0.0');
  expect(await json(rollOut(workspace, '1.0.0'))).toMatchObject({
    strategy: 'all',
    status: 'promoted',
    champion: null,
  });
  expect(await model(workspace)).toMatchObject({ champion: '1.0.0', challenger: null });
});

test('a canary serves the first step of its declaration beside the champion', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0');
  await rollOut(workspace, '1.0.0');
  expect(await json(rollOut(workspace, '1.1.0', 'canary'))).toMatchObject({
    status: 'running',
    champion: '1.0.0',
    challenger: '1.1.0',
    steps: [0.01, 0.5, 1],
    stepIndex: 0,
  });
  const { models } = await latestConfiguration(testEnv.DB, workspace.id);
  expect(models['parcel-time'].challenger).toMatchObject({ version: '1.1.0', basisPoints: 100 });
});

test('one rollout runs at a time, also when two are asked for at once', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0', '1.2.0');
  const answers = await Promise.all([
    rollOut(workspace, '1.1.0', 'canary'),
    rollOut(workspace, '1.2.0', 'canary'),
  ]);
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
  const refused = answers.find((answer) => answer.status === 409)!;
  expect(await json(refused)).toMatchObject({
    type: 'https://edgewise.dev/problems/rollout-running',
  });
});

test('an unknown version and the present champion are refused', async () => {
  const workspace = await publishedWorkspace('1.0.0');
  expect((await rollOut(workspace, '9.9.9')).status).toBe(404);
  await rollOut(workspace, '1.0.0');
  expect((await rollOut(workspace, '1.0.0')).status).toBe(409);
});

test('rolling back ends a running canary and keeps the champion', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0');
  await rollOut(workspace, '1.0.0');
  await rollOut(workspace, '1.1.0', 'canary');
  expect(await json(rollBack(workspace))).toMatchObject({
    status: 'rolled_back',
    challenger: '1.1.0',
    endedAt: expect.any(String),
  });
  expect(await model(workspace)).toMatchObject({ champion: '1.0.0', challenger: null });
});

test('rolling back a promotion returns to each earlier champion in turn, then says there is none', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0', '1.2.0');
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await rollOut(workspace, version);
  await rollBack(workspace);
  expect((await model(workspace)).champion).toBe('1.1.0');
  await rollBack(workspace);
  expect((await model(workspace)).champion).toBe('1.0.0');
  expect((await rollBack(workspace)).status).toBe(409);
});

test('a rollback passes over versions that were revoked since', async () => {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) {
    await publish(workspace, publisher, { version });
    await rollOut(workspace, version);
  }
  const revoked = [{ model: 'parcel-time', version: '1.1.0', why: 'wrong unit' }];
  const issuedAt = '2026-11-21T00:00:00.000Z';
  const list = await publisher.sign({ schemaVersion: 1, serial: 1, issuedAt, revoked });
  await workspace.call('PUT', '/v1/revocations', list);
  await rollBack(workspace);
  expect((await model(workspace)).champion).toBe('1.0.0');
});

test('a decision on a rollout that somebody ended meanwhile changes nothing', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0');
  await rollOut(workspace, '1.0.0');
  await rollOut(workspace, '1.1.0', 'canary');
  const rollout = (await findRunningRollout(testEnv.DB, workspace.id, 'parcel-time'))!;
  await rollBack(workspace);
  const before = await latestConfiguration(testEnv.DB, workspace.id);
  const scope = { env: testEnv, workspace: workspace.id, actor: 'fold', nowMs: Date.now() };
  const moved = await moveRollout(scope, { rollout, gates: [], move: { kind: 'promote' } });
  expect(moved).toMatchObject({ ok: false, error: { reason: 'changed_meanwhile' } });
  expect(await latestConfiguration(testEnv.DB, workspace.id)).toEqual(before);
});

test('a version revoked between the look and the write is not rolled out', async () => {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  for (const version of ['1.0.0', '1.1.0']) await publish(workspace, publisher, { version });
  await rollOut(workspace, '1.0.0');
  const issuedAt = '2026-11-21T00:00:00.000Z';
  const revoked = [{ model: 'parcel-time', version: '1.1.0', why: 'raced' }];
  const list = await publisher.sign({ schemaVersion: 1, serial: 1, issuedAt, revoked });
  let isRevoked = false;
  const DB = new Proxy(testEnv.DB, {
    get(target, name) {
      if (name !== 'batch') return Reflect.get(target, name).bind(target);
      return async (statements: D1PreparedStatement[]) => {
        if (!isRevoked) await workspace.call('PUT', '/v1/revocations', list);
        isRevoked = true;
        return target.batch(statements);
      };
    },
  });
  const scope = {
    env: { ...testEnv, DB },
    workspace: workspace.id,
    actor: 'test',
    nowMs: Date.now(),
  };
  const start = { model: 'parcel-time', version: '1.1.0', strategy: 'all' } as const;
  expect(await startRollout(scope, start)).toMatchObject({
    ok: false,
    error: { reason: 'version_revoked', why: 'raced' },
  });
  expect(await model(workspace)).toMatchObject({ champion: '1.0.0' });
});

test('racing moves of one rollout advance it by one step', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0');
  await rollOut(workspace, '1.0.0');
  await rollOut(workspace, '1.1.0', 'canary');
  const rollout = (await findRunningRollout(testEnv.DB, workspace.id, 'parcel-time'))!;
  const scope = { env: testEnv, workspace: workspace.id, actor: 'fold', nowMs: Date.now() };
  const move = { kind: 'advance', stepIndex: 1 } as const;
  const moves = await Promise.all(
    Array.from({ length: 5 }, () => moveRollout(scope, { rollout, gates: [], move })),
  );
  expect(moves.filter((moved) => moved.ok)).toHaveLength(1);
  const [running] = (
    await json<{ rollouts: RolloutView[] }>(workspace.call('GET', `${MODEL}/rollouts`))
  ).rollouts;
  expect(running).toMatchObject({ stepIndex: 1, status: 'running' });
  const { models } = await latestConfiguration(testEnv.DB, workspace.id);
  expect(models['parcel-time'].challenger?.basisPoints).toBe(5000);
});

test('every change of a rollout is in the audit, newest first, page by page', async () => {
  const workspace = await publishedWorkspace('1.0.0', '1.1.0');
  await rollOut(workspace, '1.0.0');
  await rollOut(workspace, '1.1.0', 'canary');
  await rollBack(workspace);
  const actions: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 10; pages++) {
    const page = await json<{ entries: AuditEntry[]; next: string | null }>(
      workspace.call('GET', `/v1/audit?limit=2${cursor}`),
    );
    actions.push(...page.entries.map((entry) => entry.action));
    if (!page.next) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(actions).toEqual([
    'rollout.roll_back',
    'rollout.canary',
    'rollout.all',
    'version.publish',
    'version.publish',
    'key.trust',
  ]);
});
