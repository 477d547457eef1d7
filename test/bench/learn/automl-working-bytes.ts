import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ThreadData, ThreadJob } from '../../../cli/learn/search-thread.ts';
import { heldBytes } from '../../../cli/learn/thread-memory.ts';
import { createRng, normal } from '../../../shared/core/rng.ts';
import { ALGORITHMS } from '../../../shared/learn/catalogue.ts';
import type { PipelineData } from '../../../shared/learn/pipeline-data.ts';
import { createTableBuilder } from '../../../shared/table/table-builder.ts';

/**
 * Prints what each algorithm's fit by its defaults makes a thread hold above its idle state: megabytes
 * at three sizes of table. `shared/learn/automl/working-bytes.ts` is written from it by hand.
 */
const SIZES = [
  { rows: 2000, columns: 10 },
  { rows: 8000, columns: 10 },
  { rows: 2000, columns: 40 },
];
const TASKS = ['regression', 'binary'] as const;
/** Dearer fits are not worth the wait: a search leaves them out as well. */
const MOST_COST = 2e10;
const LOOK_EVERY_MS = 3;
const MB = 2 ** 20;
const THREAD = new URL('../../../cli/learn/search-thread.ts', import.meta.url);

type Size = (typeof SIZES)[number];

function dataOf({ rows, columns }: Size, task: (typeof TASKS)[number]): PipelineData {
  const rng = createRng(3);
  const inputs = Array.from(
    { length: columns },
    (_, i) => ({ name: `x${i}`, type: 'number', missing: 'impute' }) as const,
  );
  const builder = createTableBuilder(inputs);
  for (let row = 0; row < rows; row++) {
    builder.begin();
    let score = 2 * normal(rng);
    inputs.forEach((_, i) => {
      const value = normal(rng);
      score += value * ((i % 3) - 1) + 0.3 * value * value;
      builder.setNumber(i, value);
    });
    builder.commit(task === 'regression' ? Math.max(0.1, score + 10) : score > 1 ? 1 : 0, 0);
  }
  const classes = task === 'binary' ? ['no', 'yes'] : [];
  return { task, inputs, table: builder.build(), classes, weights: null };
}

async function fitOn(worker: Worker, algorithm: string): Promise<void> {
  const candidate = { algorithm, parameters: {}, recipe: null, seed: 1 };
  const job: ThreadJob = { kind: 'fit', candidate, bestFoldLosses: null, deadlineMs: Infinity };
  worker.postMessage(job);
  await once(worker, 'message');
}

async function peakMegabytes(algorithm: string, data: PipelineData): Promise<number> {
  const workerData: ThreadData = {
    ...{ data, repeats: [], folds: 1, objective: 'rmse', tidyAboveBytes: null },
  };
  const worker = new Worker(THREAD, { workerData });
  await fitOn(worker, 'baseline');
  const held = async () => heldBytes(await worker.getHeapStatistics());
  const idle = await held();
  let peak = idle;
  const looking = setInterval(async () => {
    peak = Math.max(peak, await held());
  }, LOOK_EVERY_MS);
  await fitOn(worker, algorithm);
  clearInterval(looking);
  await worker.terminate();
  return (peak - idle) / MB;
}

for (const task of TASKS)
  for (const { name, cost } of ALGORITHMS.filter(({ tasks }) => tasks.includes(task))) {
    const peaks: string[] = [];
    for (const size of SIZES) {
      const isDear = cost(size.rows, size.columns) > MOST_COST;
      const peak = isDear ? null : await peakMegabytes(name, dataOf(size, task));
      peaks.push(peak === null ? '-' : peak.toFixed(1));
    }
    console.log(name, task, ...peaks);
  }
