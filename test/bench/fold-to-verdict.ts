import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import type { AlertView, ModelSummary } from '../../shared/contracts/registry.ts';
import { simulateRows, simulateTable } from '../../shared/simulate/simulate-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { api } from '../support/api.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { waitFor } from '../support/wait.ts';
import { startWorkerd, type Workerd } from '../support/workerd.ts';
import { sealBatches } from './ingest-batches.ts';
import { type Bench, type BenchRow, median, quantile } from './row.ts';
import { sendBatch } from './send-batch.ts';

const RUNS = 20;
const BAR_MS = 5000;
const VERSION = '1.0.0';
const ROWS = 500;

export const foldToVerdict: Bench = { name: 'fold-to-verdict', run };

async function run(): Promise<BenchRow> {
  const server = await startWorkerd();
  try {
    const delaysMs: number[] = [];
    for (let i = 0; i < RUNS; i++) delaysMs.push(await shiftOnce(server, i));
    const p95 = quantile(delaysMs, 0.95);
    return {
      name: 'fold-to-verdict',
      question: 'How long from sending the batch that shows a drift to the alert (p95)?',
      value: p95,
      unit: 'ms',
      bar: `<= ${BAR_MS} ms`,
      holds: p95 <= BAR_MS,
      detail: { runs: RUNS, medianMs: median(delaysMs), maxMs: Math.max(...delaysMs) },
    };
  } finally {
    await server.stop();
  }
}

/** A model of its own each time: an alert that fires already would tell nothing. */
async function shiftOnce(server: Workerd, seed: number): Promise<number> {
  const useCase: UseCase = { ...delayPrediction, id: `delay-${seed}` };
  const table = simulateTable(delayPrediction, { rows: 500, seed: 1 });
  await trainAndPublish({ server, key: server.publisher, useCase, table, version: VERSION });
  await rollOut(server, useCase.id, { version: VERSION, strategy: 'all' });
  await send(server, { model: useCase.id, seed, inputs: 0 });
  await waitFor('the usual traffic to be folded', async () => {
    const summary = await api<ModelSummary>(server, `/v1/models/${useCase.id}/summary`);
    return (
      summary.totals.events === ROWS && summary.drift.every(({ verdict }) => verdict === 'no_drift')
    );
  });
  const startedMs = performance.now();
  await send(server, { model: useCase.id, seed: 1000 + seed, inputs: 1 });
  await waitFor('the alert', () => hasDriftAlert(server, useCase.id), { everyMs: 25 });
  return performance.now() - startedMs;
}

async function send(
  server: Workerd,
  traffic: { model: string; seed: number; inputs: number },
): Promise<void> {
  const { model, seed, inputs } = traffic;
  const rows = simulateRows(delayPrediction.id, { rows: ROWS, seed: 7 + seed, drift: { inputs } });
  for (const batch of sealBatches({ model, version: VERSION, rows, batchSize: ROWS, seed }))
    await sendBatch(server, batch);
}

async function hasDriftAlert(server: Workerd, model: string): Promise<boolean> {
  const { alerts } = await api<{ alerts: AlertView[] }>(server, `/v1/models/${model}/alerts`);
  return alerts.some(({ rule, status }) => rule.startsWith('drift:') && status === 'firing');
}
