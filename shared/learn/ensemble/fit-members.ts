import type { Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { kFold, stratifiedKFold } from '../../table/split/k-fold.ts';
import { type SplitError, splitsOfFolds } from '../../table/split/split.ts';
import { fitPipeline, type PipelineChoice, predictPipeline } from '../pipeline.ts';
import { type PipelineData, takeData } from '../pipeline-data.ts';
import { isClassification, outputsOf } from '../task.ts';
import type { FittedEnsemble, Predictor } from './fitted-ensemble.ts';

/** Fits each choice on all rows; member i has the seed `seed + i`. */
export const fitMembers = (
  data: PipelineData,
  choices: readonly PipelineChoice[],
  seed: number,
): Predictor[] =>
  choices.map((choice, i) => fitPipeline(data, choice, { rng: createRng(seed + i) }));

/** An ensemble of these members. */
export const ensembleOf = (
  { task, inputs, classes }: PipelineData,
  members: Predictor[],
  combine: FittedEnsemble['combine'],
): FittedEnsemble => ({ type: 'ensemble', task, inputs, classes, members, combine });

/** A fold per row, of each class alike. */
export function assignFolds(
  { task, table }: PipelineData,
  { folds, seed }: { folds: number; seed: number },
): Result<Uint8Array, SplitError> {
  const options = { nSplits: folds, rng: createRng(seed) };
  return isClassification(task)
    ? stratifiedKFold(table.target, options)
    : kFold(table.rows, options);
}

/** Predictions [rows, outputs] of each choice for rows it was not fitted on. */
export function outOfFoldPredictions(
  data: PipelineData,
  choices: readonly PipelineChoice[],
  { foldOf, folds, seed }: { foldOf: Uint8Array; folds: number; seed: number },
): Float32Array[] {
  const outputs = outputsOf(data.task, data.classes.length);
  const splits = splitsOfFolds(foldOf, folds);
  return choices.map((choice, i) => {
    const predictions = new Float32Array(data.table.rows * outputs);
    for (const { training, test } of splits) {
      const rng = createRng(seed + i);
      const pipeline = fitPipeline(takeData(data, training), choice, { rng });
      const found = predictPipeline(pipeline, takeData(data, test).table);
      test.forEach((row, at) => {
        predictions.set(found.subarray(at * outputs, (at + 1) * outputs), row * outputs);
      });
    }
    return predictions;
  });
}

/** Weights as float32 that sum to 1. */
export function normalised(weights: ArrayLike<number>): Float32Array {
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(weights, (weight) => weight / total);
}
