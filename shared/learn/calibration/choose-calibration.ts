import { fail, ok, type Result } from '../../core/result.ts';
import type { Rng } from '../../core/rng.ts';
import { stratifiedKFold } from '../../table/split/k-fold.ts';
import { splitsOfFolds } from '../../table/split/split.ts';
import { logLossOf } from '../metrics/probability-loss.ts';
import {
  type Calibration,
  type CalibrationError,
  type CalibrationMethod,
  calibrate,
  fitCalibration,
  type JudgedRows,
} from './calibration.ts';

export type ChosenCalibration = {
  /** Null: the probabilities are as good as they are. */
  calibration: Calibration | null;
  /** Mean log loss on rows that a calibration was not fitted on; null where it could not be. */
  losses: Record<'none' | CalibrationMethod, number | null>;
};

const FOLDS = 5;
const METHODS: readonly CalibrationMethod[] = ['temperature', 'platt', 'isotonic'];
/** A method must take this share off the log loss of none: less is chance and costs a step. */
const LEAST_GAIN = 0.01;

/**
 * The method of calibration that lowers the log loss most on held-out fifths, fitted on all rows;
 * none where no one lowers it by 1 %. The simpler of two that are equal.
 * @param rows that the model was not fitted on
 * @param rng draws the fifths, stratified
 * Cost: six fits of each method.
 */
export function chooseCalibration(
  rows: JudgedRows,
  rng: Rng,
): Result<ChosenCalibration, CalibrationError> {
  const foldOf = stratifiedKFold(rows.truth, { nSplits: FOLDS, rng });
  if (!foldOf.ok) return fail({ reason: 'one_class', class: 0, rows: rows.truth.length });
  const splits = splitsOfFolds(foldOf.value, FOLDS);
  const none = meanLoss(rows, rows.probabilities);
  const losses: ChosenCalibration['losses'] = {
    none,
    temperature: null,
    platt: null,
    isotonic: null,
  };
  let best: CalibrationMethod | null = null;
  let least = none * (1 - LEAST_GAIN);
  for (const method of METHODS) {
    const loss = heldOutLoss(rows, splits, method);
    losses[method] = loss;
    if (loss === null || loss >= least) continue;
    best = method;
    least = loss;
  }
  if (best === null) return ok({ calibration: null, losses });
  const fitted = fitCalibration(rows, best);
  return fitted.ok ? ok({ calibration: fitted.value, losses }) : fitted;
}

function heldOutLoss(
  rows: JudgedRows,
  splits: ReturnType<typeof splitsOfFolds>,
  method: CalibrationMethod,
): number | null {
  let loss = 0;
  for (const { training, test } of splits) {
    const fitted = fitCalibration(taken(rows, training), method);
    if (!fitted.ok) return null;
    const held = taken(rows, test);
    loss += meanLoss(held, calibrate(fitted.value, held.probabilities, rows.classes)) * test.length;
  }
  return loss / rows.truth.length;
}

function taken({ truth, probabilities, classes }: JudgedRows, rows: Uint32Array): JudgedRows {
  const kept = new Float64Array(rows.length * classes);
  rows.forEach((row, i) => {
    for (let k = 0; k < classes; k++) kept[i * classes + k] = probabilities[row * classes + k];
  });
  return { truth: Uint32Array.from(rows, (row) => truth[row]), probabilities: kept, classes };
}

function meanLoss({ truth, classes }: JudgedRows, probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row++)
    sum += logLossOf(probabilities[row * classes + truth[row]]);
  return sum / truth.length;
}
