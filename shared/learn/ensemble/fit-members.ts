import { ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { kFold, shuffledGroupKFold, stratifiedKFold } from '../../table/split/k-fold.ts';
import { type SplitError, splitsOfFolds } from '../../table/split/split.ts';
import { fitPipeline, type PipelineChoice } from '../pipeline.ts';
import { type PipelineData, takeData } from '../pipeline-data.ts';
import { isClassification, outputsOf } from '../task.ts';
import { type FittedEnsemble, type Predictor, predictModel } from './fitted-ensemble.ts';

/** Fits one of several models that are to answer as one. */
export type Member = (data: PipelineData, seed: number) => Result<Predictor, SplitError>;

/** A pipeline as a member. */
export const memberOf =
  (choice: PipelineChoice): Member =>
  (data, seed) =>
    ok(fitPipeline(data, choice, { rng: createRng(seed) }));

/** Fits each on all rows; member i has the seed `seed + i`. */
export function fitMembers(
  data: PipelineData,
  members: readonly Member[],
  seed: number,
): Result<Predictor[], SplitError> {
  const fitted: Predictor[] = [];
  for (const [i, member] of members.entries()) {
    const model = member(data, seed + i);
    if (!model.ok) return model;
    fitted.push(model.value);
  }
  return ok(fitted);
}

/** An ensemble of these members. */
export const ensembleOf = (
  { task, inputs, classes }: PipelineData,
  members: Predictor[],
  combine: FittedEnsemble['combine'],
): FittedEnsemble => ({ type: 'ensemble', task, inputs, classes, members, combine });

/** The members fitted on all rows, combined so. */
export function combineMembers(
  data: PipelineData,
  { members, seed }: { members: readonly Member[]; seed: number },
  combine: FittedEnsemble['combine'],
): Result<FittedEnsemble, SplitError> {
  const fitted = fitMembers(data, members, seed);
  return fitted.ok ? ok(ensembleOf(data, fitted.value, combine)) : fitted;
}

/** A fold per row: whole groups where rows have one, else of each class alike. */
export function assignFolds(
  { task, table, groups }: PipelineData,
  { folds, seed }: { folds: number; seed: number },
): Result<Uint8Array, SplitError> {
  const options = { nSplits: folds, rng: createRng(seed) };
  if (groups !== undefined) return shuffledGroupKFold(groups, options);
  return isClassification(task)
    ? stratifiedKFold(table.target, options)
    : kFold(table.rows, options);
}

/** Predictions [rows, outputs] of each member for rows it was not fitted on. Cost: folds x one fit of each. */
export function outOfFoldPredictions(
  data: PipelineData,
  members: readonly Member[],
  { folds, seed }: { folds: number; seed: number },
): Result<Float32Array[], SplitError> {
  const foldOf = assignFolds(data, { folds, seed });
  if (!foldOf.ok) return foldOf;
  const outputs = outputsOf(data.task, data.classes.length);
  const answers = members.map(() => new Float32Array(data.table.rows * outputs));
  for (const { training, test } of splitsOfFolds(foldOf.value, folds)) {
    const fitted = fitMembers(takeData(data, training), members, seed);
    if (!fitted.ok) return fitted;
    const { table } = takeData(data, test);
    for (const [i, model] of fitted.value.entries()) {
      const found = predictModel(model, table);
      test.forEach((row, at) => {
        answers[i].set(found.subarray(at * outputs, (at + 1) * outputs), row * outputs);
      });
    }
  }
  return ok(answers);
}

/** Weights as float32 that sum to 1. */
export function normalised(weights: ArrayLike<number>): Float32Array {
  const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(weights, (weight) => weight / total);
}
