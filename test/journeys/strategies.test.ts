import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerView, ModelView, RolloutView } from '../../shared/contracts/registry.ts';
import { createRng, shuffle } from '../../shared/core/rng.ts';
import {
  type SimulatedRow,
  simulateRows,
  simulateTable,
} from '../../shared/simulate/simulate-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { useCase as fast } from '../fixtures/fast-delay-prediction.ts';
import { api } from '../support/api.ts';
import { createFleet, type Fleet } from '../support/fleet.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { waitFor } from '../support/wait.ts';
import { startWorkerd, type Workerd } from '../support/workerd.ts';

const MODEL = fast.id;
const FLEET_SIZE = 40;
const TOLERANCE_MINUTES = 12;

const useCase: UseCase = {
  ...fast,
  gates: [
    ...fast.gates.map((gate) => ({ ...gate, minSamples: 100 })),
    { metric: 'agreement_rate', min: 0.8, tolerance: TOLERANCE_MINUTES, minSamples: 100 },
  ],
  rollout: {
    ...fast.rollout,
    shadow: { share: 1, holdMs: 0, followedBy: 'all', promotion: 'hand' },
    blueGreen: { preview: 'serve', share: 0.5, holdMs: 0, watchMs: 60_000 },
  },
};

let server: Workerd;
let fleet: Fleet;
let made = 0;

beforeAll(async () => {
  server = await startWorkerd();
  const publish = (version: string, rows: number, isBad = false) => {
    const table = simulateTable(useCase, { rows, seed: rows });
    // What is learned from this is nothing.
    if (isBad) table.target.set(shuffle([...table.target], createRng(6)));
    return trainAndPublish({ server, key: server.publisher, useCase, table, version });
  };
  await publish('1.0.0', 1000);
  await publish('1.1.0', 1500);
  await publish('1.2.0', 800, true);
  await rollOut(server, MODEL, { version: '1.0.0', strategy: 'all' });
  const trustedKeys = { publisher: [server.publisher.publicKey], retraining: [] };
  fleet = await createFleet({
    server: { ...server, trustedKeys },
    useCase,
    size: FLEET_SIZE,
  });
});

afterAll(async () => {
  await fleet?.dispose();
  await server?.stop();
});

test('a challenger in the shadow is compared on every device and given to nobody', async () => {
  await rollOut(server, MODEL, { version: '1.1.0', strategy: 'shadow' });
  await use(1);
  for (let round = 2; round < 8; round++) {
    expect(await use(round)).toEqual({ '1.0.0': 400 });
    if ((await rollout()).reason.startsWith('every gate held')) break;
  }
  let now = await rollout();
  const held = await waitFor(
    'the gates to hold',
    async () => {
      now = await rollout();
      return now.reason.startsWith('every gate held') && now;
    },
    { last: () => now },
  );
  expect(held).toMatchObject({ status: 'running', strategy: 'shadow' });
  const agreement = held.gates.find(({ metric }) => metric === 'agreement_rate');
  expect(agreement).toMatchObject({ verdict: 'pass' });
  expect(agreement?.n).toBeGreaterThan(100);
});

test('what ran in the shadow is told, and no counter of predictions includes it', async () => {
  const ledger = await waitFor('every event', async () => {
    await Promise.all(fleet.devices.map(({ client }) => client.flush()));
    const view = await api<LedgerView>(server, `/v1/models/${MODEL}/ledger`);
    return view.predictions === made && view;
  });
  expect(ledger).toMatchObject({ predictions: made, outcomes: made });
  const shadows = ledger.events - 2 * made;
  expect(shadows).toBeGreaterThan(100);
  expect(shadows).toBeLessThanOrEqual(made);
});

test('promoted by hand, it answers on every device', async () => {
  await api(server, `/v1/models/${MODEL}/promote`, { method: 'POST', body: {} });
  await untilEverybodyGets('1.1.0');
});

test('a bad challenger is found out in the shadow: nobody ever got an answer of it', async () => {
  await rollOut(server, MODEL, { version: '1.2.0', strategy: 'shadow' });
  const answered = await untilEnded(30);
  expect(await rollout()).toMatchObject({ challenger: '1.2.0', status: 'rolled_back' });
  expect(Object.keys(answered)).toEqual(['1.1.0']);
});

test('blue-green gives a share, then everybody, and goes back at once when somebody asks', async () => {
  await rollOut(server, MODEL, { version: '1.0.0', strategy: 'blue-green' });
  await untilEverybodyGets('1.0.0');
  expect(await rollout()).toMatchObject({ status: 'running', stepIndex: 1 });
  await api(server, `/v1/models/${MODEL}/rollback`, { method: 'POST', body: {} });
  await untilEverybodyGets('1.1.0');
  const { champion } = await api<ModelView>(server, `/v1/models/${MODEL}`);
  expect(champion).toBe('1.1.0');
});

/** Ten labelled predictions on each device; answers how many each version gave. */
async function use(seed: number): Promise<Record<string, number>> {
  const rows: SimulatedRow[] = simulateRows(MODEL, { rows: 10 * FLEET_SIZE, seed });
  const { byVersion, predictions } = await fleet.use(rows);
  made += predictions;
  return byVersion;
}

/** Devices hear of a change with the next acknowledgement, and ask then. */
async function untilEverybodyGets(version: string): Promise<void> {
  const isEverybody = async () => (await use(made))[version] === 10 * FLEET_SIZE;
  await waitFor(`everybody to get ${version}`, isEverybody, { timeoutMs: 60_000 });
}

async function untilEnded(seed: number): Promise<Record<string, number>> {
  const answered: Record<string, number> = {};
  for (let round = 0; round < 20; round++) {
    for (const [version, n] of Object.entries(await use(seed + round)))
      answered[version] = (answered[version] ?? 0) + n;
    if ((await rollout()).status !== 'running') return answered;
  }
  throw new Error(`The rollout is still running: ${JSON.stringify(await rollout())}`);
}

async function rollout(): Promise<RolloutView> {
  const path = `/v1/models/${MODEL}/rollouts`;
  return (await api<{ rollouts: RolloutView[] }>(server, path)).rollouts[0];
}
