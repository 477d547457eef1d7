import { fail, ok, type Result } from '../../core/result.ts';
import { reweigh } from '../../stats/fairness/mitigation.ts';
import {
  optimiseThresholdRules,
  type ThresholdConstraint,
  type ThresholdRule,
} from '../../stats/fairness/threshold-optimiser.ts';
import { type Member, outOfFoldPredictions } from '../ensemble/fit-members.ts';
import { fitModel, sharesOf } from '../ensemble/fit-model.ts';
import type { Predictor } from '../ensemble/fitted-ensemble.ts';
import { type ModelChoice, pipelinesOf } from '../ensemble/model-choice.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { type FittedMixture, fitFairMixture } from './fair-mixture.ts';
import { withGroupThresholds } from './group-thresholds.ts';
import type { Mitigation, MitigationError } from './mitigation.ts';
import { groupsOf } from './sensitive-groups.ts';
import { FOLDS, type LearnerError, type Memory, steadyLearner } from './steady-learner.ts';

/** A model to be made fair, and the rows it was fitted on. */
export type Unfair = {
  /** Of two classes, the second being yes. */
  predictor: Predictor;
  /** What fits it again. */
  model: ModelChoice;
  /** Of the members of an ensemble. */
  shares: ArrayLike<number>;
  data: PipelineData;
  /** Of each row. @see jointGroupsOf */
  groups: readonly string[];
  /** Whether another algorithm may do as well: none was asked for. */
  mayReplace: boolean;
  /** The inputs that together tell the group; none: the model is not told. */
  columns: PipelineData['inputs'];
};

export type Mitigated = {
  predictor: Predictor;
  /** By member, summing to 1. */
  weights: ArrayLike<number>;
  /** The answer is the chance of yes of a decision by lot; else a probability, yes where it is the greater one. */
  isDrawn: boolean;
  /** Of exponentiated gradient, on the training rows. */
  found?: FittedMixture['found'] & Memory & { isReplacement: boolean };
  /** Of thresholds, by group. */
  rules?: ReadonlyMap<string, ThresholdRule>;
};

/**
 * Makes a model of two classes fair to groups of its training rows. `reweighing` fits it anew, each group with the
 * same weighted share of positives; `exponentiated-gradient` replaces it by a mixture of models of its algorithm (of
 * an ensemble, that of one member) that keeps a rate alike; `threshold` decides its answers by group, from rows its
 * like had not seen.
 * Cost: one fit; up to some hundred, and six for each learner that is looked at; five.
 * @see reweigh, exponentiatedGradient, optimiseThresholdRules
 */
export function mitigateModel(
  unfair: Unfair,
  mitigation: Mitigation,
  seed: number,
): Result<Mitigated, MitigationError> {
  const { data, groups } = unfair;
  switch (mitigation.method) {
    case 'reweighing':
      return reweighed(unfair, seed);
    case 'exponentiated-gradient': {
      const learner = steadyLearner(unfair, data, seed);
      if (!learner.ok) return fail(learnerProblem(learner.error));
      const mixture = fitFairMixture(learner.value, { data, groups }, { ...mitigation, seed });
      const isDrawn = mixture.predictor.type === 'ensemble';
      const { memory, isReplacement } = learner.value;
      return ok({ ...mixture, isDrawn, found: { ...mixture.found, ...memory, isReplacement } });
    }
    case 'threshold':
      return decideByGroup(unfair, mitigation.constraint, seed);
  }
}

function reweighed(
  { model, data, groups }: Unfair,
  seed: number,
): Result<Mitigated, MitigationError> {
  const maker = pipelinesOf(model).find(({ choice: { algorithm, recipe } }) => {
    const { resample } = recipe ?? algorithm.recipe;
    return resample !== undefined;
  });
  if (maker) return fail({ reason: 'resampled', algorithm: maker.choice.algorithm.name });
  const truth = Array.from(data.table.target, (code) => code === 1);
  const own = data.weights;
  const weights = Float64Array.from(reweigh(truth, groups), (w, row) => w * (own?.[row] ?? 1));
  const predictor = fitModel({ ...data, weights }, model, seed);
  if (!predictor.ok) return fail(learnerProblem(predictor.error));
  return ok({ predictor: predictor.value, weights: sharesOf(predictor.value), isDrawn: false });
}

const learnerProblem = (error: LearnerError): MitigationError =>
  error.reason === 'too_few' ? { reason: 'no_folds', split: error } : error;

function decideByGroup(
  { predictor, model, data, groups, columns }: Unfair,
  constraint: ThresholdConstraint,
  seed: number,
): Result<Mitigated, MitigationError> {
  if (columns.length === 0) return fail({ reason: 'group_is_no_input' });
  const member: Member = (rows, itsSeed) => fitModel(rows, model, itsSeed);
  const answers = outOfFoldPredictions(data, [member], { folds: FOLDS, seed });
  if (!answers.ok) return fail({ reason: 'no_folds', split: answers.error });
  const scores = answers.value[0].filter((_, i) => i % 2 === 1);
  const solved = optimiseThresholdRules({ truth: data.table.target, scores, groups }, constraint);
  if (!solved.ok) {
    const { error } = solved;
    if (error.reason === 'no_rows')
      throw new Error('Broken invariant: a model was fitted on no rows');
    return fail({ reason: 'no_such_rows', group: error.group, truth: error.truth === 1 ? 0 : 1 });
  }
  const { rules } = solved.value;
  const valued = columns.map((spec) => ({ spec, values: valuesOf(data, spec.name) }));
  const fair = withGroupThresholds(predictor, valued, rules);
  const weights = fair.members.map((_, i) => (i === 0 ? 1 : 0));
  return ok({ predictor: fair, weights, isDrawn: true, rules });
}

function valuesOf({ table }: PipelineData, name: string): string[] {
  const column = table.columns.find((own) => own.name === name);
  if (column === undefined) throw new Error(`Broken invariant: there is no input ${name}`);
  return [...new Set(groupsOf(column))].sort();
}
