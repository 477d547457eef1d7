import {
  exponentiatedGradient,
  type FairMixture,
} from '../../stats/fairness/exponentiated-gradient.ts';
import type { GradientOptions } from '../../stats/fairness/fairness-game.ts';
import type { Algorithm } from '../algorithm.ts';
import { normalised } from '../ensemble/fit-members.ts';
import type { Predictor } from '../ensemble/fitted-ensemble.ts';
import { type FittedEstimator, scoreRows } from '../fitted-estimator.ts';
import { type FittedPipeline, preparedRows } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { refitEstimator } from './refit-estimator.ts';
import { saidYes } from './steady-learner.ts';

export type MixtureOptions = Pick<
  GradientOptions,
  'constraint' | 'differenceBound' | 'maxIterations'
> & {
  seed: number;
  /** Told after each model. */
  onFit?: (fits: number) => void;
};

export type FittedMixture = {
  /** One model where nothing needed mixing, as it is; else their votes: the chance that a drawn one says yes. */
  predictor: Predictor;
  weights: Float32Array;
  found: Omit<FairMixture<unknown>, 'models'>;
};

/**
 * Exponentiated gradient over estimators of the pipeline's algorithm and parameters, on rows prepared as it prepares
 * them. A model says yes where its probability of the second class is the greater one. What is held is held on the rows
 * learnt from: a learner that remembers them is fair on them whatever it does elsewhere. @see remembers
 * @param base of two classes, fitted on these rows; its own estimator is not used
 * @param groups of the rows, at least one
 * @see exponentiatedGradient
 */
export function fitFairMixture(
  { base, algorithm }: { base: FittedPipeline; algorithm: Algorithm },
  { data, groups }: { data: PipelineData; groups: readonly string[] },
  { onFit, seed, ...options }: MixtureOptions,
): FittedMixture {
  const matrix = preparedRows(base, data.table);
  let fits = 0;
  const learn = (labels: Uint8Array, weights: Float64Array) => {
    const rows = { matrix, target: Float64Array.from(labels), weights };
    const model = refitEstimator(rows, { algorithm, parameters: base.parameters }, seed);
    fits++;
    onFit?.(fits);
    return { model, predictions: saidYes(scoreRows(model, matrix)) };
  };
  const rows = { truth: data.table.target, groups };
  const mixture = exponentiatedGradient<FittedEstimator>(rows, learn, options);
  if (mixture === null) throw new Error('Broken invariant: a model was fitted on no rows');
  const { models, ...found } = mixture;
  const members = models.map(({ model }): FittedPipeline => ({ ...base, estimator: model }));
  const weights = normalised(models.map(({ weight }) => weight));
  if (members.length === 1) return { predictor: members[0], weights, found };
  const { task, inputs, classes } = base;
  const predictor: Predictor = {
    ...{ type: 'ensemble', task, inputs, classes, members },
    combine: { type: 'vote', weights },
  };
  return { predictor, weights, found };
}
