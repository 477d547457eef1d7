import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { calibratePipeline } from '../../shared/learn/anomaly/calibrate-pipeline.ts';
import { fitCalibrated } from '../../shared/learn/calibration/fit-calibrated.ts';
import {
  type FittedPipeline,
  fitPipeline,
  type PipelineChoice,
} from '../../shared/learn/pipeline.ts';
import { firstOutside } from '../../shared/learn/target-range.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import { notCalibrated } from './fit-calibration.ts';
import type { FitFlags, Fitted } from './fit-call.ts';
import type { FitData } from './fit-data.ts';
import { isDeterministic } from './known-algorithms.ts';
import { outlierRecipe } from './outlier-flag.ts';

/** One algorithm with its defaults, or on from a pipeline; anomaly scores are calibrated too. */
export async function fitOne(
  algorithm: Algorithm,
  { training, from }: FitData,
  flags: FitFlags,
): Promise<Result<Fitted, CliFailure>> {
  const outside = firstOutside(algorithm, training.table.target);
  if (outside !== null)
    return failed(
      'rows',
      `${algorithm.name} learns ${algorithm.targetRange} numbers, but a target is ` +
        `${outside.value} (column ${flags.target}): choose another --algorithm, or shift the target.`,
    );
  try {
    const recipe = { ...algorithm.recipe, ...outlierRecipe(flags.outliers) };
    const choice = from === null ? { algorithm, recipe } : { algorithm, recipe, from };
    const fitted = fitAsked(choice);
    if (!fitted.ok) return notCalibrated(fitted.error, training.classes);
    const predictor = fitted.value;
    return ok({
      ...{ predictor, weights: [1], isDeterministic: isDeterministic(algorithm) },
      ...{ interval: null, sentences: [], anomaly: calibrationOf(predictor, flags) },
    });
  } catch (error) {
    const why = `${algorithm.name} could not be fitted: ${messageOf(error)}.`;
    return failed('no_model', `${why} Choose another --algorithm.`);
  }

  function fitAsked(choice: PipelineChoice) {
    const options = { rng: createRng(flags.seed) };
    const calibration = flags.calibrate;
    return calibration === undefined
      ? ok(fitPipeline(training, choice, options))
      : fitCalibrated(training, { ...choice, calibration }, options);
  }

  function calibrationOf(pipeline: FittedPipeline, { seed, threshold }: FitFlags) {
    if (training.task !== 'anomaly') return null;
    return calibratePipeline(pipeline, training, {
      ...{ algorithm, method: threshold, rng: createRng(seed) },
    });
  }
}
