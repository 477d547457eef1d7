import { expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import type { LinearEstimator } from '../../shared/learn/linear/linear-estimator.ts';
import { regressionMetrics } from '../../shared/learn/metrics/regression.ts';
import { type FittedPipeline, fitPipeline } from '../../shared/learn/pipeline.ts';
import {
  type Compression,
  compressModel,
  measureCompression,
} from '../../shared/onnx/compress-model.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { AWKWARD_INPUTS, awkwardTable, CLASSES_OF } from '../support/awkward-rows.ts';
import { expectSameAnswers, runOwn } from '../support/onnx-judges.ts';
import { feedsOf } from '../support/table-feeds.ts';

const table = awkwardTable(300, 0);

const train = (name: string, task: 'regression' | 'multiclass', rows = table): FittedPipeline => {
  const algorithm = findAlgorithm(name, task);
  if (algorithm === undefined) throw new Error(`no ${name}`);
  const classes = task === 'multiclass' ? CLASSES_OF[task] : [];
  const data = { task, inputs: AWKWARD_INPUTS, table: rows, classes, weights: null };
  return fitPipeline(data, { algorithm }, { rng: createRng(1) });
};

function graphOf(pipeline: FittedPipeline): Uint8Array {
  const graph = exportPipeline(pipeline);
  if (!graph.ok) throw new Error(graph.error.detail);
  return graph.value;
}

function compress(bytes: Uint8Array, compression: Compression) {
  const compressed = compressModel(bytes, compression);
  if (!compressed.ok) throw new Error(compressed.error.detail);
  const report = measureCompression(bytes, compressed.value, {
    feeds: feedsOf(table),
    scoreOf: (predictions) =>
      predictions.length === table.rows ? regressionMetrics(table.target, predictions).rmse : 0,
    nowMs: () => performance.now(),
    repeats: 5,
  });
  if (!report.ok) throw new Error(report.error.detail);
  return { bytes: compressed.value, report: report.value };
}

/** A product with as many columns as there are products of the inputs, and random weights. */
function wideLinear(): FittedPipeline {
  const ridge = train('ridge', 'regression');
  const rng = createRng(2);
  const lookup = { columns: 60, values: Float32Array.from({ length: 300 }, () => normal(rng)) };
  const [category] = ridge.preparation.encoding.categories;
  const encoding = {
    ...ridge.preparation.encoding,
    categories: [{ ...category, levels: category.levels.slice(0, 4), lookup }],
  };
  const estimator: LinearEstimator = {
    ...{ type: 'linear', outputs: 3, link: 'softmax' },
    coefficients: Float32Array.from({ length: 3 * 63 }, () => normal(rng)),
    intercepts: Float32Array.of(1, 2, 3),
  };
  const steps = [{ type: 'impute' as const, values: new Float32Array(63) }, squash(63)];
  const classes = CLASSES_OF.multiclass;
  return { ...ridge, task: 'multiclass', classes, preparation: { encoding, steps }, estimator };
}

/** Keeps far outliers from deciding a softmax alone. */
const squash = (width: number) => ({
  type: 'clip' as const,
  low: new Float32Array(width).fill(-1),
  high: new Float32Array(width).fill(1),
});

test.each([
  ['float16', 0.01, 600],
  ['int8', 0.2, 700],
] as const)(
  'dense weights in %s take less room, and what it costs is measured',
  async (weights, most, savedBytes) => {
    const wide = wideLinear();
    const before = graphOf(wide);
    const { bytes, report } = compress(before, { weights });
    expect(report.after.sizeBytes).toBe(bytes.length);
    expect(report.before.sizeBytes - report.after.sizeBytes).toBeGreaterThan(savedBytes);
    expect(report.difference.greatest).toBeGreaterThan(0);
    expect(report.difference.greatest).toBeLessThan(most);
    const expected = runOwn(bytes, table).probabilities.data as Float32Array;
    await expectSameAnswers(bytes, { table, expected, classes: wide.classes });
  },
);

test.each([
  ['hist-gradient-boosting', 2],
  ['random-forest', 2],
])('a pruned %s answers within what was allowed, in fewer bytes', async (name, prune) => {
  const before = graphOf(train(name, 'regression'));
  const { bytes, report } = compress(before, { prune });
  expect(report.after.sizeBytes).toBeLessThan(0.85 * report.before.sizeBytes);
  expect(report.difference.greatest).toBeLessThanOrEqual(prune + 1e-3);
  expect(report.after.score).toBeLessThan(report.before.score + prune);
  const expected = runOwn(bytes, table).variable.data as Float32Array;
  await expectSameAnswers(bytes, { table, expected, classes: [] });
});

test('a forest of several classes that is only merged answers as before', async () => {
  const rows = awkwardTable(120, 3);
  const pipeline = train('random-forest', 'multiclass', rows);
  const before = graphOf(pipeline);
  const merged = compressModel(before, { prune: 0 });
  if (!merged.ok) throw new Error(merged.error.detail);
  expect(merged.value.length).toBeLessThanOrEqual(before.length);
  const expected = runOwn(before, rows).probabilities.data as Float32Array;
  await expectSameAnswers(merged.value, { table: rows, expected, classes: pipeline.classes });
});

test('bytes that are no model are refused', () => {
  expect(compressModel(Uint8Array.of(1, 2, 3), { prune: 1 })).toMatchObject({
    error: { reason: 'invalid_model' },
  });
});
