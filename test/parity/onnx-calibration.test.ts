import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { CALIBRATION_METHODS } from '../../shared/learn/calibration/calibration.ts';
import { fitCalibrated, withCalibration } from '../../shared/learn/calibration/fit-calibrated.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import {
  type FittedEnsemble,
  type Predictor,
  predictModel,
} from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { fitPipeline } from '../../shared/learn/pipeline.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { AWKWARD_INPUTS, awkwardTable, CLASSES_OF } from '../support/awkward-rows.ts';
import { expectSameAnswers } from '../support/onnx-judges.ts';

type ClassTask = keyof typeof CLASSES_OF;

const algorithmOf = (name: string, task: ClassTask) => {
  const algorithm = findAlgorithm(name, task);
  if (algorithm === undefined) throw new Error(`no ${name} for ${task}`);
  return algorithm;
};

const dataOf = (task: ClassTask) => {
  const classes = CLASSES_OF[task];
  const table = awkwardTable(150, classes.length);
  return { task, inputs: AWKWARD_INPUTS, table, classes, weights: null };
};

async function judge(predictor: Predictor): Promise<void> {
  const graph = exportPipeline(predictor);
  if (!graph.ok) throw new Error(graph.error.detail);
  const { classes } = predictor;
  const table = awkwardTable(80, classes.length, 31);
  const expected = predictModel(predictor, table);
  await expectSameAnswers(graph.value, { table, expected, classes });
}

// A margin (logistic link), softmax scores, votes.
const NAMES = ['logistic-regression', 'gaussian-naive-bayes', 'random-forest'];
const cases = (['binary', 'multiclass'] as const).flatMap((task) =>
  NAMES.flatMap((name) => CALIBRATION_METHODS.map((method) => [name, task, method] as const)),
);

test.each(cases)('%s (%s) calibrated by %s is one graph', async (name, task, calibration) => {
  const data = dataOf(task);
  const choice = { algorithm: algorithmOf(name, task), calibration };
  const fitted = fitCalibrated(data, choice, { rng: createRng(1) });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  const isMargin = name === 'logistic-regression' && task === 'binary';
  const isSoftmax = name !== 'random-forest';
  const reads = isMargin ? 'margin' : isSoftmax ? 'shares' : 'probabilities';
  expect(fitted.value.calibration?.reads).toBe(reads);
  await judge(fitted.value);
});

test.each(CALIBRATION_METHODS)('an ensemble calibrated by %s is one graph', async (method) => {
  const data = dataOf('binary');
  const members = NAMES.map((name) =>
    fitPipeline(data, { algorithm: algorithmOf(name, 'binary') }, { rng: createRng(1) }),
  );
  const weights = Float32Array.of(0.5, 0.25, 0.25);
  const { task, inputs, classes, table } = data;
  const combine = { type: 'average', weights } as const;
  const ensemble: FittedEnsemble = { type: 'ensemble', task, inputs, classes, members, combine };
  const values = predictModel(ensemble, table);
  const rows = {
    truth: table.target,
    scores: { reads: 'probabilities', values, classes: 2 },
    weights: null,
  } as const;
  const calibrated = withCalibration(ensemble, rows, method);
  if (!calibrated.ok) throw new Error(calibrated.error.reason);
  await judge(calibrated.value);
});
