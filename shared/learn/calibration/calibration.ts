import { log } from '../../core/portable-math.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { applyIsotonic, fitIsotonic, type IsotonicMap } from '../../stats/estimate/isotonic.ts';
import { applyPlatt, fitPlatt, type PlattMap } from './platt.ts';
import { applyTemperature, fitTemperature } from './temperature.ts';

export type CalibrationMethod = 'platt' | 'isotonic' | 'temperature';

/**
 * How probabilities are made honest, as data. Platt and isotonic maps: one for the second of two
 * classes, or one per class against the others, whose answers are brought to the sum 1.
 */
export type Calibration =
  | { type: 'platt'; maps: PlattMap[] }
  | { type: 'isotonic'; maps: IsotonicMap[] }
  | { type: 'temperature'; temperature: number };

/** A class that never or always happens says nothing of how sure to be. */
export type CalibrationError = { reason: 'one_class'; class: number; rows: number };

/** Rows that the model was not fitted on: class codes, and probabilities [rows, classes]. */
export type JudgedRows = {
  truth: ArrayLike<number>;
  probabilities: ArrayLike<number>;
  classes: number;
};

/** Logits of 0 and 1 are infinite: probabilities are kept this far from both. */
const LEAST_PROBABILITY = 1e-12;

/**
 * Learns from held-out rows how honest probabilities are. Platt is a logistic curve on the log odds
 * (few rows will do), isotonic any rising curve (from about a thousand rows on, and it makes ties),
 * temperature one number for all classes, which keeps the likeliest class.
 * Fails where a class has no rows, or all of them.
 * Reference: scikit-learn 1.2 CalibratedClassifierCV (sigmoid, isotonic; one against the rest).
 */
export function fitCalibration(
  rows: JudgedRows,
  method: CalibrationMethod,
): Result<Calibration, CalibrationError> {
  const { truth, probabilities, classes } = rows;
  if (method === 'temperature') {
    if (truth.length === 0) return fail({ reason: 'one_class', class: 0, rows: 0 });
    return ok({ type: method, temperature: fitTemperature(truth, probabilities, classes) });
  }
  const columns = mappedClasses(classes).map((code) => ({ code, ...oneAgainstRest(rows, code) }));
  const open = columns.find(({ found }) => found === 0 || found === truth.length);
  if (open) return fail({ reason: 'one_class', class: open.code, rows: open.found });
  if (method === 'isotonic')
    return ok({ type: method, maps: columns.map((one) => fitIsotonic(one.scores, one.labels)) });
  return ok({
    type: method,
    maps: columns.map((one) => fitPlatt(one.scores.map(logit), one.labels)),
  });
}

/**
 * Probabilities [rows, classes] after the calibration, each row of sum 1. A row to which every map
 * says 0 gets equal probabilities.
 */
export function calibrate(
  calibration: Calibration,
  probabilities: ArrayLike<number>,
  classes: number,
): Float64Array {
  const calibrated = new Float64Array(probabilities.length);
  for (let at = 0; at < probabilities.length; at += classes)
    if (calibration.type === 'temperature')
      applyTemperature(calibration.temperature, { probabilities, into: calibrated, at, classes });
    else calibrateRow(calibration, { probabilities, into: calibrated, at, classes });
  return calibrated;
}

type RowCall = {
  probabilities: ArrayLike<number>;
  into: Float64Array;
  at: number;
  classes: number;
};

function calibrateRow(
  calibration: Exclude<Calibration, { type: 'temperature' }>,
  { probabilities, into, at, classes }: RowCall,
): void {
  if (classes === 2) {
    into[at + 1] = mapped(calibration, 0, probabilities[at + 1]);
    into[at] = 1 - into[at + 1];
    return;
  }
  let total = 0;
  for (let k = 0; k < classes; k++) {
    into[at + k] = mapped(calibration, k, probabilities[at + k]);
    total += into[at + k];
  }
  for (let k = 0; k < classes; k++) into[at + k] = total === 0 ? 1 / classes : into[at + k] / total;
}

function mapped(
  calibration: Exclude<Calibration, { type: 'temperature' }>,
  map: number,
  probability: number,
): number {
  return calibration.type === 'isotonic'
    ? applyIsotonic(calibration.maps[map], probability)
    : applyPlatt(calibration.maps[map], logit(probability));
}

/** Of two classes the first is what the second leaves. */
const mappedClasses = (classes: number): number[] =>
  classes === 2 ? [1] : Array.from({ length: classes }, (_, code) => code);

function oneAgainstRest({ truth, probabilities, classes }: JudgedRows, code: number) {
  const scores = new Float64Array(truth.length);
  const labels = new Uint8Array(truth.length);
  let found = 0;
  for (let row = 0; row < truth.length; row++) {
    scores[row] = probabilities[row * classes + code];
    if (truth[row] !== code) continue;
    labels[row] = 1;
    found++;
  }
  return { scores, labels, found };
}

function logit(probability: number): number {
  const kept = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
  return log(kept / (1 - kept));
}
