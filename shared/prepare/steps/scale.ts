import type { Matrix } from '../matrix.ts';
import { rangeOf } from './bounds.ts';
import {
  endsOf,
  GREATEST_FLOAT32,
  knownValues,
  oneHotColumns,
  quantileOf,
} from './column-values.ts';

/** Spreads in a range, at most. */
const MOST_SPREADS = 1e12;

/** (x - offset) * scale per column, each operation rounded to float32 (ONNX: Scaler). */
export type ScaleStep = { type: 'scale'; offset: Float32Array; scale: Float32Array };

/**
 * `standard`: mean and population standard deviation. `min-max`: to [0, 1]. `max-abs`: by the
 * greatest magnitude, zero stays zero. `robust`: median and interquartile range. As scikit-learn
 * 1.2's StandardScaler, MinMaxScaler, MaxAbsScaler and RobustScaler.
 */
export type ScaleMethod = 'standard' | 'min-max' | 'max-abs' | 'robust';

/**
 * Fits a scaling. One-hot columns are left as they are; a column without spread is only shifted; one
 * without a known value is left. A spread counts as at least a 1e12th of the range, so that products of
 * scaled numbers are finite. Missing values stay missing. Cost: rows x columns, for `robust`
 * times log rows.
 */
export function fitScale(matrix: Matrix, method: ScaleMethod): ScaleStep {
  const width = matrix.names.length;
  const offset = new Float32Array(width);
  const scale = new Float32Array(width).fill(1);
  const isOneHot = oneHotColumns(matrix);
  for (let j = 0; j < width; j++) {
    if (isOneHot[j]) continue;
    const known = knownValues(matrix, j);
    if (known.length === 0) continue;
    const { centre, spread } = FITS[method](known);
    offset[j] = centre;
    const least = rangeOf(endsOf(known)) / MOST_SPREADS;
    // The spread of subnormal numbers has no inverse in float32.
    scale[j] = Math.min(GREATEST_FLOAT32, 1 / Math.max(spread > 0 ? spread : 1, least));
  }
  return { type: 'scale', offset, scale };
}

type Spread = { centre: number; spread: number };

const FITS: Record<ScaleMethod, (known: Float32Array) => Spread> = {
  standard: meanAndDeviation,
  'min-max': (known) => {
    const { lowest, highest } = endsOf(known);
    return { centre: lowest, spread: highest - lowest };
  },
  'max-abs': (known) => {
    const { lowest, highest } = endsOf(known);
    return { centre: 0, spread: Math.max(Math.abs(lowest), Math.abs(highest)) };
  },
  robust: (known) => {
    known.sort();
    const spread = quantileOf(known, 0.75) - quantileOf(known, 0.25);
    return { centre: quantileOf(known, 0.5), spread };
  },
};

/** Welford 1962. */
function meanAndDeviation(known: Float32Array): Spread {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < known.length; i++) {
    const delta = known[i] - mean;
    mean += delta / (i + 1);
    squares += delta * (known[i] - mean);
  }
  return { centre: mean, spread: Math.sqrt(squares / known.length) };
}

export function applyScale({ offset, scale }: ScaleStep, matrix: Matrix): Matrix {
  const width = offset.length;
  const data = new Float32Array(matrix.data.length);
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++)
      data[at + j] = Math.fround(matrix.data[at + j] - offset[j]) * scale[j];
  return { ...matrix, data };
}
