import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { delayPrediction as useCase } from '../../models/delay-prediction/use-case.ts';
import { simulateRows, simulateTable } from '../../shared/simulate/simulate-rows.ts';
import { api } from '../support/api.ts';
import { createDevice, type Device, disposeDevice } from '../support/device.ts';
import { fetchEventSource } from '../support/event-source.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { removeStateDir, type Server, startServer } from '../support/server.ts';
import { sleep, waitFor } from '../support/wait.ts';
import { type Bench, type BenchRow, median, quantile } from './row.ts';

const CLIENTS = 20;
const RUNS = 5;
const BAR_MS = 2000;
const [{ row }] = simulateRows(useCase.id, { rows: 1, seed: 1 });

export const killSwitch: Bench = { name: 'kill-switch', run };

async function run(): Promise<BenchRow> {
  const server = await startServer({ empty: true });
  try {
    await serveModel(server);
    const devices = Array.from({ length: CLIENTS }, (_, i) =>
      createDevice({
        server,
        useCase,
        targetingKey: `client-${i}`,
        adapters: { eventSource: fetchEventSource },
      }),
    );
    const delaysMs: number[] = [];
    for (let i = 0; i < RUNS; i++) delaysMs.push(...(await killOnce(server, devices)));
    await Promise.all(devices.map(disposeDevice));
    const p95 = quantile(delaysMs, 0.95);
    return {
      name: 'kill-switch',
      question: `How long until ${CLIENTS} connected clients answer by fallback after the switch is thrown (p95)?`,
      value: p95,
      unit: 'ms',
      bar: `<= ${BAR_MS} ms`,
      holds: p95 <= BAR_MS,
      detail: {
        clients: CLIENTS,
        runs: RUNS,
        medianMs: median(delaysMs),
        maxMs: Math.max(...delaysMs),
      },
    };
  } finally {
    await server.stop();
    await removeStateDir(server.stateDir);
  }
}

async function serveModel(server: Server): Promise<void> {
  const key = JSON.parse(await readFile(join(server.stateDir, 'keys/publisher.json'), 'utf8'));
  const table = simulateTable(useCase, { rows: 500, seed: 1 });
  await trainAndPublish({ server, key, useCase, table, version: '1.0.0' });
  await rollOut(server, useCase.id, { version: '1.0.0', strategy: 'all' });
}

/** Milliseconds from the command until each client's own answer changed. */
async function killOnce(server: Server, devices: readonly Device[]): Promise<number[]> {
  await setSwitch(server, true);
  await Promise.all(devices.map((device) => untilAnswers(device, 'model')));
  await waitFor('every stream', () => devices.every(({ client }) => client.status.flags.live));
  await sleep(500);
  const startedMs = performance.now();
  const answers = devices.map(async (device) => {
    await untilAnswers(device, 'fallback');
    return performance.now() - startedMs;
  });
  await setSwitch(server, false);
  return Promise.all(answers);
}

const setSwitch = (server: Server, mlEnabled: boolean) =>
  api(server, `/v1/models/${useCase.id}`, { method: 'PATCH', body: { mlEnabled } });

const untilAnswers = ({ client }: Device, source: 'model' | 'fallback') =>
  waitFor(
    `an answer by ${source}`,
    async () => (await client.predict(row, { record: false })).source === source,
    { everyMs: 10 },
  );
