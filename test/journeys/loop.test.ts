import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  AlertView,
  LedgerView,
  ModelSummary,
  RolloutView,
  RunView,
} from '../../shared/contracts/registry.ts';
import { createRng, shuffle } from '../../shared/core/rng.ts';
import { bucketOf } from '../../shared/decide/assignment.ts';
import { type SimulatedRow, simulateRows } from '../../shared/simulate/simulate-rows.ts';
import { type BrowserProfile, launchProfile } from '../browser/find-browser.ts';
import { useCase } from '../fixtures/fast-delay-prediction.ts';
import { api } from '../support/api.ts';
import { edgewiseJson } from '../support/cli.ts';
import { createFleet, type Fleet } from '../support/fleet.ts';
import { rawEvents } from '../support/raw-store.ts';
import { newStateDir, removeStateDir, type Server, startServer } from '../support/server.ts';
import { waitFor } from '../support/wait.ts';
import { PredictPage } from './predict-page.ts';

const MODEL = useCase.id;
const USE_CASE_FILE = 'test/fixtures/fast-delay-prediction.ts';
const FLEET_SIZE = 300;
const SHIFTED = { inputs: 1, concept: 1 };

let server: Server;
let profile: BrowserProfile;
let view: PredictPage;
let fleet: Fleet;
let folder: string;
/** Outcomes told on the page. */
let told = 0;
const pageRows = simulateRows(MODEL, { rows: 500, seed: 9 });
const nextRow = () => pageRows.shift()!.row;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgewise-journey-'));
  server = await startServer({ empty: true, stateDir: await newStateDir() });
  profile = await launchProfile();
});

afterAll(async () => {
  await fleet?.dispose();
  await profile?.close();
  await server?.stop();
  await removeStateDir(server.stateDir);
  await rm(folder, { recursive: true, force: true });
});

test('the server is ready within a minute', () => {
  expect(server.readySeconds).toBeLessThan(60);
});

test('a version is trained from a CSV, published and rolled out to everybody', async () => {
  await publish('1.0.0', simulateRows(MODEL, { rows: 2000, seed: 1 }));
  await edgewiseJson(server, ['rollout', MODEL, '--version', '1.0.0', '--strategy', 'all']);
  const status = await edgewiseJson<unknown>(server, ['status', MODEL]);
  expect(JSON.stringify(status)).toContain('"champion":"1.0.0"');
});

test('the page predicts with the version on the device', async () => {
  view = await PredictPage.open(profile.context, server.endpoint);
  await view.share();
  await view.predictUntil(nextRow(), ({ version }) => version === '1.0.0', 20_000);
  await settle();
  await view.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
});

test('without a network it answers, remembers outcomes and survives its tab being closed', async () => {
  await profile.context.setOffline(true);
  for (let i = 0; i < 25; i++) await view.predict(nextRow());
  await view.page.close();
  view = await PredictPage.open(profile.context, server.endpoint, view.made);
  await view.predictUntil(nextRow(), ({ version }) => version === '1.0.0', 20_000);
  for (let i = 0; i < 25; i++) {
    const { source, version } = await view.predict(nextRow());
    expect({ source, version }).toEqual({ source: 'model', version: '1.0.0' });
    if (i % 5 < 2) {
      await view.tell(30 + i);
      told++;
    }
  }
});

test('back on the network every event arrives and is counted exactly once', async () => {
  await profile.context.setOffline(false);
  await settle();
});

test('a server killed in the middle of a sync counts exactly once after its restart', async () => {
  await profile.context.setOffline(true);
  for (let i = 0; i < 40; i++) await view.predict(nextRow());
  const underWay = view.page.waitForRequest(/telemetry\/batches/, { timeout: 60_000 });
  await profile.context.setOffline(false);
  await underWay;
  await server.kill();
  const { stateDir, endpoint } = server;
  server = await startServer({ empty: true, stateDir, port: Number(new URL(endpoint).port) });
  await settle();
});

test('shifted inputs raise a drift alert within five seconds', async () => {
  fleet = await createFleet({ server, useCase, size: FLEET_SIZE });
  await fleet.use(simulateRows(MODEL, { rows: 3000, seed: 2 }));
  expect(await firingAlerts()).toEqual([]);
  const report = await fleet.use(simulateRows(MODEL, { rows: 3000, seed: 3, drift: SHIFTED }));
  expect(report).toMatchObject({ predictions: 3000, byVersion: { '1.0.0': 3000 }, waiting: 0 });
  const startedMs = performance.now();
  await waitFor('a drift alert', async () =>
    (await firingAlerts()).some(({ rule }) => rule.startsWith('drift:')),
  );
  expect(performance.now() - startedMs).toBeLessThan(5000);
});

test('the cron retrains on what came home and asks for a canary', async () => {
  await fleet.use(simulateRows(MODEL, { rows: 3000, seed: 4, drift: SHIFTED }));
  await cron();
  const run = await waitFor(
    'the run to end',
    async () => {
      const { runs } = await api<{ runs: RunView[] }>(server, `/v1/models/${MODEL}/runs`);
      return runs[0]?.status !== 'running' && runs[0];
    },
    { timeoutMs: 180_000, everyMs: 500 },
  );
  expect(run).toMatchObject({ status: 'succeeded', parentVersion: '1.0.0', version: '1.1.0' });
  expect((await latestRollout()).challenger).toBe('1.1.0');
});

test('the canary climbs on evidence and is promoted, and the page follows without a reload', async () => {
  expectEveryStepHolds('1.1.0');
  const rollout = await untilRolloutEnds(10);
  expect(rollout).toMatchObject({ challenger: '1.1.0', status: 'promoted' });
  await view.predictUntil(nextRow(), ({ version }) => version === '1.1.0', 10_000);
});

test('a bad version is rolled back by itself, with an alert, and nobody is left on it', async () => {
  const rows = simulateRows(MODEL, { rows: 2000, seed: 5, drift: SHIFTED });
  const values = shuffle(
    rows.map(({ value }) => value),
    createRng(6),
  );
  await publish(
    '1.2.0',
    rows.map((row, i) => ({ ...row, value: values[i] })),
  );
  expectEveryStepHolds('1.2.0');
  await edgewiseJson(server, ['rollout', MODEL, '--version', '1.2.0']);
  const rollout = await untilRolloutEnds(40);
  expect(rollout, rollout.reason).toMatchObject({ challenger: '1.2.0', status: 'rolled_back' });

  await waitFor('the alert', async () =>
    (await firingAlerts()).some(({ rule }) => rule === 'rollout'),
  );
  await fleet.use(simulateRows(MODEL, { rows: FLEET_SIZE, seed: 70, drift: SHIFTED }));
  const report = await fleet.use(
    simulateRows(MODEL, { rows: FLEET_SIZE, seed: 71, drift: SHIFTED }),
  );
  expect(report.byVersion).toEqual({ '1.1.0': FLEET_SIZE });
});

test('the kill switch reaches the page within two seconds', async () => {
  const [tookMs] = await Promise.all([
    view.predictUntil(nextRow(), ({ reason }) => reason === 'killed', 10_000),
    api(server, `/v1/models/${MODEL}`, { method: 'PATCH', body: { mlEnabled: false } }),
  ]);
  expect(tookMs).toBeLessThan(2000);
});

async function publish(version: string, rows: readonly SimulatedRow[]): Promise<void> {
  const csv = join(folder, `${version}.csv`);
  const out = join(folder, version);
  const header = [...useCase.inputs.map(({ name }) => name), useCase.target.name];
  const lines = rows.map(({ row, value }) =>
    [...useCase.inputs.map(({ name }) => row[name] ?? ''), value].join(','),
  );
  await writeFile(csv, `${[header.join(','), ...lines].join('\n')}\n`);
  await edgewiseJson(server, [
    'train',
    USE_CASE_FILE,
    '--data',
    csv,
    '--version',
    version,
    '--out',
    out,
  ]);
  await edgewiseJson(server, ['publish', out]);
}

/** Waits until all of the page's events are home, then compares counters, ledger and R2. */
async function settle(): Promise<void> {
  const ids = () => rawEvents(server.stateDir, MODEL).filter(({ type }) => type === 'prediction');
  await waitFor(
    'the page to have sent everything',
    () => {
      const home = new Set(ids().map(({ id }) => id));
      return [...view.made].every((id) => home.has(id));
    },
    { timeoutMs: 90_000, last: () => ({ made: view.made.size, home: ids().length }) },
  );
  const events = rawEvents(server.stateDir, MODEL);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events.filter(({ type }) => type === 'outcome')).toHaveLength(told);
  const predictions = events.filter(({ type }) => type === 'prediction').length;
  const ledger = await api<LedgerView>(server, `/v1/models/${MODEL}/ledger`);
  expect(ledger).toMatchObject({ events: events.length, predictions, outcomes: told });
  const { totals } = await waitFor('the fold', async () => {
    const summary = await api<ModelSummary>(server, `/v1/models/${MODEL}/summary`);
    return summary.totals.events >= events.length && summary;
  });
  expect(totals).toMatchObject({ events: events.length, predictions, outcomes: told, missing: 0 });
}

const cron = () => fetch(`${server.endpoint}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`);

const firingAlerts = async (): Promise<AlertView[]> => {
  const { alerts } = await api<{ alerts: AlertView[] }>(server, `/v1/models/${MODEL}/alerts`);
  return alerts.filter(({ status }) => status === 'firing');
};

async function latestRollout(): Promise<RolloutView> {
  const { rollouts } = await api<{ rollouts: RolloutView[] }>(
    server,
    `/v1/models/${MODEL}/rollouts`,
  );
  return rollouts[0];
}

/** The fleet lives on, and the cron ticks, until the rollout is decided. */
async function untilRolloutEnds(seed: number): Promise<RolloutView> {
  for (let round = 0; round < 30; round++) {
    await fleet.use(simulateRows(MODEL, { rows: 3000, seed: seed + round, drift: SHIFTED }));
    await cron();
    const rollout = await latestRollout();
    if (rollout.status !== 'running') return rollout;
  }
  throw new Error(`The rollout is still running: ${JSON.stringify(await latestRollout())}`);
}

/** The fleet's keys are fixed: each step of this version's canary must hold some of them. */
function expectEveryStepHolds(version: string): void {
  const buckets = Array.from({ length: FLEET_SIZE }, (_, i) =>
    bucketOf(`canary:${MODEL}:${version}`, `device-${i}`),
  );
  for (const share of useCase.rollout.steps)
    expect(buckets.filter((bucket) => bucket < share * 10_000).length).toBeGreaterThan(0);
}
