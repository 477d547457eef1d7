import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { simulatedCsv } from '../../cli/commands/simulate.ts';
import type {
  ClassifierSummary,
  ModelSummary,
  RolloutView,
  RunView,
} from '../../shared/contracts/registry.ts';
import { simulateRows } from '../../shared/simulate/simulate-rows.ts';
import { useCase } from '../fixtures/fast-churn.ts';
import { api } from '../support/api.ts';
import { edgewiseJson } from '../support/cli.ts';
import { createFleet, type Fleet } from '../support/fleet.ts';
import { removeStateDir, type Server, startServer } from '../support/server.ts';
import { waitFor } from '../support/wait.ts';

const MODEL = useCase.id;
const FLEET_SIZE = 60;

let server: Server;
let fleet: Fleet;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgewise-classifier-'));
  server = await startServer({ empty: true });
});

afterAll(async () => {
  await fleet?.dispose();
  await server?.stop();
  await removeStateDir(server.stateDir);
  await rm(folder, { recursive: true, force: true });
});

test('a classifier is trained from a CSV of class names, published and rolled out to everybody', async () => {
  const made = await publish('1.0.0', customers(2000, 1));
  expect(made.task).toBe('binary');
  expect(made.metrics.test.brier).toBeLessThan(made.metrics.fallback.brier);
  await edgewiseJson(server, ['rollout', MODEL, '--version', '1.0.0', '--strategy', 'all']);
});

test('devices answer by probabilities, outcomes of 0 and 1 come home, and the summary tells a classifier', async () => {
  fleet = await createFleet({ server, useCase, size: FLEET_SIZE });
  const report = await fleet.use(simulateRows(MODEL, { rows: 1200, seed: 2 }));
  expect(report).toEqual({ predictions: 1200, byVersion: { '1.0.0': 1200 }, waiting: 0 });
  const { classifier, mae } = await waitFor('the fold', async () => {
    const { versions } = await api<ModelSummary>(server, `/v1/models/${MODEL}/summary`);
    return versions.find(({ version, outcomes }) => version === '1.0.0' && outcomes === 1200);
  });
  expect(mae).toBeNull();
  const { brier, rocAuc, calibrationError } = classifier as ClassifierSummary;
  expect(brier).toBeLessThan(0.2);
  expect(rocAuc).toBeGreaterThan(0.75);
  expect(calibrationError).toBeLessThan(0.06);
});

test('a retraining on those outcomes is compared by the declared loss', async () => {
  await api(server, `/v1/models/${MODEL}/runs`, { method: 'POST', body: {} });
  const run = await waitFor(
    'the run to end',
    async () => {
      const { runs } = await api<{ runs: RunView[] }>(server, `/v1/models/${MODEL}/runs`);
      return runs[0]?.status !== 'running' && runs[0];
    },
    { timeoutMs: 180_000, everyMs: 500 },
  );
  expect(run).toMatchObject({ status: 'succeeded', version: '1.1.0', rows: 1200 });
  expect(run.detail).toMatch(
    /^Log loss on the newest fifth \(240 rows\): 0\.\d+, champion 0\.\d+\./,
  );
  if ((await latestRollout())?.status === 'running')
    await edgewiseJson(server, ['rollback', MODEL]);
});

test('probabilities that say too much are rolled back by the calibration gate', async () => {
  const exaggerated = customers(2000, 5).replaceAll(/,No\n/g, (no, at: number) =>
    at % 2 === 0 ? ',Yes\n' : no,
  );
  await publish('1.2.0', exaggerated);
  await edgewiseJson(server, ['rollout', MODEL, '--version', '1.2.0']);
  const rollout = await untilRolloutEnds(20);
  expect(rollout, rollout.reason).toMatchObject({ challenger: '1.2.0', status: 'rolled_back' });
  const failed = rollout.gates.filter(({ verdict }) => verdict === 'fail');
  expect(failed.map(({ metric }) => metric)).toEqual(['calibration_error']);
  expect(failed[0].challenger).toBeGreaterThan(0.2);
});

test('honest ones pass the same gate and are promoted', async () => {
  await publish('1.3.0', customers(2000, 6));
  await edgewiseJson(server, ['rollout', MODEL, '--version', '1.3.0']);
  const rollout = await untilRolloutEnds(40);
  expect(rollout, rollout.reason).toMatchObject({ challenger: '1.3.0', status: 'promoted' });
});

const customers = (rows: number, seed: number): string =>
  simulatedCsv(useCase, { rows, seed, inputDrift: 0, conceptDrift: 0 });

type Trained = { task: string; metrics: Record<'test' | 'fallback', { brier: number }> };

async function publish(version: string, csv: string): Promise<Trained> {
  const [file, out] = [join(folder, `${version}.csv`), join(folder, version)];
  await writeFile(file, csv);
  const made = await edgewiseJson<Trained>(server, [
    ...['train', 'test/fixtures/fast-churn.ts', '--data', file],
    ...['--version', version, '--out', out],
  ]);
  await edgewiseJson(server, ['publish', out]);
  return made;
}

async function latestRollout(): Promise<RolloutView | undefined> {
  const path = `/v1/models/${MODEL}/rollouts`;
  return (await api<{ rollouts: RolloutView[] }>(server, path)).rollouts[0];
}

/** The fleet lives on, and the cron ticks, until the rollout is decided. */
async function untilRolloutEnds(seed: number): Promise<RolloutView> {
  for (let round = 0; round < 20; round++) {
    await fleet.use(simulateRows(MODEL, { rows: 1800, seed: seed + round }));
    await fetch(`${server.endpoint}/cdn-cgi/handler/scheduled?cron=*+*+*+*+*`);
    const rollout = await latestRollout();
    if (rollout && rollout.status !== 'running') return rollout;
  }
  throw new Error(`The rollout is still running: ${JSON.stringify(await latestRollout())}`);
}
