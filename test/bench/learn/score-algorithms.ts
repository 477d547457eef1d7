import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownAlgorithms } from '../../../cli/learn/known-algorithms.ts';
import { createRng } from '../../../shared/core/rng.ts';
import type { Algorithm } from '../../../shared/learn/algorithm.ts';
import { adjustedRand, silhouette } from '../../../shared/learn/metrics/clustering.ts';
import { multiclassMetrics } from '../../../shared/learn/metrics/multiclass.ts';
import { prAuc, rocAuc } from '../../../shared/learn/metrics/ranking.ts';
import { regressionMetrics } from '../../../shared/learn/metrics/regression.ts';
import {
  type FittedPipeline,
  fitPipeline,
  predictPipeline,
} from '../../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../../shared/learn/pipeline-data.ts';
import type { Task } from '../../../shared/learn/task.ts';
import { prepareTable } from '../../../shared/prepare/preparation.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { SCORED_FILES, type ScoredFile, type ScoredMetric } from './scored-files.ts';

/**
 * Writes cli/learn/algorithm-scores.json: each algorithm with its defaults on two reference files of
 * each of its tasks. Measures what the file lacks; with names of algorithms, these anew; with --all,
 * everything: node test/bench/learn/score-algorithms.ts [--all | NAME ...]
 */
const SCORES = join(import.meta.dirname, '../../../cli/learn/algorithm-scores.json');
const SEED = 42;
/** Dear algorithms learn from this many rows: the score says so by its seconds alone. */
const MOST_ROWS = 20_000;

type Score = {
  algorithm: string;
  task: Task;
  file: string;
  metric: ScoredMetric;
  value: number;
  /** Of one core. */
  seconds: number;
};

function scoreOn(algorithm: Algorithm, task: Task, file: ScoredFile): Score {
  const data = file.load();
  const { training, test } = file.split(data);
  const known = takeData(data, training.subarray(0, MOST_ROWS));
  const unseen = takeData(data, test);
  const asked = data.task === task ? known : { ...known, task, classes: [] };
  let pipeline: FittedPipeline | null = null;
  const seconds = cpuSeconds(() => {
    pipeline = fitPipeline(asked, { algorithm }, { rng: createRng(SEED) });
  });
  const value = measureBy(file.metric, unseen, pipeline!);
  return {
    ...{ algorithm: algorithm.name, task, file: file.name, metric: file.metric },
    value: Number(value.toPrecision(6)),
    seconds: Number(seconds.toPrecision(3)),
  };
}

function measureBy(metric: ScoredMetric, unseen: PipelineData, pipeline: FittedPipeline): number {
  const { table, classes } = unseen;
  const predictions = predictPipeline(pipeline, table);
  const isPair = predictions.length === 2 * table.rows;
  const scores = isPair ? predictions.filter((_, i) => i % 2 === 1) : predictions;
  switch (metric) {
    case 'rmse':
      return regressionMetrics(table.target, predictions).rmse;
    case 'roc_auc':
      return rocAuc({ scores, positive: table.target });
    case 'pr_auc':
      return prAuc({ scores, positive: table.target });
    case 'accuracy':
      return multiclassMetrics(table.target, predictions, classes).accuracy!;
    case 'adjusted_rand':
      return adjustedRand(predictions, table.target);
    case 'silhouette':
      return silhouette(prepareTable(pipeline.preparation, table).data, predictions) ?? 0;
  }
}

const keyOf = ({ algorithm, task, file }: Pick<Score, 'algorithm' | 'task' | 'file'>) =>
  `${algorithm} ${task} ${file}`;

const readScores = (): Map<string, Score> => {
  const { scores } = JSON.parse(readFileSync(SCORES, 'utf8')) as { scores: Score[] };
  return new Map(scores.map((score) => [keyOf(score), score]));
};

const given = process.argv.slice(2);
const algorithms = await knownAlgorithms();
const wanted = algorithms.flatMap((algorithm) =>
  algorithm.tasks.flatMap((task) =>
    SCORED_FILES[task].map((file) => {
      const key = keyOf({ algorithm: algorithm.name, task, file: file.name });
      return { algorithm, task, file, key };
    }),
  ),
);
for (const { algorithm, task, file, key } of wanted) {
  const isAsked = given.includes('--all') || given.includes(algorithm.name);
  if (!isAsked && readScores().has(key)) continue;
  const score = scoreOn(algorithm, task, file);
  console.error(Object.values(score).join(' '));
  const known = readScores().set(key, score);
  const scores = wanted.flatMap((one) => known.get(one.key) ?? []);
  const measuredAt = new Date().toISOString().slice(0, 10);
  writeFileSync(SCORES, `${JSON.stringify({ measuredAt, scores }, null, 2)}\n`);
}
