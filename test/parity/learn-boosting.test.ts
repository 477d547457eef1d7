import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import { prAuc, rocAuc } from '../../shared/learn/metrics/ranking.ts';
import { regressionMetrics } from '../../shared/learn/metrics/regression.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import type { Parameters } from '../../shared/learn/search/space.ts';
import { inferTable } from '../../shared/table/infer-table.ts';
import { californiaTable } from './california-table.ts';
import { readReference, splitRows } from './reference-data.ts';

type Peer = { data: string; model: string; rmse: number; roc_auc: number; pr_auc: number };
const peers: Peer[] = JSON.parse(readReference('conformance/tabular-peers.json'));
const peerOf = (data: string, model: string) =>
  peers.find((peer) => peer.data.includes(data) && peer.model === model)!;

/** Predictions of the fixed split's test rows, and what was true of them. */
function answer(data: PipelineData, split: string, parameters: Parameters) {
  const { training, test: held } = splitRows(split, data.table.rows);
  const algorithm = findAlgorithm('hist-gradient-boosting', data.task)!;
  const choice = { algorithm, parameters: { earlyStopping: false, ...parameters } };
  const pipeline = fitPipeline(takeData(data, training), choice, { rng: createRng(1) });
  const { table } = takeData(data, held);
  return { predictions: predictPipeline(pipeline, table), target: table.target };
}

function california(): PipelineData {
  const table = californiaTable();
  const inputs = table.columns.map(
    ({ name }) => ({ name, type: 'number', missing: 'impute' }) as const,
  );
  return { task: 'regression', inputs, table, classes: [], weights: null };
}

/** Bins are cut by the same rule, so the trees are all but the same: float32 here, float64 there. */
test('California: 500 rounds err as scikit-learn’s do, to the fifth digit', () => {
  const parameters = { maxIter: 500, learningRate: 0.05 };
  const { predictions, target } = answer(california(), 'california-housing', parameters);
  const { rmse } = regressionMetrics(target, predictions);
  expect(rmse).toBeCloseTo(peerOf('8 cols', 'HistGB(500,lr.05,31)').rmse, 5);
});

function binaryFile(path: string, target: string): PipelineData {
  const read = inferTable(readReference(path), { target, task: 'binary' });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { table, inputs, classes } = read.value;
  return { task: 'binary', inputs, table, classes: classes ?? [], weights: null };
}

/** One split's areas are noise beyond the second digit; what they are not below is the point. */
test.each([
  ['telco-churn', 'data/telco-churn/Telco-Customer-Churn.csv', 'Churn', 'churn'],
  ['fraud', 'data/fraud/fraud_combined.csv', 'Class', 'fraud'],
])('%s: both areas are no lower than scikit-learn’s by .01 at its own parameters', (...given) => {
  const [split, path, column, data] = given;
  const parameters = { l2Regularization: 0, maxDepth: 0 };
  const { predictions, target } = answer(binaryFile(path, column), split, parameters);
  const scores = Float64Array.from(target, (_, row) => predictions[2 * row + 1]);
  const theirs = peerOf(data, 'HistGB(default)');
  expect(rocAuc({ positive: target, scores })).toBeGreaterThan(theirs.roc_auc - 0.01);
  expect(prAuc({ positive: target, scores })).toBeGreaterThan(theirs.pr_auc - 0.01);
});
