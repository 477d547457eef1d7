import { createRng } from '../../core/rng.ts';
import type { Recipe } from '../../prepare/preparation.ts';
import { describeSplitError } from '../../table/split/split.ts';
import { shuffleSplit, stratifiedShuffleSplit } from '../../table/split/train-test-split.ts';
import { takeRows } from '../../table/table.ts';
import type { Algorithm } from '../algorithm.ts';
import { findAlgorithm } from '../catalogue.ts';
import { type FittedPipeline, fitPipeline, predictPipeline } from '../pipeline.ts';
import { type PipelineData, takeData } from '../pipeline-data.ts';
import type { Parameters } from '../search/space.ts';
import { isClassification, outputsOf } from '../task.ts';
import { bytesOf } from './bytes-of.ts';
import { type Objective, objectiveLoss } from './objective.ts';

/** One way to fit, as plain data: it may be sent to another thread. */
export type Candidate = {
  algorithm: string;
  /** What is not named is as the algorithm's defaults. */
  parameters: Parameters;
  /** Null: the algorithm's. */
  recipe: Recipe | null;
  seed: number;
  /** Learns from so many of the rows, of each class alike; absent: from all. */
  rows?: number;
};

export type Evaluation = {
  candidate: Candidate;
  /** Of all rows' out-of-fold predictions; lower is better. */
  loss: number;
  /** By fold, one repeat after the other. */
  foldLosses: number[];
  /** Predictions of each row by the models that were not fitted on it, their mean: [rows, outputs]. */
  outOfFold: Float32Array;
  /** What one of its models takes in memory. */
  modelBytes: number;
};

export type CrossValidation = {
  /** By repeat, the fold of each row; every fold has rows. */
  repeats: readonly Uint8Array[];
  folds: number;
  objective: Objective;
  /** The best candidate's so far: one that is far behind on a fold is not fitted on the others. */
  bestFoldLosses?: readonly number[] | null;
  /** Asked between folds and by algorithms between iterations. */
  isTimeUp?: () => boolean;
};

/** Fits the candidate on all rows, or on as many as it may have. */
export function fitCandidate(
  data: PipelineData,
  candidate: Candidate,
  isTimeUp?: () => boolean,
): FittedPipeline {
  const { parameters, recipe, seed } = candidate;
  const algorithm = algorithmOf(candidate, data);
  const choice = { algorithm, parameters, recipe: recipe ?? algorithm.recipe };
  return fitPipeline(fewerRows(data, candidate), choice, { rng: createRng(seed), isTimeUp });
}

/** So many of the rows, of each class alike, drawn by the seed; undefined: all. */
export function fewerRows(
  data: PipelineData,
  { rows, seed }: Pick<Candidate, 'rows' | 'seed'>,
): PipelineData {
  const all = data.table.rows;
  if (rows === undefined || rows >= all) return data;
  const options = { testSize: 1 - rows / all, rng: createRng(seed) };
  const split = isClassification(data.task)
    ? stratifiedShuffleSplit(data.table.target, options)
    : shuffleSplit(all, options);
  if (!split.ok) throw new Error(describeSplitError(split.error));
  return takeData(data, split.value.training);
}

/**
 * Fits the candidate once per fold and repeat, on the rows of the others, and predicts the fold's.
 * @returns null when time was up before the last fold, or the first folds left no hope
 * @throws when a prediction is NaN or infinite: numbers may overflow in a model
 */
export function crossValidate(
  data: PipelineData,
  candidate: Candidate,
  { repeats, folds, objective, bestFoldLosses, isTimeUp }: CrossValidation,
): Evaluation | null {
  const { target, rows } = data.table;
  const outputs = outputsOf(data.task, data.classes.length);
  const outOfFold = new Float32Array(rows * outputs);
  const foldLosses: number[] = [];
  let modelBytes = 0;
  for (const foldOf of repeats)
    for (let fold = 0; fold < folds; fold++) {
      if (isTimeUp?.()) return null;
      const held = rowsWhere(foldOf, (other) => other === fold);
      const others = rowsWhere(foldOf, (other) => other !== fold);
      const pipeline = fitCandidate(takeData(data, others), candidate, isTimeUp);
      const table = takeRows(data.table, held);
      const predictions = predictPipeline(pipeline, table);
      if (!predictions.every(Number.isFinite))
        throw new Error('its answers are not finite numbers');
      addRows(outOfFold, predictions, { held, outputs, share: 1 / repeats.length });
      modelBytes = Math.max(modelBytes, bytesOf(pipeline));
      foldLosses.push(objectiveLoss(objective, table.target, predictions));
      if (bestFoldLosses && isHopeless(foldLosses, bestFoldLosses)) return null;
    }
  const loss = objectiveLoss(objective, target, outOfFold);
  return { candidate, loss, foldLosses, outOfFold, modelBytes };
}

type Rows = { held: Uint32Array; outputs: number; share: number };

function addRows(into: Float32Array, values: Float32Array, { held, outputs, share }: Rows): void {
  for (let i = 0; i < held.length; i++)
    for (let k = 0; k < outputs; k++)
      into[held[i] * outputs + k] += share * values[i * outputs + k];
}

/** Losses a third above the best's on the same folds add nothing to an ensemble. */
const HOPELESS_RATIO = 1.35;

function isHopeless(losses: readonly number[], best: readonly number[]): boolean {
  const sum = losses.reduce((total, loss) => total + loss, 0);
  const bestSum = losses.reduce((total, _, fold) => total + best[fold], 0);
  return sum > HOPELESS_RATIO * bestSum;
}

function rowsWhere(foldOf: Uint8Array, isTaken: (fold: number) => boolean): Uint32Array {
  const rows = new Uint32Array(foldOf.length);
  let n = 0;
  for (let row = 0; row < foldOf.length; row++) if (isTaken(foldOf[row])) rows[n++] = row;
  return rows.slice(0, n);
}

function algorithmOf({ algorithm }: Candidate, { task }: PipelineData): Algorithm {
  const found = findAlgorithm(algorithm, task);
  if (found === undefined) throw new Error(`Broken invariant: no ${algorithm} for ${task}`);
  return found;
}
