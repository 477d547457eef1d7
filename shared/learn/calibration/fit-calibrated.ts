import { fail, ok, type Result } from '../../core/result.ts';
import { shuffledGroupKFold, stratifiedKFold } from '../../table/split/k-fold.ts';
import { type SplitError, splitsOfFolds } from '../../table/split/split.ts';
import { takeRows } from '../../table/table.ts';
import type { FitOptions } from '../algorithm.ts';
import type { Predictor } from '../ensemble/fitted-ensemble.ts';
import {
  type FittedPipeline,
  fitPipeline,
  type PipelineChoice,
  scorePipeline,
} from '../pipeline.ts';
import { type PipelineData, takeData } from '../pipeline-data.ts';
import {
  type CalibrationError,
  type CalibrationMethod,
  fitCalibration,
  type JudgedRows,
} from './calibration.ts';
import { readsOf } from './class-scores.ts';

const FOLDS = 5;

/**
 * A pipeline of a classification fitted on all rows, and a calibration fitted on what pipelines of
 * four fifths say of the others (stratified). The pipeline itself is that of `fitPipeline` with the
 * same seed. Rows count by the data's weights here too; what a recipe resamples or an algorithm weights
 * classes by does not count: probabilities are to be those of the data. Fails where a class has one row or none, or all classes have fewer than five.
 * Cost: six fits. Reference: scikit-learn 1.2 CalibratedClassifierCV(cv=5, ensemble=False).
 */
export function fitCalibrated(
  data: PipelineData,
  choice: PipelineChoice & { calibration: CalibrationMethod },
  options: FitOptions,
): Result<FittedPipeline, CalibrationError | SplitError> {
  const pipeline = fitPipeline(data, choice, options);
  const rows = outOfFold(data, choice, { ...options, pipeline });
  return rows.ok ? withCalibration(pipeline, rows.value, choice.calibration) : rows;
}

/** The model, answering calibrated probabilities. @param rows that its like was not fitted on */
export function withCalibration<Model extends Predictor>(
  model: Model,
  rows: JudgedRows,
  method: CalibrationMethod,
): Result<Model, CalibrationError> {
  const calibration = fitCalibration(rows, method);
  return calibration.ok ? ok({ ...model, calibration: calibration.value }) : calibration;
}

function outOfFold(
  data: PipelineData,
  choice: PipelineChoice,
  { pipeline, ...options }: FitOptions & { pipeline: FittedPipeline },
): Result<JudgedRows, CalibrationError | SplitError> {
  const { table, classes } = data;
  const rare = classes.findIndex((_, code) => countOf(table.target, code) < 2);
  if (rare >= 0)
    return fail({ reason: 'one_class', class: rare, rows: countOf(table.target, rare) });
  // An earlier pipeline has seen the rows that are held out.
  const { from, ...asked } = choice;
  const anew = { ...asked, parameters: { ...from?.parameters, ...asked.parameters } };
  const folds = { nSplits: FOLDS, rng: options.rng };
  const foldOf = data.groups
    ? shuffledGroupKFold(data.groups, folds)
    : stratifiedKFold(table.target, folds);
  if (!foldOf.ok) return foldOf;
  const parts = splitsOfFolds(foldOf.value, FOLDS).map(({ training, test }) => ({
    part: fitPipeline(takeData(data, training), anew, options),
    test,
  }));
  const all = [pipeline, ...parts.map(({ part }) => part)];
  const readable = new Set(all.map(({ estimator }) => readsOf(estimator)));
  const reads = readable.size === 1 ? readsOf(pipeline.estimator) : 'probabilities';
  const width = reads === 'margin' ? 1 : classes.length;
  const values = new Float32Array(table.rows * width);
  for (const { part, test } of parts) {
    const scores = scorePipeline(part, takeRows(table, test), reads);
    test.forEach((row, i) => {
      values.set(scores.subarray(i * width, (i + 1) * width), row * width);
    });
  }
  const scores = { reads, values, classes: classes.length };
  return ok({ truth: table.target, scores, weights: data.weights });
}

const countOf = (target: Float64Array, code: number): number =>
  target.reduce((count, found) => (found === code ? count + 1 : count), 0);
