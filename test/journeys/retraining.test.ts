import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { flightDelay } from '../../models/flight-delay/use-case.ts';
import type { RolloutView, RunView, VersionView } from '../../shared/contracts/registry.ts';
import { simulateRows, simulateTable } from '../../shared/simulate/simulate-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { sealBatches } from '../bench/ingest-batches.ts';
import { sendBatch } from '../bench/send-batch.ts';
import { api } from '../support/api.ts';
import { createDevice, type Device, disposeDevice } from '../support/device.ts';
import { fetchEventSource } from '../support/event-source.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { r2Keys } from '../support/raw-store.ts';
import { newStateDir, removeStateDir, type Server, startServer } from '../support/server.ts';
import { waitFor } from '../support/wait.ts';

/** Ridge alone: what is tested here is the run, not the learner. */
const delay: UseCase = {
  ...delayPrediction,
  search: { ...delayPrediction.search, algorithms: ['ridge'] },
};
/** Boosting: steps enough to be stopped in the middle of. */
const flights: UseCase = {
  ...flightDelay,
  search: { ...flightDelay.search, algorithms: ['hist-gradient-boosting'] },
};
/** What every champion here learned from is not what comes home. */
const ELSEWHERE = { inputs: 1, concept: 1 };

let server: Server;
const devices: Device[] = [];

beforeAll(async () => {
  server = await startServer({ empty: true, noApp: true, stateDir: await newStateDir() });
  for (const useCase of [delay, flights]) await publishChampion(useCase);
});
afterAll(async () => {
  for (const device of devices) await disposeDevice(device);
  await server?.stop();
  if (server) await removeStateDir(server.stateDir);
});

test('a run on too little data is skipped, says how much there is and how much is needed', async () => {
  await bringLabelsHome(delay, { rows: 40, seed: 1 });
  expect(await runNow(delay)).toMatchObject({
    status: 'skipped',
    detail: 'Insufficient data: 40 labelled predictions, 63 needed.',
    rows: 40,
    version: null,
  });
  expect((await versionsOf(delay)).map(({ version }) => version)).toEqual(['1.0.0']);
});

test('a run registers a challenger that knows where it comes from, signed by the retraining key', async () => {
  await bringLabelsHome(delay, { rows: 600, seed: 2 });
  const run = await runNow(delay);
  expect(run).toMatchObject({ status: 'succeeded', version: '1.1.0', rows: 640 });
  expect(run.detail).toMatch(/^MAE on the newest fifth \(128 rows\): .* A canary is under way\.$/);
  const [challenger] = await versionsOf(delay);
  expect(challenger.manifest.lineage).toMatchObject({
    parentVersion: '1.0.0',
    runId: run.id,
    source: 'telemetry',
    rows: 512,
  });
  const { datasetSha256 } = challenger.manifest.lineage;
  expect(files('/datasets/')).toContain(`w/demo/datasets/${datasetSha256}.parquet`);
  const { keys } = await api<{ keys: object[] }>(server, '/v1/trusted-keys');
  const [publicKey] = server.trustedKeys.retraining;
  const { keyId } = challenger;
  expect(keys).toContainEqual(expect.objectContaining({ keyId, publicKey, purpose: 'retraining' }));
  expect(await rolloutsOf(delay)).toMatchObject([
    { challenger: '1.1.0', status: 'running' },
    { challenger: '1.0.0' },
  ]);
  expect(files('/runs/')).toEqual([]);
});

test('while a rollout runs, a better challenger waits for it, and the run says so', async () => {
  const run = await runNow(delay);
  expect(run).toMatchObject({ status: 'succeeded', version: '1.2.0' });
  expect(run.detail).toMatch(/No canary: Rollout .* runs\./);
  expect((await rolloutsOf(delay)).map(({ challenger }) => challenger)).toEqual(['1.1.0', '1.0.0']);
});

test('a client takes what the retraining key signed only if it was told to', async () => {
  const { publisher } = server.trustedKeys;
  const careful = deviceTrusting({ publisher, retraining: [] });
  const told = deviceTrusting(server.trustedKeys);
  for (const device of [careful, told]) await predictUntil(device, '1.0.0');
  await api(server, `/v1/models/${delay.id}/rollback`, { method: 'POST' });
  await rollOut(server, delay.id, { version: '1.1.0', strategy: 'all' });
  await predictUntil(told, '1.1.0');
  await waitFor('the refusal', () => careful.client.status.model.state === 'failed', {
    last: () => careful.client.status,
  });
  const answer = await careful.client.predict(ROW);
  expect(answer).toMatchObject({ version: '1.0.0', source: 'model' });
  const late = deviceTrusting({ publisher, retraining: [] });
  await late.client.ready;
  expect(await late.client.predict(ROW)).toMatchObject({ source: 'fallback', version: null });
});

test('a challenger that is no better is registered and not rolled out', async () => {
  const run = await runNow(delay);
  expect(run).toMatchObject({ status: 'succeeded', version: '1.3.0', parentVersion: '1.1.0' });
  expect(run.detail).toMatch(/Registered, not rolled out\.$/);
  expect((await rolloutsOf(delay))[0]).toMatchObject({ challenger: '1.1.0', status: 'promoted' });
});

test('a run that a killed server left in the middle goes on, and registers one version', async () => {
  await bringLabelsHome(flights, { rows: 5000, seed: 3 });
  // Its answer may never come: the server is killed meanwhile.
  const asked = startRun(flights).catch(() => null);
  await waitFor('the training to be laid out', () => files('/training-state').length > 0, {
    everyMs: 20,
  });
  await server.kill();
  await asked;
  const left = files('/training-state');
  expect(left).toHaveLength(1);
  await restart();
  const run = await untilEnded(flights);
  expect(run).toMatchObject({ status: 'succeeded', parentVersion: '1.0.0', version: '1.1.0' });
  expect(left[0]).toContain(run.id);
  const versions = await versionsOf(flights);
  expect(versions.map(({ version }) => version)).toEqual(['1.1.0', '1.0.0']);
  expect(files('/runs/')).toEqual([]);
});

test('runs asleep for want of the lease: a terminated one is ended by the cron, one wakes after a crash', async () => {
  await server.stop();
  holdLease(server.stateDir, 30_000);
  await restart();
  const terminated = await startRun(flights);
  const sleeps = await startRun(delay);
  await terminate(terminated);
  await cron();
  expect(await untilEnded(flights)).toMatchObject({
    id: terminated.id,
    status: 'failed',
    detail: 'The Workflow is terminated and left no result.',
  });
  expect((await latestRun(delay.id)).status).toBe('running');
  expect(files('/runs/')).toEqual([]);
  await server.kill();
  await restart();
  expect(await untilEnded(delay)).toMatchObject({ id: sleeps.id, status: 'succeeded' });
  const made = (await versionsOf(delay)).filter(
    ({ manifest }) => manifest.lineage.runId === sleeps.id,
  );
  expect(made).toHaveLength(1);
});

const ROW = simulateRows(delay.id, { rows: 1, seed: 5 })[0].row;

/** 1.0.0, trained on another world than the one it will meet. */
async function publishChampion(useCase: UseCase): Promise<void> {
  const key = JSON.parse(await readFile(join(server.stateDir, 'keys/publisher.json'), 'utf8'));
  const table = simulateTable(useCase, { rows: 300, seed: 7, drift: ELSEWHERE });
  await trainAndPublish({ server, key, useCase, table, version: '1.0.0' });
  await rollOut(server, useCase.id, { version: '1.0.0', strategy: 'all' });
}

async function bringLabelsHome(
  { id: model }: UseCase,
  of: { rows: number; seed: number },
): Promise<void> {
  const rows = simulateRows(model, of);
  const options = { model, version: '1.0.0', rows, batchSize: 250, seed: of.seed };
  for (const batch of sealBatches({ ...options, withOutcomes: true }))
    await sendBatch(server, batch);
}

const startRun = (useCase: UseCase): Promise<RunView> =>
  api(server, `/v1/models/${useCase.id}/runs`, { method: 'POST', body: {} });

async function runNow(useCase: UseCase): Promise<RunView> {
  const { id } = await startRun(useCase);
  const run = await untilEnded(useCase);
  expect(run.id).toBe(id);
  return run;
}

const untilEnded = ({ id: model }: UseCase): Promise<RunView> =>
  waitFor(
    `the run of ${model} to end`,
    async () => {
      const run = await latestRun(model);
      return run.status !== 'running' && run;
    },
    { timeoutMs: 90_000 },
  );

const files = (inName: string): string[] => r2Keys(server.stateDir, inName);

async function restart(): Promise<void> {
  const { stateDir, endpoint } = server;
  const port = Number(new URL(endpoint).port);
  server = await startServer({ empty: true, noApp: true, stateDir, port });
}

/** Another run's lease, written while no server runs. */
function holdLease(stateDir: string, forMs: number): void {
  const folder = join(stateDir, 'state/v3/d1/miniflare-D1DatabaseObject');
  const names = readdirSync(folder).filter((name) => /^[0-9a-f]+\.sqlite$/.test(name));
  expect(names).toHaveLength(1);
  const db = new DatabaseSync(join(folder, names[0]));
  db.prepare('INSERT INTO leases (name, holder, expires_at) VALUES (?, ?, ?)').run(
    'training',
    'another run',
    Date.now() + forMs,
  );
  db.close();
}

const latestRun = async (model: string): Promise<RunView> =>
  (await api<{ runs: RunView[] }>(server, `/v1/models/${model}/runs`)).runs[0];

const versionsOf = async ({ id }: UseCase): Promise<VersionView[]> =>
  (await api<{ versions: VersionView[] }>(server, `/v1/models/${id}/versions`)).versions;

const rolloutsOf = async ({ id }: UseCase): Promise<RolloutView[]> =>
  (await api<{ rollouts: RolloutView[] }>(server, `/v1/models/${id}/rollouts`)).rollouts;

function deviceTrusting(trustedKeys: Server['trustedKeys']): Device {
  const { endpoint, publishableKey } = server;
  const device = createDevice({
    server: { endpoint, publishableKey, trustedKeys },
    useCase: delay,
    targetingKey: `device-${devices.length}`,
    adapters: { eventSource: fetchEventSource },
  });
  devices.push(device);
  return device;
}

const predictUntil = ({ client }: Device, version: string) =>
  waitFor(`an answer by ${version}`, async () => {
    await client.flush();
    return (await client.predict(ROW)).version === version;
  });

const cron = () => fetch(`${server.endpoint}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`);

async function terminate({ id }: RunView): Promise<void> {
  const path = `/cdn-cgi/local/explorer/api/workflows/retrain/instances/${id}/status`;
  const response = await fetch(`${server.endpoint}${path}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'terminate' }),
  });
  expect(response.status, await response.text()).toBe(200);
}
