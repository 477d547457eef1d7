import { ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { Predictor } from '../ensemble/fitted-ensemble.ts';
import { type FittedPipeline, fitPipeline, predictPipeline } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { saidYes } from './fair-mixture.ts';
import { outOfFoldAnswers, type Refitting } from './refit-pipeline.ts';

/** How a pipeline errs on the rows it was fitted on, and its like on rows held out. */
export type Memory = { errorOnLearnt: number; errorOnHeldOut: number };

/**
 * Whether what it says of the rows it learnt from tells little of what it says of others: it errs there less than half
 * as often. A rate that is alike on the former need not be on the latter.
 */
export const remembers = ({ errorOnLearnt, errorOnHeldOut }: Memory): boolean =>
  errorOnLearnt < errorOnHeldOut / 2;

export type Learner = { base: FittedPipeline; memory: Memory };

/** Where all that was chosen remember their rows. */
const USUAL = 'logistic-regression';

/**
 * The pipeline whose algorithm is to learn weighted labels: of an ensemble, the heaviest that does not remember its
 * rows. Cost: five fits for each that is looked at.
 * @param mayReplace where none is steady: logistic regression instead; else the heaviest all the same
 */
export function steadyPipeline(
  { predictor, weights }: { predictor: Predictor; weights: ArrayLike<number> },
  { data, mayReplace }: { data: PipelineData; mayReplace: boolean },
  refitting: Refitting,
): Result<Learner, SplitError> {
  const pipelines = heaviestFirst(predictor, weights);
  let first: Learner | null = null;
  for (const base of pipelines) {
    const memory = memoryOf(base, data, refitting);
    if (!memory.ok) return memory;
    const learner = { base, memory: memory.value };
    if (!remembers(memory.value)) return ok(learner);
    first ??= learner;
  }
  if (first !== null && !mayReplace) return ok(first);
  const algorithm = refitting.algorithmOf(USUAL);
  const base = fitPipeline(data, { algorithm }, { rng: createRng(refitting.seed) });
  const memory = memoryOf(base, data, refitting);
  return memory.ok ? ok({ base, memory: memory.value }) : memory;
}

function heaviestFirst(predictor: Predictor, weights: ArrayLike<number>): FittedPipeline[] {
  if (predictor.type === 'pipeline') return [predictor];
  return predictor.members
    .map((member, i) => ({ member, weight: weights[i] }))
    .sort((a, b) => b.weight - a.weight)
    .flatMap(({ member }) => {
      const inner = member.type === 'ensemble' ? member.combine : null;
      return heaviestFirst(member, inner && 'weights' in inner ? inner.weights : [1]);
    });
}

function memoryOf(
  pipeline: FittedPipeline,
  data: PipelineData,
  refitting: Refitting,
): Result<Memory, SplitError> {
  const heldOut = outOfFoldAnswers(pipeline, data, refitting);
  if (!heldOut.ok) return heldOut;
  const errorOf = (answers: Float32Array): number =>
    saidYes(answers).reduce((sum, yes, row) => sum + Math.abs(yes - data.table.target[row]), 0) /
    data.table.rows;
  return ok({
    errorOnLearnt: errorOf(predictPipeline(pipeline, data.table)),
    errorOnHeldOut: errorOf(heldOut.value),
  });
}
