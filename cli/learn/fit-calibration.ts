import { ok, type Result } from '../../shared/core/result.ts';
import type {
  CalibrationError,
  CalibrationMethod,
} from '../../shared/learn/calibration/calibration.ts';
import { withCalibration } from '../../shared/learn/calibration/fit-calibrated.ts';
import type { Predictor } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { describeSplitError, type SplitError } from '../../shared/table/split/split.ts';
import { type CliFailure, failed } from '../failure.ts';

/** What a search chose, answering calibrated probabilities where that was asked for. */
export function calibrateChosen(
  predictor: Predictor,
  { table, classes, weights }: PipelineData,
  { outOfFold, method }: { outOfFold: Float32Array; method: CalibrationMethod | undefined },
): Result<Predictor, CliFailure> {
  if (method === undefined) return ok(predictor);
  const scores = { reads: 'probabilities', values: outOfFold, classes: classes.length } as const;
  const calibrated = withCalibration(predictor, { truth: table.target, scores, weights }, method);
  return calibrated.ok ? calibrated : notCalibrated(calibrated.error, classes);
}

export function notCalibrated(
  error: CalibrationError | SplitError,
  classes: readonly string[],
): Result<never, CliFailure> {
  const why =
    error.reason === 'one_class'
      ? `${error.rows} rows are "${classes[error.class]}".`
      : describeSplitError(error);
  return failed(
    'rows',
    `--calibrate holds rows of each class out: ${why} Add rows, or leave --calibrate away.`,
  );
}
