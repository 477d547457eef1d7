import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { type ColumnSpec, takeRows } from '../../table/table.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { findAlgorithm } from '../catalogue.ts';
import { createExplainer } from '../explain/explainer.ts';
import { binaryMetrics } from '../metrics/binary.ts';
import { fitPipeline, predictPipeline } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { CALIBRATION_METHODS } from './calibration.ts';
import { fitCalibrated } from './fit-calibrated.ts';

const INPUTS: readonly ColumnSpec[] = [0, 1, 2, 3].map((at) => ({
  ...{ name: `copy ${at}`, type: 'number', missing: 'impute' },
}));

/** One signal four times over: naive Bayes counts it four times and is far too sure. */
function copies(rows: number, seed: number): PipelineData {
  const rng = createRng(seed);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    const signal = 4 * rng() - 2;
    for (const at of INPUTS.keys()) builder.setNumber(at, signal + 0.01 * rng());
    builder.commit(rng() < 1 / (1 + Math.exp(-signal)) ? 1 : 0, 0);
  }
  const table = builder.build();
  return { task: 'binary', inputs: INPUTS, table, classes: ['no', 'yes'], weights: null };
}

const algorithmOf = (name: string) => {
  const algorithm = findAlgorithm(name, 'binary');
  if (algorithm === undefined) throw new Error(name);
  return algorithm;
};

const figures = (predictions: Float32Array, { table }: PipelineData) =>
  binaryMetrics(
    table.target,
    predictions.filter((_, at) => at % 2 === 1),
  );

test.each(CALIBRATION_METHODS)('%s makes naive Bayes of copied columns honest', (calibration) => {
  const [training, fresh] = [copies(600, 1), copies(2000, 2)];
  const algorithm = algorithmOf('gaussian-naive-bayes');
  const raw = fitPipeline(training, { algorithm }, { rng: createRng(3) });
  const fitted = fitCalibrated(training, { algorithm, calibration }, { rng: createRng(3) });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  const { calibration: map, ...pipeline } = fitted.value;
  expect(pipeline).toEqual(raw);
  expect(map?.type).toBe(calibration);
  const before = figures(predictPipeline(raw, fresh.table), fresh);
  const after = figures(predictPipeline(fitted.value, fresh.table), fresh);
  expect(before.ece).toBeGreaterThan(0.1);
  expect(after.ece).toBeLessThan((before.ece ?? 0) / 2);
  expect(after.log_loss).toBeLessThan(before.log_loss ?? 0);
});

test('a class of one row cannot be held out and is named', () => {
  const data = copies(40, 4);
  data.table.target.fill(0);
  data.table.target[3] = 1;
  const choice = { algorithm: algorithmOf('logistic-regression'), calibration: 'sigmoid' } as const;
  expect(fitCalibrated(data, choice, { rng: createRng(1) })).toEqual({
    ok: false,
    error: { reason: 'one_class', class: 1, rows: 1 },
  });
});

test('what is explained is the calibrated probability', () => {
  const data = copies(150, 6);
  const choice = { algorithm: algorithmOf('decision-tree'), calibration: 'sigmoid' } as const;
  const fitted = fitCalibrated(data, choice, { rng: createRng(1) });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  const rows = takeRows(data.table, [0, 1]);
  const { base, contributions } = createExplainer(fitted.value, {
    background: takeRows(data.table, [2, 3]),
    maxCoalitions: 64,
    rng: createRng(1),
  }).explain({ table: rows, outputOf: Uint16Array.of(1, 1) });
  for (const row of [0, 1]) {
    const moved = contributions.subarray(4 * row, 4 * row + 4).reduce((sum, one) => sum + one, 0);
    expect(base[row] + moved).toBeCloseTo(predictPipeline(fitted.value, rows)[2 * row + 1], 5);
  }
});

test("the data's weights reach the calibration, weights of classes do not", () => {
  const data = copies(600, 7);
  const weights = data.table.target.map((label) => (label === 1 ? 4 : 1));
  const meanChance = (of: PipelineData, classWeight: string) => {
    const algorithm = algorithmOf('logistic-regression');
    const choice = { algorithm, parameters: { classWeight }, calibration: 'sigmoid' } as const;
    const fitted = fitCalibrated(of, choice, { rng: createRng(1) });
    if (!fitted.ok) throw new Error(fitted.error.reason);
    const chances = predictPipeline(fitted.value, data.table).filter((_, at) => at % 2 === 1);
    return chances.reduce((sum, chance) => sum + chance, 0) / chances.length;
  };
  const share = data.table.target.reduce((sum, label) => sum + label, 0) / 600;
  expect(meanChance(data, 'balanced')).toBeCloseTo(share, 1);
  expect(meanChance({ ...data, weights }, 'none')).toBeGreaterThan(0.7);
});
