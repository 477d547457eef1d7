import type { Matrix } from '../matrix.ts';
import { knownValues, oneHotColumns, quantileOf } from './column-values.ts';

/** By column, what is not an outlier: low <= value <= high, infinite where there is no fence. */
export type Fences = { low: Float32Array; high: Float32Array };

/** Values outside [low, high] of their column become its nearer end; missing stays missing (ONNX: Max, Min). */
export type ClipStep = { type: 'clip' } & Fences;

/**
 * What counts as an outlier. `iqr`: beyond 1.5 interquartile ranges of the quartiles (Tukey 1977).
 * `mad`: a modified z-score beyond 3.5 (Iglewicz and Hoaglin 1993). A column whose interquartile range
 * or median absolute deviation is 0 has none: most of its values are one, and what is left of it would
 * be a constant.
 */
export type OutlierRule = 'iqr' | 'mad';

const IQR_FENCE = 1.5;
const MAD_FENCE = 3.5;
/** 0.75 quantile of the standard normal. */
const NORMAL_QUARTILE = 0.6744897501960817;

/** Fits the fences of each column; one-hot columns and columns without a known value have none. */
export function fitFences(matrix: Matrix, rule: OutlierRule): ClipStep {
  const width = matrix.names.length;
  const low = new Float32Array(width).fill(Number.NEGATIVE_INFINITY);
  const high = new Float32Array(width).fill(Number.POSITIVE_INFINITY);
  const isOneHot = oneHotColumns(matrix);
  for (let j = 0; j < width; j++) {
    const known = isOneHot[j] ? new Float32Array(0) : knownValues(matrix, j).sort();
    if (known.length === 0) continue;
    const fences = rule === 'iqr' ? iqrFences(known) : madFences(known);
    if (fences === null) continue;
    low[j] = fences[0];
    high[j] = fences[1];
  }
  return { type: 'clip', low, high };
}

function iqrFences(sorted: Float32Array): [number, number] | null {
  const [first, third] = [quantileOf(sorted, 0.25), quantileOf(sorted, 0.75)];
  const reach = IQR_FENCE * (third - first);
  return reach > 0 ? [first - reach, third + reach] : null;
}

function madFences(sorted: Float32Array): [number, number] | null {
  const median = quantileOf(sorted, 0.5);
  const deviation = quantileOf(sorted.map((value) => Math.abs(value - median)).sort(), 0.5);
  const reach = (MAD_FENCE * deviation) / NORMAL_QUARTILE;
  return deviation > 0 ? [median - reach, median + reach] : null;
}

export function applyClip({ low, high }: ClipStep, matrix: Matrix): Matrix {
  const width = low.length;
  const data = matrix.data.slice();
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++) {
      if (data[at + j] < low[j]) data[at + j] = low[j];
      else if (data[at + j] > high[j]) data[at + j] = high[j];
    }
  return { ...matrix, data };
}

/** By row: whether any of its values is beyond a fence. */
export function flagOutliers({ low, high }: Fences, { rows, data }: Matrix): Uint8Array {
  const width = low.length;
  const isOutlier = new Uint8Array(rows);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < width; j++) {
      const value = data[row * width + j];
      if (value < low[j] || value > high[j]) isOutlier[row] = 1;
    }
  return isOutlier;
}
