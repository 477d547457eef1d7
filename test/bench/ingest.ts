import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import type { LedgerView, ModelSummary } from '../../shared/contracts/registry.ts';
import { simulateRows, simulateTable } from '../../shared/simulate/simulate-rows.ts';
import type { UseCase } from '../../shared/use-case/define-use-case.ts';
import { api } from '../support/api.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { waitFor } from '../support/wait.ts';
import { startWorkerd, type Workerd } from '../support/workerd.ts';
import { type SealedBytes, sealBatches } from './ingest-batches.ts';
import { type Bench, type BenchRow, median } from './row.ts';
import { sendBatch } from './send-batch.ts';

const VERSION = '1.0.0';
const BAR_EVENTS_PER_SECOND = 20_000;
const RUNS = 5;
const AT_ONCE = 8;

/** Delivery time with five of its inputs. */
const useCase: UseCase = { ...delayPrediction, inputs: delayPrediction.inputs.slice(0, 5) };
const model = useCase.id;

export const ingest: Bench = { name: 'ingest', run };

async function run(): Promise<BenchRow> {
  const server = await startWorkerd();
  try {
    const table = simulateTable(useCase, { rows: 2000, seed: 1 });
    await trainAndPublish({ server, key: server.publisher, useCase, table, version: VERSION });
    await rollOut(server, model, { version: VERSION, strategy: 'all' });
    await series(server, { batchSize: 500, batches: 20, runs: 1, seed: 100 });
    const large = await series(server, { batchSize: 500, batches: 200, runs: RUNS, seed: 200 });
    const small = await series(server, { batchSize: 20, batches: 500, runs: RUNS, seed: 300 });
    const sent = 20 * 500 + RUNS * (200 * 500 + 500 * 20);
    const counted = await countedOnce(server, sent);
    return {
      name: 'ingest',
      question: 'How many events a second does one server take, nothing lost and nothing double?',
      value: median(large),
      unit: 'events/s in batches of 500',
      bar: `>= ${BAR_EVENTS_PER_SECOND}, ledger and counters exact`,
      holds: median(large) >= BAR_EVENTS_PER_SECOND && counted.isExact,
      detail: {
        batchesOf500: large.map(Math.round),
        batchesOf20: small.map(Math.round),
        medianOf20: Math.round(median(small)),
        sent,
        ...counted,
      },
    };
  } finally {
    await server.stop();
  }
}

type Series = { batchSize: number; batches: number; runs: number; seed: number };

/** Events per second of each run. Every batch of the first run is sent twice. */
async function series(server: Workerd, options: Series): Promise<number[]> {
  const rates: number[] = [];
  for (let i = 0; i < options.runs; i++) {
    const rows = simulateRows(model, {
      rows: options.batches * options.batchSize,
      seed: options.seed + i,
    }).map(fiveInputs);
    const batches = sealBatches({
      model,
      version: VERSION,
      rows,
      batchSize: options.batchSize,
      seed: options.seed + i,
    });
    const startedMs = performance.now();
    await sendAll(server, batches, false);
    rates.push(rows.length / ((performance.now() - startedMs) / 1000));
    if (i === 0) await sendAll(server, batches, true);
  }
  return rates;
}

function fiveInputs<T extends { row: Record<string, unknown> }>(simulated: T): T {
  const row = Object.fromEntries(useCase.inputs.map(({ name }) => [name, simulated.row[name]]));
  return { ...simulated, row };
}

async function sendAll(server: Workerd, batches: SealedBytes[], isResend: boolean): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < batches.length) {
      const ack = await sendBatch(server, batches[next++]);
      if (ack.duplicate !== isResend) throw new Error(`Counted twice or not at all: ${ack.batch}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function countedOnce(server: Workerd, sent: number) {
  const ledger = await api<LedgerView>(server, `/v1/models/${model}/ledger`);
  const summary = await waitFor(
    'the fold to catch up',
    async () => {
      const now = await api<ModelSummary>(server, `/v1/models/${model}/summary`);
      return now.totals.events >= sent && now;
    },
    { timeoutMs: 60_000 },
  );
  const { events, predictions, missing } = summary.totals;
  const isExact =
    ledger.events === sent && events === sent && predictions === sent && missing === 0;
  return { ledgerEvents: ledger.events, countedEvents: events, missing, isExact };
}
