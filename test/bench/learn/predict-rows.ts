import { predictTrees, type TreeEnsemble } from '../../../shared/learn/boosting/tree-ensemble.ts';
import { exportPipeline } from '../../../shared/onnx/export-pipeline.ts';
import { loadModel, type OnnxModel } from '../../../shared/onnx/runtime/load-model.ts';
import type { Tensor } from '../../../shared/onnx/runtime/tensor.ts';
import type { Table } from '../../../shared/table/table.ts';
import { type Bench, type BenchRow, median } from '../row.ts';
import { fitBoosting } from './boosting-fit.ts';
import { california } from './california.ts';
import { cpuSeconds } from './cpu-seconds.ts';

const TREES = 100;
const REPEATS = 15;
const SINGLE_ROWS = 2000;
const MICROSECONDS = 1e6;

export const predictRows: Bench = { name: 'predict-rows', run };

async function run(): Promise<BenchRow> {
  const { training } = california();
  const ensemble = fitBoosting(training, TREES);
  const loaded = loadModel(graphOf(ensemble, training));
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const all = feedsOf(training, 0, training.rows);
  const runtime = repeated(() => loaded.value.run(all));
  const trainer = repeated(() => predictTrees(ensemble, training, null));
  const single = oneRowMicroseconds(loaded.value, training);
  const value = training.rows / median(runtime);
  const oneRow = median(single);
  return {
    name: 'predict-rows',
    question: `How many rows a second does our runtime answer from the ONNX file (${TREES} trees of 31 leaves, one thread, CPU time)?`,
    value,
    unit: 'rows/s',
    bar: '>= 500,000 rows/s, one row <= 20 µs',
    holds: value >= 500_000 && oneRow <= 20,
    detail: {
      ...{ oneRowMicroseconds: oneRow, trainerRowsPerSecond: training.rows / median(trainer) },
      ...{ rows: training.rows, seconds: runtime, singleMicroseconds: single },
    },
  };
}

function graphOf(ensemble: TreeEnsemble, { columns }: Table): Uint8Array {
  const { encoding, base, type: _, ...trees } = ensemble;
  const exported = exportPipeline({
    ...{ type: 'pipeline', task: 'regression', classes: [], parameters: {} },
    inputs: columns.map(({ name }) => ({ name, type: 'number', missing: 'impute' })),
    ...{ algorithm: 'hist-gradient-boosting', preparation: { encoding, steps: [] } },
    estimator: {
      ...{ type: 'trees', outputs: 1, treeOutput: null, link: 'identity', cover: null },
      ...trees,
      base: Float32Array.of(base),
    },
  });
  if (!exported.ok) throw new Error(exported.error.detail);
  return exported.value;
}

const repeated = (work: () => unknown): number[] =>
  Array.from({ length: REPEATS }, () => cpuSeconds(work));

/** Mean time of a call with one row, feeds made before. */
function oneRowMicroseconds(model: OnnxModel, table: Table): number[] {
  const rows = Array.from({ length: SINGLE_ROWS }, (_, row) => feedsOf(table, row, row + 1));
  return repeated(() => {
    for (const feeds of rows) model.run(feeds);
  }).map((seconds) => (seconds / SINGLE_ROWS) * MICROSECONDS);
}

function feedsOf(table: Table, from: number, to: number): Record<string, Tensor> {
  const dims = [to - from, 1];
  return Object.fromEntries(
    table.columns.map((column): [string, Tensor] => {
      if (column.type !== 'number') throw new Error(`${column.name} is no number column`);
      return [column.name, { type: 'float', dims, data: column.values.subarray(from, to) }];
    }),
  );
}
