import type { Matrix } from '../prepare/matrix.ts';
import {
  fitPreparation,
  isRowRule,
  type Preparation,
  prepareTable,
  type Recipe,
} from '../prepare/preparation.ts';
import type { PreparationData } from '../prepare/preparation-data.ts';
import { appendFlags } from '../prepare/steps/flag.ts';
import type { ColumnSpec, Table } from '../table/table.ts';
import type { Algorithm, FitOptions } from './algorithm.ts';
import { type Calibration, calibrate } from './calibration/calibration.ts';
import { type Reads, readEstimator } from './calibration/class-scores.ts';
import { type FittedEstimator, scoreRows } from './fitted-estimator.ts';
import { fitRowDetector, flagRows, type RowDetector } from './outliers/row-detector.ts';
import type { PipelineData } from './pipeline-data.ts';
import type { Parameters } from './search/space.ts';
import { selectByModel } from './select/select-by-model.ts';
import { isClassification, type Task } from './task.ts';
import { trainingRows } from './training-rows.ts';

export type PipelineChoice = {
  algorithm: Algorithm;
  /** What is not named is as the algorithm's defaults. */
  parameters?: Parameters;
  /** Default: the algorithm's. */
  recipe?: Recipe;
  /** A pipeline to go on from: its preparation and, where none are given, its parameters stay. */
  from?: FittedPipeline;
};

/** From raw inputs to predictions: everything the exported graph holds, as data. */
export type FittedPipeline = {
  type: 'pipeline';
  task: Task;
  inputs: readonly ColumnSpec[];
  classes: readonly string[];
  algorithm: string;
  parameters: Parameters;
  preparation: Preparation;
  /** Whose flag is the last column that the estimator reads; absent: there is none. */
  outliers?: RowDetector;
  estimator: FittedEstimator;
  /** What its probabilities go through; absent: they are the estimator's. */
  calibration?: Calibration;
};

/**
 * Fits the preparation, then the estimator on what it makes of the rows.
 * @param choice `from`: one that @see canGoOn
 */
export function fitPipeline(
  data: PipelineData,
  { algorithm, parameters, recipe = algorithm.recipe, from }: PipelineChoice,
  options: FitOptions,
): FittedPipeline {
  const { task, inputs, table, classes, weights } = data;
  const chosen = { ...algorithm.defaults, ...from?.parameters, ...parameters };
  const isSupervised = task === 'regression' || isClassification(task);
  const target = isSupervised ? table.target : new Float64Array(0);
  const { matrix, ...prepared } = from
    ? preparedFrom(from, table)
    : preparePipeline(recipe, { table, target, classes: classes.length, rng: options.rng });
  const learning = trainingRows(
    { task, matrix, target, classes: classes.length, weights },
    { recipe, rng: options.rng },
  );
  return {
    ...{ type: 'pipeline', task, inputs, classes, algorithm: algorithm.name, parameters: chosen },
    ...prepared,
    estimator: algorithm.fit(learning, chosen, { ...options, warmStart: from?.estimator }),
  };
}

type Prepared = Pick<FittedPipeline, 'preparation' | 'outliers'> & { matrix: Matrix };

const preparedFrom = (from: FittedPipeline, table: Table): Prepared => ({
  ...{ preparation: from.preparation, matrix: preparedRows(from, table) },
  ...(from.outliers && { outliers: from.outliers }),
});

/** Fitted on the training rows, which are flagged by detectors that have not seen them. */
export function preparePipeline(recipe: Recipe, data: PreparationData): Prepared {
  const { flagOutliers } = recipe;
  const prepared = fitPreparation(recipe, {
    ...data,
    selectByModel: (rule, matrix) => selectByModel(rule, matrix, data),
  });
  if (flagOutliers === undefined || !isRowRule(flagOutliers)) return prepared;
  const { preparation, matrix } = prepared;
  const { detector, isOutlier } = fitRowDetector(flagOutliers, matrix, data.rng);
  return { preparation, outliers: detector, matrix: appendFlags(matrix, isOutlier) };
}

/** Predictions [rows, outputs] of a table that has the pipeline's inputs. @see scoreRows */
export function predictPipeline(pipeline: FittedPipeline, table: Table): Float32Array {
  const { calibration, classes } = pipeline;
  if (calibration === undefined) return scorePipeline(pipeline, table, 'probabilities');
  const { reads } = calibration;
  const values = scorePipeline(pipeline, table, reads);
  return calibrate(calibration, { reads, values, classes: classes.length });
}

/** What the estimator says before a calibration: its predictions, or its margins [rows]. */
export const scorePipeline = (pipeline: FittedPipeline, table: Table, reads: Reads): Float32Array =>
  scoreRows(readEstimator(pipeline.estimator, reads), preparedRows(pipeline, table));

/** What the estimator reads. */
export function preparedRows(
  { preparation, outliers }: Pick<FittedPipeline, 'preparation' | 'outliers'>,
  table: Table,
): Matrix {
  const matrix = prepareTable(preparation, table);
  return outliers === undefined ? matrix : flagRows(outliers, matrix);
}
