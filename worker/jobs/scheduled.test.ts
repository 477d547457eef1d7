import { expect, test } from 'vitest';
import type { RunView } from '../../shared/contracts/registry.ts';
import type { Env } from '../env.ts';
import type { RetrainParameters } from '../services/runs.ts';
import { finishRun } from '../services/runs.ts';
import { outcome, prediction, sendEvents } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { servingWorkspace, traffic } from '../test-support/traffic.ts';
import { DECLARATION, publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, testEnv } from '../test-support/workspace.ts';
import { runScheduled } from './scheduled.ts';

const AT_THREE = Date.UTC(2026, 10, 21, 3, 0, 30);
const MINUTE_MS = 60_000;

/** A champion with `labels` labelled predictions; its declaration retrains at three with 50 new ones. */
async function labelledWorkspace(labels: number): Promise<TestWorkspace> {
  const workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
  const rollout = { version: '1.0.0', strategy: 'all' };
  await workspace.call('POST', '/v1/models/parcel-time/rollouts', rollout);
  const events = Array.from({ length: labels }, (_, i) => [
    prediction(2 * i + 1),
    outcome(2 * i + 2, { prediction: `device01.writer01:${2 * i + 1}` }),
  ]);
  if (labels > 0) await sendEvents(workspace, events.flat());
  return workspace;
}

const runs = async (workspace: TestWorkspace) =>
  (await json<{ runs: RunView[] }>(workspace.call('GET', '/v1/models/parcel-time/runs'))).runs;

/** A trainer that notes what it was started with; the real one has tests of its own. */
function recordingTrainer(workspace: TestWorkspace) {
  const started: RetrainParameters[] = [];
  const create = async ({ params }: { params: RetrainParameters }) => {
    if (params.workspace === workspace.id) started.push(params);
  };
  const env = { ...testEnv, RETRAIN: { create } } as unknown as Env;
  return { env, started };
}

/** A run that is open, whose Workflow exists and says of itself what it is told to. */
async function openRun(workspace: TestWorkspace, instance: Partial<InstanceStatus>) {
  const { env, started } = recordingTrainer(workspace);
  await runScheduled(env, AT_THREE);
  const create = () => Promise.reject(new Error('An instance of this id already exists'));
  const get = async () => ({ status: async () => instance });
  const later = { ...env, RETRAIN: { create, get } } as unknown as Env;
  const cron = () => runScheduled(later, AT_THREE + MINUTE_MS);
  return { runId: started[0]?.runId ?? (await runs(workspace))[0].id, cron };
}

test('cron folds what a dead alarm left behind', async () => {
  const workspace = await labelledWorkspace(5);
  await runScheduled(testEnv, Date.now());
  expect(await json(workspace.call('GET', '/v1/models/parcel-time/summary'))).toMatchObject({
    totals: { predictions: 5, outcomes: 5 },
  });
});

test('a retraining starts when its schedule and enough labels say so, once a slot', async () => {
  const workspace = await labelledWorkspace(60);
  const { env, started } = recordingTrainer(workspace);
  await runScheduled(env, AT_THREE - MINUTE_MS);
  expect(started).toEqual([]);
  await Promise.all([runScheduled(env, AT_THREE), runScheduled(env, AT_THREE)]);
  expect(new Set(started.map((params) => params.runId)).size).toBe(1);
  expect(await runs(workspace)).toMatchObject([
    { trigger: 'schedule', status: 'running', parentVersion: '1.0.0', detail: '60 new labels' },
  ]);
});

test('too few new labels start nothing, and labels of the last run are not new', async () => {
  const workspace = await labelledWorkspace(60);
  const { env, started } = recordingTrainer(workspace);
  await runScheduled(env, AT_THREE);
  const scope = { env: testEnv, workspace: workspace.id, actor: 'retraining', nowMs: AT_THREE };
  const { runId } = started[0];
  await finishRun(scope, {
    runId,
    status: 'succeeded',
    detail: 'done',
    version: '1.1.0',
    rows: 60,
  });
  await runScheduled(env, AT_THREE + 86_400_000);
  expect(new Set(started.map((params) => params.runId)).size).toBe(1);
  expect(await runs(workspace)).toMatchObject([
    { status: 'succeeded', version: '1.1.0', rows: 60 },
  ]);
});

test('a run that was noted and never started is started by the next cron', async () => {
  const workspace = await labelledWorkspace(60);
  const { env, started } = recordingTrainer(workspace);
  const failing = { ...env, RETRAIN: { create: () => new Promise(() => undefined) } };
  void runScheduled(failing as unknown as Env, AT_THREE);
  while ((await runs(workspace)).length === 0) await scheduler.wait(10);
  await runScheduled(env, AT_THREE + MINUTE_MS);
  expect(started.map((params) => params.runId)).toEqual([(await runs(workspace))[0].id]);
});

test.each([
  ['errored', { name: 'Error', message: 'out of memory' }, 'out of memory'],
  ['terminated', undefined, 'terminated'],
  ['complete', undefined, 'complete'],
] as const)(
  'a run whose Workflow is %s is ended, and its files are removed',
  async (status, error, words) => {
    const workspace = await labelledWorkspace(60);
    const { runId, cron } = await openRun(workspace, { status, error });
    const key = `w/${workspace.id}/runs/${runId}/training-state`;
    await testEnv.BUCKET.put(key, 'x');
    await cron();
    const [run] = await runs(workspace);
    expect(run).toMatchObject({
      id: runId,
      status: 'failed',
      detail: expect.stringContaining(words),
    });
    expect(await testEnv.BUCKET.head(key)).toBeNull();
  },
);

test('a run whose Workflow works, waits or sleeps is left alone', async () => {
  const workspace = await labelledWorkspace(60);
  for (const status of ['running', 'waiting', 'queued', 'paused'] as const) {
    const { runId, cron } = await openRun(workspace, { status });
    await cron();
    expect((await runs(workspace))[0]).toMatchObject({ id: runId, status: 'running' });
  }
});

test('without a trainer a run fails and says why', async () => {
  const workspace = await labelledWorkspace(0);
  const answer = await workspace.call('POST', '/v1/models/parcel-time/runs');
  expect(answer.status).toBe(201);
  expect(await json(answer)).toMatchObject({
    trigger: 'manual',
    status: 'failed',
    detail: expect.stringContaining('No trainer'),
  });
  expect((await workspace.call('POST', '/v1/models/no-such/runs')).status).toBe(404);
});

test('the first to end a run says what became of it', async () => {
  const workspace = await labelledWorkspace(60);
  const { env, started } = recordingTrainer(workspace);
  await runScheduled(env, AT_THREE);
  const scope = { env: testEnv, workspace: workspace.id, actor: 'retraining', nowMs: AT_THREE };
  const { runId } = started[0];
  await finishRun(scope, { runId, status: 'skipped', detail: 'no better' });
  const late = await finishRun(scope, { runId, status: 'failed', detail: 'late' });
  expect(late).toMatchObject({ ok: true, value: { status: 'skipped', detail: 'no better' } });
});

test('drift starts a run between the scheduled ones where the declaration says so', async () => {
  const retraining = { ...DECLARATION.retraining, triggers: { drift: 0.5 } };
  const workspace = await servingWorkspace({ retraining });
  await traffic(workspace, { version: '1.0.0', n: 300, meanDistance: 14 });
  const { env, started } = recordingTrainer(workspace);
  const atNoon = AT_THREE + 9 * 60 * MINUTE_MS;
  await runScheduled(env, atNoon);
  expect(new Set(started.map(({ runId }) => runId)).size).toBe(1);
  expect((await runs(workspace))[0].detail).toBe('1 of 2 inputs drifted, 300 new labels');
});
