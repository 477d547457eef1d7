import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { delayPrediction as useCase } from '../../models/delay-prediction/use-case.ts';
import type { ModelSummary, RunView } from '../../shared/contracts/registry.ts';
import { simulateRows, simulateTable } from '../../shared/simulate/simulate-rows.ts';
import { api } from '../support/api.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { watchPeak, workerdMegabytes } from '../support/resident-memory.ts';
import { removeStateDir, type Server, startServer } from '../support/server.ts';
import { sleep, waitFor } from '../support/wait.ts';
import { sealBatches } from './ingest-batches.ts';
import { type Bench, type BenchRow, median } from './row.ts';
import { sendBatch } from './send-batch.ts';

const RUNS = 3;
const ROWS = 10_000;
const BAR_MEGABYTES = 64;
const VERSION = '1.0.0';

export const retrainingMemory: Bench = { name: 'retraining-memory', run };

async function run(): Promise<BenchRow> {
  const peaks: { megabytes: number; seconds: number }[] = [];
  for (let i = 0; i < RUNS; i++) peaks.push(await retrainOnce());
  const value = median(peaks.map(({ megabytes }) => megabytes));
  return {
    name: 'retraining-memory',
    question: `How far does workerd's resident size rise above idle while it retrains on ${ROWS} labelled rows?`,
    value,
    unit: 'MB',
    bar: `<= ${BAR_MEGABYTES} MB`,
    holds: value <= BAR_MEGABYTES,
    detail: { rows: ROWS, runs: peaks },
  };
}

/** A server of its own each time: memory once taken is seldom given back. */
async function retrainOnce(): Promise<{ megabytes: number; seconds: number }> {
  const server = await startServer({ empty: true });
  try {
    await bringLabelsHome(server);
    await sleep(3000);
    const idle = workerdMegabytes(server.pid);
    const watch = watchPeak(server.pid);
    const startedMs = performance.now();
    await api(server, `/v1/models/${useCase.id}/runs`, { method: 'POST', body: {} });
    const run = await untilEnded(server);
    const megabytes = watch.stop() - idle;
    if (run.status !== 'succeeded') throw new Error(`The run ${run.status}: ${run.detail}`);
    return { megabytes, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    await server.stop();
    await removeStateDir(server.stateDir);
  }
}

async function bringLabelsHome(server: Server): Promise<void> {
  const key = JSON.parse(await readFile(join(server.stateDir, 'keys/publisher.json'), 'utf8'));
  const table = simulateTable(useCase, { rows: 1000, seed: 1 });
  await trainAndPublish({ server, key, useCase, table, version: VERSION });
  await rollOut(server, useCase.id, { version: VERSION, strategy: 'all' });
  const rows = simulateRows(useCase.id, { rows: ROWS, seed: 2 });
  const batches = sealBatches({
    model: useCase.id,
    version: VERSION,
    rows,
    batchSize: 250,
    seed: 3,
    withOutcomes: true,
  });
  for (const batch of batches) await sendBatch(server, batch);
  await waitFor('the fold', async () => {
    const { totals } = await api<ModelSummary>(server, `/v1/models/${useCase.id}/summary`);
    return totals.outcomes === ROWS;
  });
}

const untilEnded = (server: Server): Promise<RunView> =>
  waitFor(
    'the run to end',
    async () => {
      const { runs } = await api<{ runs: RunView[] }>(server, `/v1/models/${useCase.id}/runs`);
      return runs[0]?.status !== 'running' && runs[0];
    },
    { timeoutMs: 300_000, everyMs: 250 },
  );
