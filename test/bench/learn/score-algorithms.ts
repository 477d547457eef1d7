import '@tensorflow/tfjs-backend-wasm';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setBackend } from '@tensorflow/tfjs-core';
import { createRng } from '../../../shared/core/rng.ts';
import type { Algorithm } from '../../../shared/learn/algorithm.ts';
import { type Objective, objectiveLoss } from '../../../shared/learn/automl/objective.ts';
import { ALGORITHMS } from '../../../shared/learn/catalogue.ts';
import { rocAuc } from '../../../shared/learn/metrics/ranking.ts';
import { fitPipeline, predictPipeline } from '../../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../../shared/learn/pipeline-data.ts';
import type { Task } from '../../../shared/learn/task.ts';
import { NEURAL_ALGORITHMS } from '../../../shared/neural/algorithms.ts';
import { inferTable } from '../../../shared/table/infer-table.ts';
import { readReference, splitRows } from '../../parity/reference-data.ts';
import { PEER_DATASETS } from './peer-datasets.ts';

/**
 * Writes cli/learn/algorithm-scores.json: each algorithm with its defaults on reference files, in the
 * fixed 80/20 splits. Run it after an algorithm changed: node test/bench/learn/score-algorithms.ts [NAME ...]
 * With names, the scores of the others stay as they are.
 */
const SCORES = join(import.meta.dirname, '../../../cli/learn/algorithm-scores.json');
const SEED = 42;
/** Dear algorithms learn from this many rows: the score says so by its seconds alone. */
const MOST_ROWS = 20_000;

type ReferenceFile = { name: string; split: string; metric: Objective; load(): PipelineData };

const peer = (name: string) => PEER_DATASETS.find((dataset) => dataset.name === name)!.load;

const FILES: Partial<Record<Task, ReferenceFile[]>> = {
  regression: [
    { name: 'california', split: 'california-housing', metric: 'rmse', load: peer('california') },
    { name: 'food-delivery', split: 'food-delivery', metric: 'rmse', load: foodDelivery },
  ],
  binary: [
    { name: 'churn', split: 'telco-churn', metric: 'roc_auc', load: peer('churn') },
    { name: 'fraud', split: 'fraud', metric: 'pr_auc', load: peer('fraud') },
  ],
  anomaly: [{ name: 'fraud', split: 'fraud', metric: 'roc_auc', load: peer('fraud') }],
};

function foodDelivery(): PipelineData {
  const text = readReference('data/food-delivery/Food_Delivery_Times.csv');
  const read = inferTable(text, {
    ...{ target: 'Delivery_Time_min', task: 'regression' },
    columns: { Order_ID: 'left_out' },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { inputs, table } = read.value;
  return { task: 'regression', inputs, table, classes: [], weights: null };
}

function scoreOn(algorithm: Algorithm, task: Task, { name, split, metric, load }: ReferenceFile) {
  const data = load();
  const { training, test } = splitRows(split, data.table.rows);
  const known = takeData(data, training.subarray(0, MOST_ROWS));
  const unseen = takeData(data, test).table;
  const asked = task === 'anomaly' ? { ...known, task, classes: [] } : known;
  const startedMs = performance.now();
  const pipeline = fitPipeline(asked, { algorithm }, { rng: createRng(SEED) });
  const seconds = (performance.now() - startedMs) / 1000;
  const predictions = predictPipeline(pipeline, unseen);
  const value =
    task === 'anomaly'
      ? rocAuc({ scores: predictions, positive: unseen.target })
      : scoreOf(metric, unseen.target, predictions);
  return {
    ...{ algorithm: algorithm.name, task, file: name, metric },
    value: Number(value.toPrecision(6)),
    seconds: Number(seconds.toPrecision(3)),
  };
}

function scoreOf(metric: Objective, target: Float64Array, predictions: Float32Array): number {
  const loss = objectiveLoss(metric, target, predictions);
  return metric.endsWith('_auc') ? 1 - loss : loss;
}

type Scores = { measuredAt: string; scores: ReturnType<typeof scoreOn>[] };

await setBackend('wasm');
const names = process.argv.slice(2);
const all = [...ALGORITHMS, ...NEURAL_ALGORITHMS];
const asked = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
const before: Scores = JSON.parse(await readFile(SCORES, 'utf8'));
const kept =
  names.length === 0 ? [] : before.scores.filter(({ algorithm }) => !names.includes(algorithm));
const scores = asked.flatMap((algorithm) =>
  algorithm.tasks.flatMap((task) =>
    (FILES[task] ?? []).map((file) => {
      const score = scoreOn(algorithm, task, file);
      console.error(Object.values(score).join(' '));
      return score;
    }),
  ),
);
const measuredAt = new Date().toISOString().slice(0, 10);
const written: Scores = { measuredAt, scores: [...kept, ...scores] };
await writeFile(SCORES, `${JSON.stringify(written, null, 2)}\n`);
