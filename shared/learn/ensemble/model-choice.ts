import type { Algorithm } from '../algorithm.ts';
import type { PipelineChoice } from '../pipeline.ts';
import type { Parameters } from '../search/space.ts';

/** What is to be fitted: a pipeline, or an ensemble of such choices, which may be ensembles again. */
export type ModelChoice = PipelineModel | EnsembleModel;

export type PipelineModel = {
  type: 'pipeline';
  choice: PipelineChoice;
  /** Weights of rows by the label of their class; null: all alike. */
  classWeights: Readonly<Record<string, number>> | null;
  /** Learns from so many of the rows, of each class alike; null: from all. */
  rows: number | null;
  /** Null: what the whole is fitted by, and the place in it, decide. */
  seed: number | null;
};

export type EnsembleModel = {
  type: 'ensemble';
  combine: EnsembleChoice;
  members: ModelChoice[];
  seed: number | null;
};

/** How members become one. @see fitVoting and its neighbours for what each does */
export type EnsembleChoice =
  | { type: 'voting'; voting: 'soft' | 'hard'; weights: readonly number[] | null }
  | { type: 'bagging'; nEstimators: number; maxSamples: number }
  | { type: 'stacking'; final: { algorithm: Algorithm; parameters: Parameters }; folds: number }
  | { type: 'blending'; holdOut: number }
  | { type: 'model-averaging'; folds: number }
  | { type: 'dynamic-selection'; folds: number };

/** Every pipeline in it. */
export const pipelinesOf = (choice: ModelChoice): PipelineModel[] =>
  choice.type === 'pipeline' ? [choice] : choice.members.flatMap(pipelinesOf);

/** Every algorithm in it, those that combine too. */
export const algorithmsOf = (choice: ModelChoice): Algorithm[] =>
  choice.type === 'pipeline'
    ? [choice.choice.algorithm]
    : [
        ...choice.members.flatMap(algorithmsOf),
        ...(choice.combine.type === 'stacking' ? [choice.combine.final.algorithm] : []),
      ];

/** One algorithm, as it is unless said otherwise. */
export const pipelineModel = (
  choice: PipelineChoice,
  { seed = null, rows = null }: { seed?: number | null; rows?: number | null } = {},
): PipelineModel => ({ type: 'pipeline', choice, classWeights: null, rows, seed });

/** The quantile that a pipeline predicts; null: a mean, a median by other means, or an ensemble. */
export function quantileOf(model: ModelChoice): number | null {
  if (model.type === 'ensemble') return null;
  const { algorithm, parameters } = model.choice;
  const { loss = 'quantile', quantile } = { ...algorithm.defaults, ...parameters };
  return typeof quantile === 'number' && loss === 'quantile' ? quantile : null;
}
