import { fail, ok, type Result } from '../../core/result.ts';
import { reweigh } from '../../stats/fairness/mitigation.ts';
import {
  optimiseThresholdRules,
  type ThresholdConstraint,
  type ThresholdRule,
} from '../../stats/fairness/threshold-optimiser.ts';
import type { Predictor } from '../ensemble/fitted-ensemble.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { type FittedMixture, fitFairMixture } from './fair-mixture.ts';
import { withGroupThresholds } from './group-thresholds.ts';
import type { Mitigation, MitigationError } from './mitigation.ts';
import { outOfFoldAnswers, type Refitting, refitWeighted } from './refit-pipeline.ts';
import { groupsOf } from './sensitive-groups.ts';
import { type Memory, steadyPipeline } from './steady-pipeline.ts';

/** A model to be made fair, and the rows it was fitted on. */
export type Unfair = {
  /** Of two classes, the second being yes; a pipeline, or an ensemble that combines by weights. */
  predictor: Predictor;
  /** By member of the ensemble; one for a pipeline. */
  weights: ArrayLike<number>;
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
  found?: FittedMixture['found'] & Memory;
  /** Of thresholds, by group. */
  rules?: ReadonlyMap<string, ThresholdRule>;
};

/**
 * Makes a model of two classes fair to groups of its training rows. `reweighing` fits it anew, each group with the
 * same weighted share of positives; `exponentiated-gradient` replaces it by a mixture of models of its algorithm (of
 * an ensemble, that of one member) that keeps a rate alike; `threshold` decides its answers by group, from rows its
 * like had not seen.
 * Cost: one fit; up to some hundred; five.
 * @see reweigh, exponentiatedGradient, optimiseThresholdRules
 */
export function mitigateModel(
  model: Unfair,
  mitigation: Mitigation,
  refitting: Refitting,
): Result<Mitigated, MitigationError> {
  const { predictor, data, groups } = model;
  switch (mitigation.method) {
    case 'reweighing': {
      const truth = Array.from(data.table.target, (code) => code === 1);
      const own = data.weights;
      const weights = Float64Array.from(reweigh(truth, groups), (w, row) => w * (own?.[row] ?? 1));
      const weighted = { ...data, weights };
      const refitted = refitWeighted(predictor, weighted, refitting);
      return ok({ predictor: refitted, weights: model.weights, isDrawn: false });
    }
    case 'exponentiated-gradient': {
      const learner = steadyPipeline(model, { data, mayReplace: model.mayReplace }, refitting);
      if (!learner.ok) return fail({ reason: 'no_folds', split: learner.error });
      const { base, memory } = learner.value;
      const mixture = fitFairMixture(base, { data, groups }, { ...mitigation, ...refitting });
      const isDrawn = mixture.predictor.type === 'ensemble';
      return ok({ ...mixture, isDrawn, found: { ...mixture.found, ...memory } });
    }
    case 'threshold':
      return decideByGroup(model, mitigation.constraint, refitting);
  }
}

function decideByGroup(
  { predictor, data, groups, columns }: Unfair,
  constraint: ThresholdConstraint,
  refitting: Refitting,
): Result<Mitigated, MitigationError> {
  if (columns.length === 0) return fail({ reason: 'group_is_no_input' });
  const answers = outOfFoldAnswers(predictor, data, refitting);
  if (!answers.ok) return fail({ reason: 'no_folds', split: answers.error });
  const scores = answers.value.filter((_, i) => i % 2 === 1);
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
