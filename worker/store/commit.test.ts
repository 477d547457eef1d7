import { beforeAll, expect, test } from 'vitest';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, testEnv } from '../test-support/workspace.ts';
import { listAudit } from './audit.ts';
import { commit } from './commit.ts';
import { insertRollout, updateRollout } from './rollouts.ts';

let workspace: TestWorkspace;

const ROW = {
  id: '0199-rollout',
  model: 'parcel-time',
  champion: null,
  challenger: '1.0.0',
  strategy: 'canary',
  status: 'running',
  plan: '{"steps":[{"share":1,"mode":"serve","holdMs":0}],"pace":"evidence","promotion":"verdict"}',
  step_index: 0,
  step_started_at: '',
  started_at: '',
  ended_at: null,
  reason: '',
  gates: '[]',
  rev: 0,
} as const;

beforeAll(async () => {
  workspace = await createWorkspace();
  await insertRollout(testEnv.DB, workspace.id, ROW).run();
});

const change = (reason: string) =>
  commit(
    { env: testEnv, workspace: workspace.id, actor: 'test', nowMs: Date.now() },
    {
      audit: { action: 'test', subject: reason, detail: '' },
      statements: [],
      compareAndSet: updateRollout(testEnv.DB, workspace.id, { ...ROW, reason }),
    },
  );

test('of racing changes to one row exactly one is written, with exactly one audit entry', async () => {
  const changes = await Promise.all(Array.from({ length: 20 }, (_, i) => change(`change ${i}`)));
  expect(changes.filter((written) => written.ok)).toHaveLength(1);
  expect(changes.find((written) => !written.ok)).toEqual({
    ok: false,
    error: { reason: 'changed_meanwhile', what: expect.stringContaining('change') },
  });
  const page = { before: null, limit: 100 };
  expect(await listAudit(testEnv.DB, workspace.id, page)).toHaveLength(1);
  const { rows } = (await testEnv.DB.prepare('SELECT count(*) AS rows FROM guard').first())!;
  expect(rows).toBe(0);
});

test('an error that is no lost race is thrown', async () => {
  const scope = { env: testEnv, workspace: workspace.id, actor: 'test', nowMs: Date.now() };
  const broken = testEnv.DB.prepare('INSERT INTO no_such_table VALUES (1)');
  const audit = { action: 'test', subject: 'x', detail: '' };
  await expect(commit(scope, { audit, statements: [broken] })).rejects.toThrow('no_such_table');
});
