import type { Matrix } from '../matrix.ts';
import { knownValues, oneHotColumns, quantileOf } from './column-values.ts';

/**
 * Each column's value becomes the share of the training values below it, by linear interpolation
 * between `quantiles` (ascending, [columns, points]); a row of NaN leaves its column (ONNX: a tree
 * finds the interval, TreeEnsembleRegressor, Mul, Add).
 */
export type QuantileStep = { type: 'quantile'; points: number; quantiles: Float32Array };

const MOST_POINTS = 1000;

/** To a uniform distribution: scikit-learn 1.2's QuantileTransformer with all rows. */
export function fitQuantile(matrix: Matrix): QuantileStep {
  const points = Math.max(2, Math.min(MOST_POINTS, matrix.rows));
  const width = matrix.names.length;
  const quantiles = new Float32Array(width * points).fill(Number.NaN);
  const isOneHot = oneHotColumns(matrix);
  for (let j = 0; j < width; j++) {
    const known = isOneHot[j] ? new Float32Array(0) : knownValues(matrix, j).sort();
    if (known.length === 0) continue;
    for (let p = 0; p < points; p++)
      quantiles[j * points + p] = quantileOf(known, p / (points - 1));
  }
  return { type: 'quantile', points, quantiles };
}

export function applyQuantile({ points, quantiles }: QuantileStep, matrix: Matrix): Matrix {
  const width = matrix.names.length;
  const data = matrix.data.slice();
  for (let j = 0; j < width; j++) {
    const own = quantiles.subarray(j * points, (j + 1) * points);
    if (Number.isNaN(own[0])) continue;
    for (let at = j; at < data.length; at += width) data[at] = shareBelow(own, data[at]);
  }
  return { ...matrix, data };
}

/** The mean of the interpolations from below and from above, so that runs of one value get its middle. */
function shareBelow(quantiles: Float32Array, x: number): number {
  if (Number.isNaN(x)) return x;
  const last = quantiles.length - 1;
  if (x <= quantiles[0]) return 0;
  if (x >= quantiles[last]) return 1;
  const from = firstFrom(quantiles, x);
  const after = firstAfter(quantiles, x);
  if (after > from) return (from + after - 1) / (2 * last);
  const [low, high] = [quantiles[from - 1], quantiles[from]];
  return (from - 1 + (x - low) / (high - low)) / last;
}

/** Index of the first entry that is not below x. */
function firstFrom(sorted: Float32Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first entry above x. */
function firstAfter(sorted: Float32Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
