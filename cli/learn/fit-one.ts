import { ok, type Result } from '../../shared/core/result.ts';
import { createRng } from '../../shared/core/rng.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { calibratePipeline } from '../../shared/learn/anomaly/calibrate-pipeline.ts';
import { type FittedPipeline, fitPipeline } from '../../shared/learn/pipeline.ts';
import { firstOutside } from '../../shared/learn/target-range.ts';
import { type CliFailure, failed, messageOf } from '../failure.ts';
import type { FitFlags, Fitted } from './fit-call.ts';
import type { FitData } from './fit-data.ts';
import { isDeterministic } from './known-algorithms.ts';

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
    const choice = from === null ? { algorithm } : { algorithm, from };
    const predictor = fitPipeline(training, choice, { rng: createRng(flags.seed) });
    return ok({
      ...{ predictor, weights: [1], isDeterministic: isDeterministic(algorithm) },
      ...{ interval: null, sentences: [], anomaly: calibrationOf(predictor, flags) },
    });
  } catch (error) {
    const why = `${algorithm.name} could not be fitted: ${messageOf(error)}.`;
    return failed('no_model', `${why} Choose another --algorithm.`);
  }

  function calibrationOf(pipeline: FittedPipeline, { seed, threshold }: FitFlags) {
    if (training.task !== 'anomaly') return null;
    return calibratePipeline(pipeline, training, {
      ...{ algorithm, method: threshold, rng: createRng(seed) },
    });
  }
}
