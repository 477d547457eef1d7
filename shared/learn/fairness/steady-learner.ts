import { fail, ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { Algorithm } from '../algorithm.ts';
import { findAlgorithm } from '../catalogue.ts';
import { memberOf, outOfFoldPredictions } from '../ensemble/fit-members.ts';
import { type ModelChoice, type PipelineModel, pipelineModel } from '../ensemble/model-choice.ts';
import { type FittedPipeline, fitPipeline, predictPipeline } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';

/** How a pipeline errs on the rows it was fitted on, and its like on rows held out. */
export type Memory = { errorOnLearnt: number; errorOnHeldOut: number };

/**
 * Whether what it says of the rows it learnt from tells little of what it says of others: it errs there less than half
 * as often. A rate that is alike on the former need not be on the latter.
 */
export const remembers = ({ errorOnLearnt, errorOnHeldOut }: Memory): boolean =>
  errorOnLearnt < errorOnHeldOut / 2;

/** An algorithm, and a pipeline of it: how rows are prepared for it, and its parameters. */
export type Learner = {
  algorithm: Algorithm;
  base: FittedPipeline;
  memory: Memory;
  /** It stands in for what was chosen, which remembers its rows. */
  isReplacement: boolean;
};

/** Where all that was chosen remember their rows. */
const USUAL = 'logistic-regression';
export const FOLDS = 5;

/** Why it cannot learn by the weights of a mixture: rows that it makes itself have none; it has weights of its own. */
export type LearnerError =
  | SplitError
  | { reason: 'resampled' | 'class_weights'; algorithm: string };

/**
 * The pipeline whose algorithm is to learn weighted labels: of an ensemble, the heaviest that does not remember its
 * rows. Cost: six fits for each that is looked at.
 * @param shares of the members of an ensemble
 * @param mayReplace where none is steady: logistic regression instead; else the heaviest all the same
 */
export function steadyLearner(
  { model, shares, mayReplace }: Chosen,
  data: PipelineData,
  seed: number,
): Result<Learner, LearnerError> {
  let first: Learner | null = null;
  for (const choice of heaviestFirst(model, shares)) {
    const learner = learnerOf(choice, data, seed);
    if (!learner.ok) return learner;
    if (!remembers(learner.value.memory)) return learner;
    first ??= learner.value;
  }
  const algorithm = findAlgorithm(USUAL, 'binary');
  if (first !== null && !mayReplace) return ok(first);
  if (algorithm === undefined) throw new Error(`Broken invariant: there is no ${USUAL}`);
  const usual = learnerOf(pipelineModel({ algorithm }), data, seed);
  return usual.ok ? ok({ ...usual.value, isReplacement: true }) : usual;
}

type Chosen = { model: ModelChoice; shares: ArrayLike<number>; mayReplace: boolean };

function heaviestFirst(model: ModelChoice, shares: ArrayLike<number>): PipelineModel[] {
  if (model.type === 'pipeline') return [model];
  return model.members
    .map((member, i) => ({ member, share: shares[i] ?? 0 }))
    .sort((a, b) => b.share - a.share)
    .flatMap(({ member }) => heaviestFirst(member, []));
}

function learnerOf(
  { choice, classWeights }: PipelineModel,
  data: PipelineData,
  seed: number,
): Result<Learner, LearnerError> {
  const { algorithm, recipe = algorithm.recipe } = choice;
  if (recipe.resample) return fail({ reason: 'resampled', algorithm: algorithm.name });
  if (classWeights !== null) return fail({ reason: 'class_weights', algorithm: algorithm.name });
  const heldOut = outOfFoldPredictions(data, [memberOf(choice)], { folds: FOLDS, seed });
  if (!heldOut.ok) return heldOut;
  const base = fitPipeline(data, choice, { rng: createRng(seed) });
  const errorOf = (answers: Float32Array): number =>
    saidYes(answers).reduce((sum, yes, row) => sum + Math.abs(yes - data.table.target[row]), 0) /
    data.table.rows;
  const errorOnLearnt = errorOf(predictPipeline(base, data.table));
  const memory = { errorOnLearnt, errorOnHeldOut: errorOf(heldOut.value[0]) };
  return ok({ algorithm, base, memory, isReplacement: false });
}

/** 1 where the second of two classes is the likelier. @param probabilities [rows, 2] */
export const saidYes = (probabilities: Float32Array): Uint8Array =>
  Uint8Array.from({ length: probabilities.length / 2 }, (_, row) =>
    probabilities[2 * row + 1] > probabilities[2 * row] ? 1 : 0,
  );
