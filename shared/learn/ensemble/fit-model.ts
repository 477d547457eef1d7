import type { Result } from '../../core/result.ts';
import type { SplitError } from '../../table/split/split.ts';
import { fewerRows } from '../automl/cross-validate.ts';
import { defaultObjective, objectiveLoss } from '../automl/objective.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { fitBagging } from './bagging.ts';
import { fitBlending } from './blending.ts';
import { fitDynamicSelection } from './dynamic-selection.ts';
import { type Member, memberOf } from './fit-members.ts';
import type { FittedEnsemble, Predictor } from './fitted-ensemble.ts';
import { fitModelAveraging } from './model-averaging.ts';
import type { EnsembleModel, ModelChoice, PipelineModel } from './model-choice.ts';
import { fitStacking } from './stacking.ts';
import { fitVoting } from './voting.ts';

/** Fits what was chosen; its own seed, where it has one, goes before the one given. */
export function fitModel(
  data: PipelineData,
  choice: ModelChoice,
  seed: number,
): Result<Predictor, SplitError> {
  const own = choice.seed ?? seed;
  return choice.type === 'pipeline'
    ? fitWeighted(data, choice, own)
    : fitEnsemble(data, choice, own);
}

const fitWeighted = (
  data: PipelineData,
  model: PipelineModel,
  seed: number,
): Result<Predictor, SplitError> =>
  memberOf(model.choice)(weighted(rowsOf(data, model, seed), model.classWeights), seed);

const rowsOf = (data: PipelineData, { rows }: PipelineModel, seed: number): PipelineData =>
  rows === null ? data : fewerRows(data, { rows, seed });

/** How many of the rows `fitModel` learns from; of an ensemble, whose members draw their own, all. */
export function rowsLearnt(data: PipelineData, choice: ModelChoice, seed: number): number {
  const isWhole = choice.type === 'ensemble';
  return (isWhole ? data : rowsOf(data, choice, choice.seed ?? seed)).table.rows;
}

/** The data with its rows weighted by their class; a label that is not named weighs 1. */
export function weighted(
  data: PipelineData,
  classWeights: PipelineModel['classWeights'],
): PipelineData {
  if (classWeights === null) return data;
  // A class may be called as what every object has: `constructor`.
  const weightOf = data.classes.map((label) =>
    Object.hasOwn(classWeights, label) ? classWeights[label] : 1,
  );
  const { target } = data.table;
  const weights = Float64Array.from(
    target,
    (code, row) => weightOf[code] * (data.weights === null ? 1 : data.weights[row]),
  );
  return { ...data, weights };
}

function fitEnsemble(
  data: PipelineData,
  { combine, members: choices }: EnsembleModel,
  seed: number,
): Result<FittedEnsemble, SplitError> {
  const members = choices.map(
    (choice): Member =>
      (rows, itsSeed) =>
        fitModel(rows, choice, itsSeed),
  );
  switch (combine.type) {
    case 'voting':
      return fitVoting(data, members, { ...combine, seed });
    case 'bagging':
      return fitBagging(data, members[0], { ...combine, seed });
    case 'stacking':
      return fitStacking(data, members, { ...combine, seed });
    case 'blending': {
      const objective = defaultObjective(data.task);
      const lossOf = (target: Float64Array, predictions: Float32Array) =>
        objectiveLoss(objective, target, predictions);
      return fitBlending(data, members, { ...combine, lossOf, seed });
    }
    case 'model-averaging':
      return fitModelAveraging(data, members, { ...combine, seed });
    case 'dynamic-selection':
      return fitDynamicSelection(data, members, { ...combine, seed });
  }
}

/** Shares of the members by which an ensemble answers, summing to 1; equal where they depend on the row. */
export function sharesOf(predictor: Predictor): Float32Array {
  if (predictor.type === 'pipeline') return Float32Array.of(1);
  const { combine, members } = predictor;
  if (combine.type === 'average' || combine.type === 'vote') return combine.weights;
  return new Float32Array(members.length).fill(1 / members.length);
}
