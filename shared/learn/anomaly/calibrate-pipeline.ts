import type { Rng } from '../../core/rng.ts';
import type { Algorithm } from '../algorithm.ts';
import { type FittedPipeline, preparedRows } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import {
  type AnomalyCalibration,
  calibrateAnomalies,
  type ThresholdMethod,
} from './anomaly-threshold.ts';
import { outOfFoldScores } from './out-of-fold-scores.ts';

export type CalibrationOptions = {
  /** That of the pipeline. */
  algorithm: Algorithm;
  method: ThresholdMethod;
  rng: Rng;
};

const FOLDS = 5;

/**
 * What a pipeline's scores mean: a threshold, and a scale of p values, learnt from scores of its
 * training rows by estimators of the others, all prepared as the pipeline prepares them and brought to
 * the scale of its own.
 * @param training at least 2 rows
 * Cost: 5 fits.
 */
export function calibratePipeline(
  pipeline: FittedPipeline,
  { task, table, weights }: PipelineData,
  { algorithm, method, rng }: CalibrationOptions,
): AnomalyCalibration {
  const { parameters, estimator } = pipeline;
  const matrix = preparedRows(pipeline, table);
  const data = { task, matrix, target: new Float64Array(0), classes: 0, weights };
  const folded = { algorithm, parameters, folds: FOLDS, scale: estimator };
  const scores = outOfFoldScores(data, folded, { rng });
  return calibrateAnomalies(scores, method);
}
