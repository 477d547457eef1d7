import { exp } from '../../core/portable-math.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { applyIsotonic, fitIsotonic, type IsotonicMap } from '../../stats/estimate/isotonic.ts';
import { type ClassScores, isPair, logOdds, logShares, type Reads } from './class-scores.ts';
import { applyPlatt, fitPlatt, type PlattMap } from './platt.ts';
import { fitTemperature } from './temperature.ts';

export const CALIBRATION_METHODS = ['sigmoid', 'isotonic', 'temperature'] as const;
export type CalibrationMethod = (typeof CALIBRATION_METHODS)[number];

/**
 * How probabilities are made honest, as data. `sigmoid` (Platt: 1 / (1 + exp(slope x log odds +
 * offset))) and `isotonic` maps: one for the second of two classes, or one per class against the
 * others, whose answers are brought to the sum 1. `temperature` divides log probabilities.
 */
export type Calibration = { reads: Reads } & (
  | { type: 'sigmoid'; maps: PlattMap[] }
  | { type: 'isotonic'; maps: IsotonicMap[] }
  | { type: 'temperature'; temperature: number }
);

/** A class that never or always happens says nothing of how sure to be. */
export type CalibrationError = { reason: 'one_class'; class: number; rows: number };

/** Rows that the model was not fitted on: class codes, and what it said of them. */
export type JudgedRows = {
  truth: ArrayLike<number>;
  scores: ClassScores;
  /** By row; null: all 1. */
  weights: ArrayLike<number> | null;
};

/**
 * Learns from held-out rows how honest probabilities are: sigmoid is a logistic curve on the log odds
 * (few rows will do), isotonic any rising curve of what is read (from about a thousand rows on, and it
 * makes ties), temperature one number for all classes, which keeps the likeliest class.
 * Rows count by their weight. Fails where a class has no weight, or all of it. Cost: some ten passes; isotonic: a sort.
 * Reference: scikit-learn 1.2 CalibratedClassifierCV (sigmoid, isotonic; one against the rest), which
 * for models without a margin puts the logistic curve on the probability itself.
 */
export function fitCalibration(
  { truth, scores, weights: given }: JudgedRows,
  method: CalibrationMethod,
): Result<Calibration, CalibrationError> {
  const { reads, classes } = scores;
  const weights = given ?? undefined;
  const open = classWithoutChoice({ truth, weights }, classes);
  if (open !== null) return fail(open);
  if (method === 'temperature') {
    const temperature = fitTemperature({ truth, logs: logShares(scores), classes, weights });
    return ok({ reads, type: method, temperature });
  }
  const codes = isPair(classes) ? [1] : Array.from({ length: classes }, (_, code) => code);
  const read = mapInputs(method, scores);
  const columns = codes.map((code, k) => ({
    x: read.filter((_, at) => at % codes.length === k),
    happened: Uint8Array.from(truth, (found) => (found === code ? 1 : 0)),
  }));
  return ok(
    method === 'sigmoid'
      ? { reads, type: method, maps: columns.map((row) => fitPlatt(row.x, row.happened, weights)) }
      : {
          reads,
          type: method,
          maps: columns.map((row) => knots(fitIsotonic(row.x, row.happened, weights))),
        },
  );
}

function classWithoutChoice(
  { truth, weights }: { truth: ArrayLike<number>; weights: ArrayLike<number> | undefined },
  classes: number,
): CalibrationError | null {
  const counts = new Uint32Array(classes);
  let rows = 0;
  for (let row = 0; row < truth.length; row++) {
    if (weights?.[row] === 0) continue;
    counts[truth[row]]++;
    rows++;
  }
  const code = counts.findIndex((found) => found === 0 || found === rows);
  return code < 0 ? null : { reason: 'one_class', class: code, rows: counts[code] };
}

/** The isotonic curve without the points that lie within its flat parts. */
function knots(fitted: IsotonicMap): IsotonicMap {
  const { y } = fitted;
  const isKept = (i: number) => y[i - 1] !== y[i] || y[i] !== y[i + 1];
  return { x: fitted.x.filter((_, i) => isKept(i)), y: y.filter((_, i) => isKept(i)) };
}

/** What the maps read, row-major [rows, maps]: a sigmoid log odds, an isotonic curve what there is. */
function mapInputs(type: 'sigmoid' | 'isotonic', scores: ClassScores): Float64Array {
  const { reads, values, classes } = scores;
  if (type === 'sigmoid') return logOdds(scores);
  if (reads === 'margin' || !isPair(classes)) return Float64Array.from(values);
  return Float64Array.from({ length: values.length / 2 }, (_, row) => values[2 * row + 1]);
}

/**
 * Probabilities after the calibration, float32 [rows, classes], each row of sum 1. A row to which
 * every map says 0 gets equal probabilities.
 */
export function calibrate(calibration: Calibration, scores: ClassScores): Float32Array {
  const { classes } = scores;
  const chances = chancesOf(calibration, scores);
  if (isPair(classes))
    return Float32Array.from({ length: 2 * chances.length }, (_, at) =>
      at % 2 === 0 ? 1 - chances[at / 2] : chances[(at - 1) / 2],
    );
  const calibrated = new Float32Array(chances.length);
  for (let at = 0; at < chances.length; at += classes) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += chances[at + k];
    for (let k = 0; k < classes; k++)
      calibrated[at + k] = total === 0 ? 1 / classes : chances[at + k] / total;
  }
  return calibrated;
}

/** Of the second of two classes [rows], or of each class, not yet of sum 1. */
function chancesOf(calibration: Calibration, scores: ClassScores): Float64Array {
  if (calibration.type === 'temperature')
    return isPair(scores.classes)
      ? logOdds(scores).map((odds) =>
          applyPlatt({ slope: -1 / calibration.temperature, offset: 0 }, odds),
        )
      : sharpened(calibration.temperature, scores);
  const chances = mapInputs(calibration.type, scores);
  const { length } = calibration.maps;
  for (let at = 0; at < chances.length; at++)
    chances[at] =
      calibration.type === 'sigmoid'
        ? applyPlatt(calibration.maps[at % length], chances[at])
        : applyIsotonic(calibration.maps[at % length], chances[at]);
  return chances;
}

/** Each row's shares to the power 1 / temperature, the greatest 1. */
function sharpened(temperature: number, scores: ClassScores): Float64Array {
  const { classes } = scores;
  const shares = logShares(scores);
  for (let at = 0; at < shares.length; at += classes) {
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) if (shares[at + k] > most) most = shares[at + k];
    for (let k = 0; k < classes; k++) shares[at + k] = exp((shares[at + k] - most) / temperature);
  }
  return shares;
}
