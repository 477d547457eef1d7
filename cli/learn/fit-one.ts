import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import { calibratePipeline } from '../../shared/learn/anomaly/calibrate-pipeline.ts';
import type { CalibrationError } from '../../shared/learn/calibration/calibration.ts';
import { fitCalibrated, withCalibration } from '../../shared/learn/calibration/fit-calibrated.ts';
import { outOfFoldPredictions } from '../../shared/learn/ensemble/fit-members.ts';
import { fitModel, sharesOf, weighted } from '../../shared/learn/ensemble/fit-model.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import {
  algorithmsOf,
  type ModelChoice,
  type PipelineModel,
} from '../../shared/learn/ensemble/model-choice.ts';
import { type FittedPipeline, fitPipeline } from '../../shared/learn/pipeline.ts';
import { describeSplitError, type SplitError } from '../../shared/table/split/split.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { unknownColumns } from './bind-settings.ts';
import { notCalibrated } from './fit-calibration.ts';
import type { FitFlags, Fitted } from './fit-call.ts';
import type { FitData } from './fit-data.ts';
import { isDeterministic } from './known-algorithms.ts';

/** What was chosen, fitted anew or on from a pipeline; anomaly scores are calibrated too. */
export async function fitOne(
  model: ModelChoice,
  data: FitData,
  flags: FitFlags,
): Promise<Result<Fitted, CliFailure>> {
  const { training, from } = data;
  const unknown = unknownColumns(model, training);
  if (unknown.length > 0)
    return failed('wrong_usage', 'The settings do not fit the file.', unknown);
  try {
    const fitted = fitAsked(model, data, flags);
    if (!fitted.ok) {
      if (flags.calibrate !== undefined) return notCalibrated(fitted.error, training.classes);
      if (fitted.error.reason === 'one_class') throw new Error('Broken invariant: not calibrated');
      return failed('rows', `An ensemble compares by folds: ${describeSplitError(fitted.error)}`);
    }
    const predictor = fitted.value;
    const said = from === null ? model : goneOn(model, from);
    return ok({
      ...{ predictor, model: said, weights: sharesOf(predictor) },
      ...{ isDeterministic: algorithmsOf(model).every(isDeterministic), interval: null },
      ...{ sentences: [], anomaly: calibrationOf(predictor) },
    });
  } catch (error) {
    const what = model.type === 'pipeline' ? model.choice.algorithm.name : 'The ensemble';
    const why = `${what} could not be fitted: ${messageOf(error)}.`;
    return failed('no_model', `${why} Choose another --algorithm.`);
  }

  function calibrationOf(predictor: Predictor) {
    if (training.task !== 'anomaly') return null;
    if (model.type !== 'pipeline' || predictor.type !== 'pipeline') return null;
    return calibratePipeline(predictor, training, {
      ...{ algorithm: model.choice.algorithm, method: flags.threshold },
      rng: createRng(flags.seed),
    });
  }
}

function fitAsked(
  model: ModelChoice,
  { training, from }: FitData,
  { seed, calibrate: calibration }: FitFlags,
): Result<Predictor, CalibrationError | SplitError> {
  if (from !== null && model.type === 'pipeline') {
    const { algorithm, parameters } = model.choice;
    const rows = weighted(training, model.classWeights);
    return ok(fitPipeline(rows, { algorithm, parameters, from }, { rng: createRng(seed) }));
  }
  if (calibration === undefined) return fitModel(training, model, seed);
  // Weights of classes are for what is learnt: probabilities are to be those of the rows as they are.
  if (model.type === 'pipeline' && model.rows === null && model.classWeights === null) {
    const options = { rng: createRng(model.seed ?? seed) };
    return fitCalibrated(training, { ...model.choice, calibration }, options);
  }
  const fitted = fitModel(training, model, seed);
  if (!fitted.ok) return fitted;
  const member = (rows: typeof training, own: number) => fitModel(rows, model, own);
  const unseen = outOfFoldPredictions(training, [member], { folds: FOLDS, seed });
  if (!unseen.ok) return unseen;
  const { table, classes, weights } = training;
  const [values] = unseen.value;
  const scores = { reads: 'probabilities', values, classes: classes.length } as const;
  return withCalibration(fitted.value, { truth: table.target, scores, weights }, calibration);
}

const FOLDS = 5;

/** What it went on from decides what is not said anew. */
function goneOn(model: ModelChoice, { parameters }: FittedPipeline): ModelChoice {
  if (model.type === 'ensemble') return model;
  const choice = { ...model.choice, parameters: { ...parameters, ...model.choice.parameters } };
  return { ...model, choice } satisfies PipelineModel;
}
