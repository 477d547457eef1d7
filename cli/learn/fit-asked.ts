import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { AnomalyCalibration } from '../../shared/learn/anomaly/anomaly-threshold.ts';
import { calibratePipeline } from '../../shared/learn/anomaly/calibrate-pipeline.ts';
import type { CalibrationError } from '../../shared/learn/calibration/calibration.ts';
import { fitCalibrated, withCalibration } from '../../shared/learn/calibration/fit-calibrated.ts';
import { outOfFoldPredictions } from '../../shared/learn/ensemble/fit-members.ts';
import { fitModel, weighted } from '../../shared/learn/ensemble/fit-model.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { ModelChoice } from '../../shared/learn/ensemble/model-choice.ts';
import { fitPipeline } from '../../shared/learn/pipeline.ts';
import type { SplitError } from '../../shared/table/split/split.ts';
import type { FitFlags } from './fit-call.ts';
import type { FitData } from './fit-data.ts';

export const FOLDS = 5;

export type AskedData = Pick<FitData, 'training' | 'from'>;
export type AskedFlags = Pick<FitFlags, 'seed' | 'calibrate' | 'threshold'>;
export type AskedFit = { predictor: Predictor; anomaly: AnomalyCalibration | null };

/** Fits what was chosen, anew or on from a pipeline; calibrates what is to be calibrated. */
export function fitAsked(
  model: ModelChoice,
  data: AskedData,
  flags: AskedFlags,
): Result<AskedFit, CalibrationError | SplitError> {
  const fitted = fitPredictor(model, data, flags);
  if (!fitted.ok) return fitted;
  const predictor = fitted.value;
  return ok({ predictor, anomaly: anomalyOf(predictor, { model, data, flags }) });
}

function fitPredictor(
  model: ModelChoice,
  { training, from }: AskedData,
  { seed, calibrate: calibration }: AskedFlags,
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

function anomalyOf(
  predictor: Predictor,
  asked: { model: ModelChoice; data: AskedData; flags: AskedFlags },
): AnomalyCalibration | null {
  const { model, data, flags } = asked;
  if (data.training.task !== 'anomaly') return null;
  if (model.type !== 'pipeline' || predictor.type !== 'pipeline') return null;
  return calibratePipeline(predictor, data.training, {
    ...{ algorithm: model.choice.algorithm, method: flags.threshold },
    rng: createRng(flags.seed),
  });
}
