import { createRng } from '../../../shared/core/rng.ts';
import { findAlgorithm } from '../../../shared/learn/catalogue.ts';
import { regressionMetrics } from '../../../shared/learn/metrics/regression.ts';
import { fitPipeline } from '../../../shared/learn/pipeline.ts';
import type { Parameters } from '../../../shared/learn/search/space.ts';
import {
  type Compression,
  type CompressionReport,
  compressModel,
  measureCompression,
} from '../../../shared/onnx/compress-model.ts';
import { exportPipeline } from '../../../shared/onnx/export-pipeline.ts';
import { type ColumnSpec, type Table, takeRows } from '../../../shared/table/table.ts';
import { feedsOf } from '../../support/table-feeds.ts';
import type { Bench, BenchRow } from '../row.ts';
import { california } from './california.ts';

/** Rows that a kernel machine learns from: it keeps most of them. */
const KERNEL_ROWS = 1500;

const CASES: { algorithm: string; parameters?: Parameters; rows?: number; ways: Compression[] }[] =
  [
    {
      algorithm: 'random-forest',
      parameters: { nEstimators: 20 },
      ways: [{ prune: 0 }, { prune: 0.05 }, { prune: 0.2 }],
    },
    { algorithm: 'hist-gradient-boosting', ways: [{ prune: 0 }, { prune: 0.05 }, { prune: 0.2 }] },
    {
      algorithm: 'kernel-svr',
      rows: KERNEL_ROWS,
      ways: [{ weights: 'float16' }, { weights: 'int8' }],
    },
  ];

export const modelCompression: Bench = { name: 'model-compression', run };

async function run(): Promise<BenchRow> {
  const { training, test } = california();
  const detail: Record<string, unknown> = {};
  let forestShare = Number.NaN;
  for (const { algorithm, parameters, rows, ways } of CASES) {
    const table = rows === undefined ? training : takeRows(training, firstRows(rows));
    const graph = graphOf(algorithm, parameters, table);
    for (const way of ways) {
      const report = compress(graph, way, test);
      detail[`${algorithm} ${JSON.stringify(way)}`] = report;
      if (algorithm === 'random-forest' && way.prune === 0.05)
        forestShare = report.after.sizeBytes / report.before.sizeBytes;
    }
  }
  return {
    name: 'model-compression',
    question:
      'What share of a forest’s bytes is left when no prediction may move by more than 0.05 (5,000 dollars)?',
    value: forestShare,
    unit: 'of the bytes',
    bar: null,
    holds: null,
    detail,
  };
}

const firstRows = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row);

function graphOf(name: string, parameters: Parameters | undefined, table: Table): Uint8Array {
  const algorithm = findAlgorithm(name, 'regression');
  if (algorithm === undefined) throw new Error(`There is no ${name}`);
  const inputs = table.columns.map(
    (column): ColumnSpec => ({ name: column.name, type: 'number', missing: 'impute' }),
  );
  const data = { task: 'regression', inputs, table, classes: [], weights: null } as const;
  const graph = exportPipeline(fitPipeline(data, { algorithm, parameters }, { rng: createRng(1) }));
  if (graph.ok) return graph.value;
  throw new Error(graph.error.detail);
}

function compress(before: Uint8Array, way: Compression, test: Table): CompressionReport {
  const after = compressModel(before, way);
  if (!after.ok) throw new Error(after.error.detail);
  const report = measureCompression(before, after.value, {
    feeds: feedsOf(test),
    scoreOf: (predictions) => regressionMetrics(test.target, predictions).rmse,
    nowMs: () => performance.now(),
  });
  if (!report.ok) throw new Error(report.error.detail);
  return report.value;
}
