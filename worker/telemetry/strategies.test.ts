import { expect, test } from 'vitest';
import type { Declaration } from '../../shared/contracts/declaration.ts';
import type { AuditEntry, LedgerView, RolloutView } from '../../shared/contracts/registry.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { prediction, sendEvents } from '../test-support/batch.ts';
import { foldNow } from '../test-support/telemetry.ts';
import {
  rollOut,
  servingWorkspace,
  shadow,
  shadowedTraffic,
  traffic,
} from '../test-support/traffic.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { json, send, testEnv } from '../test-support/workspace.ts';

const MODEL = '/v1/models/parcel-time';

const rollout = async (workspace: TestWorkspace) =>
  (await json<{ rollouts: RolloutView[] }>(workspace.call('GET', `${MODEL}/rollouts`))).rollouts[0];
const served = async (workspace: TestWorkspace) =>
  (await latestConfiguration(testEnv.DB, workspace.id)).models['parcel-time'];
const promote = (workspace: TestWorkspace) => workspace.call('POST', `${MODEL}/promote`, {});

/** The flag `model` as one browser gets it. */
async function flagOf(workspace: TestWorkspace, targetingKey: string) {
  const answer = await send('POST', '/ofrep/v1/evaluate/flags/model', {
    key: workspace.publishableKey,
    body: { context: { targetingKey, useCase: 'parcel-time' } },
  });
  return (await json<{ variant: string; value: Record<string, unknown> }>(answer)) ?? null;
}

const shadowed = (change: Partial<Declaration> = {}): Partial<Declaration> => ({
  gates: [
    { metric: 'mae', maxRatioToChampion: 1.1, minSamples: 50 },
    { metric: 'error_rate', max: 0.05, minSamples: 50 },
    { metric: 'agreement_rate', min: 0.9, tolerance: 3, minSamples: 50 },
  ],
  rollout: {
    steps: [0.5, 1],
    holdMs: 0,
    shadow: { share: 1, holdMs: 0, followedBy: 'all', promotion: 'hand' },
  },
  ...change,
});

test('a challenger in the shadow is told to browsers beside the champion, and served to nobody', async () => {
  const workspace = await servingWorkspace(shadowed());
  const started = await json<RolloutView>(rollOut(workspace, '1.1.0', 'shadow'));
  expect(started).toMatchObject({
    strategy: 'shadow',
    status: 'running',
    steps: [1],
    plan: { promotion: 'hand', steps: [{ share: 1, mode: 'shadow', holdMs: 0 }] },
  });
  const { variant, value } = await flagOf(workspace, 'u-1');
  expect({ variant, version: value['version'] }).toEqual({ variant: 'champion', version: '1.0.0' });
  expect(value['shadow']).toMatchObject({
    version: '1.1.0',
    manifest: { payload: expect.any(String) },
  });
});

test('a shadow counts in no counter of predictions, and its events are counted once', async () => {
  const workspace = await servingWorkspace(shadowed());
  await rollOut(workspace, '1.1.0', 'shadow');
  await shadowedTraffic(workspace, { n: 100 });
  const { totals, versions } = await foldNow(workspace);
  expect(totals).toMatchObject({ events: 300, predictions: 100, outcomes: 100, incidents: 0 });
  expect(versions.map(({ version, predictions }) => [version, predictions])).toEqual([
    ['1.0.0', 100],
  ]);
  expect(await json<LedgerView>(workspace.call('GET', `${MODEL}/ledger`))).toMatchObject({
    events: 300,
    predictions: 100,
    outcomes: 100,
  });
  const gates = (await rollout(workspace)).gates;
  expect(gates.map(({ metric, verdict, n }) => [metric, verdict, n])).toEqual([
    ['mae', 'pass', 100],
    ['error_rate', 'pass', 100],
    ['agreement_rate', 'pass', 100],
  ]);
});

test('a shadow whose gates hold waits for somebody, who promotes it', async () => {
  const workspace = await servingWorkspace(shadowed());
  await rollOut(workspace, '1.1.0', 'shadow');
  await shadowedTraffic(workspace, { n: 100 });
  await foldNow(workspace);
  expect(await rollout(workspace)).toMatchObject({
    status: 'running',
    reason: 'every gate held: waits for somebody to promote it',
  });
  expect((await promote(workspace)).status).toBe(200);
  expect(await served(workspace)).toMatchObject({ champion: '1.1.0', challenger: null });
  expect((await promote(workspace)).status).toBe(409);
  const { entries } = await json<{ entries: AuditEntry[] }>(
    workspace.call('GET', '/v1/audit?limit=1'),
  );
  expect(entries[0]).toMatchObject({
    action: 'rollout.promote',
    detail: expect.stringContaining('promoted by'),
  });
});

test('by verdict, a shadow whose gates hold promotes itself', async () => {
  const workspace = await servingWorkspace(shadowed());
  await workspace.call('POST', `${MODEL}/rollouts`, {
    version: '1.1.0',
    strategy: 'shadow',
    promotion: 'verdict',
  });
  await shadowedTraffic(workspace, { n: 100 });
  await foldNow(workspace);
  expect(await rollout(workspace)).toMatchObject({ status: 'promoted' });
});

test.each([
  ['disagrees with the champion', { difference: 20 }, 'agreement_rate'],
  ['fails on devices', { failing: true }, 'error_rate'],
  ['is wrong where the champion is right', { shadowError: 12 }, 'mae'],
])('a shadow that %s is ended by its gate', async (_, how, metric) => {
  const workspace = await servingWorkspace(shadowed());
  await rollOut(workspace, '1.1.0', 'shadow');
  await shadowedTraffic(workspace, { n: 150, ...how });
  await foldNow(workspace);
  const ended = await rollout(workspace);
  expect(ended).toMatchObject({ status: 'rolled_back' });
  expect(
    ended.gates.filter(({ verdict }) => verdict === 'fail').map((gate) => gate.metric),
  ).toEqual([metric]);
  expect(await served(workspace)).toMatchObject({ champion: '1.0.0', challenger: null });
});

test('without a champion there is nothing to stand beside', async () => {
  const workspace = await servingWorkspace(shadowed());
  await testEnv.DB.prepare(
    "UPDATE flag_configurations SET document = json_set(document, '$.models.parcel-time.champion', null) WHERE workspace = ?",
  )
    .bind(workspace.id)
    .run();
  const refused = await rollOut(workspace, '1.1.0', 'shadow');
  expect(refused.status).toBe(409);
  expect(await json(refused)).toMatchObject({
    type: 'https://edgewise.dev/problems/no-champion',
  });
});

test('a shadow of another device’s prediction, or of a version nobody published, is refused', async () => {
  const workspace = await servingWorkspace(shadowed());
  const ack = await sendEvents(workspace, [
    prediction(1),
    shadow(2, { prediction: 'device02.writer01:1' }),
    shadow(3, { version: '9.9.9' }),
    shadow(4, {}),
  ]);
  expect(ack.rejected).toEqual([
    { seq: 2, reason: 'foreign_prediction' },
    { seq: 3, reason: 'unknown_version' },
  ]);
});

test('blue-green previews, switches everybody at once, and switches back at once', async () => {
  const workspace = await servingWorkspace({
    gates: [{ metric: 'error_rate', max: 0.05, minSamples: 50 }],
    rollout: {
      steps: [1],
      holdMs: 0,
      blueGreen: { preview: 'serve', share: 0.1, holdMs: 0, watchMs: 3_600_000 },
    },
  });
  await rollOut(workspace, '1.1.0', 'blue-green');
  expect((await served(workspace)).challenger).toMatchObject({ basisPoints: 1000, mode: 'serve' });
  await traffic(workspace, { version: '1.1.0', n: 60 });
  await foldNow(workspace);
  expect((await served(workspace)).challenger).toMatchObject({ basisPoints: 10_000 });
  await traffic(workspace, { version: '1.1.0', n: 60 });
  await foldNow(workspace);
  expect(await rollout(workspace)).toMatchObject({ status: 'running', stepIndex: 1 });
  expect((await flagOf(workspace, 'anybody')).value['version']).toBe('1.1.0');
  await traffic(workspace, { version: '1.1.0', n: 200, failing: true });
  await foldNow(workspace);
  expect(await rollout(workspace)).toMatchObject({ status: 'rolled_back' });
  expect((await flagOf(workspace, 'anybody')).value['version']).toBe('1.0.0');
});

test('rolling goes on by time with too little data, in equal increments', async () => {
  const workspace = await servingWorkspace({
    rollout: { steps: [1], holdMs: 0, rolling: { increment: 0.25, everyMs: 0 } },
  });
  await rollOut(workspace, '1.1.0', 'rolling');
  const shares = [];
  for (let i = 0; i < 4; i++) {
    shares.push((await served(workspace)).challenger?.basisPoints);
    await foldNow(workspace);
  }
  expect(shares[0]).toBe(2500);
  expect(await rollout(workspace)).toMatchObject({
    status: 'promoted',
    steps: [0.25, 0.5, 0.75, 1],
  });
});
