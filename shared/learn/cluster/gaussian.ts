import { log } from '../../core/portable-math.ts';
import { factorCholesky, solveLower } from '../../stats/linear/cholesky.ts';
import type { WeightedRows } from './weighted-rows.ts';

/** A normal distribution; the covariance is row-major [columns, columns]. */
export type Gaussian = { mean: Float64Array; covariance: Float64Array };

/** Weighted mean and covariance (population). @param weights not all 0 */
export function gaussianOf(
  { count, columns, data }: WeightedRows,
  weights: Float64Array,
): Gaussian {
  const mean = new Float64Array(columns);
  const covariance = new Float64Array(columns * columns);
  let total = 0;
  for (let row = 0; row < count; row++) {
    if (weights[row] === 0) continue;
    total += weights[row];
    for (let j = 0; j < columns; j++) mean[j] += weights[row] * data[row * columns + j];
  }
  for (let j = 0; j < columns; j++) mean[j] /= total;
  const centred = new Float64Array(columns);
  for (let row = 0; row < count; row++) {
    const weight = weights[row] / total;
    if (weight === 0) continue;
    for (let j = 0; j < columns; j++) centred[j] = data[row * columns + j] - mean[j];
    for (let i = 0; i < columns; i++) {
      const scaled = weight * centred[i];
      for (let j = 0; j <= i; j++) covariance[i * columns + j] += scaled * centred[j];
    }
  }
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < i; j++) covariance[j * columns + i] = covariance[i * columns + j];
  return { mean, covariance };
}

/** What makes a distribution spherical: |A (x - mean)|^2 is the squared Mahalanobis distance. */
export type Whitening = {
  /** A = L^-1, row-major [columns, columns], lower triangular. */
  transform: Float64Array;
  logDeterminant: number;
};

/** Share of a column's variance below which it is taken for a sum of the columns before it. */
const LEAST_PIVOT = 1e-10;

/**
 * By Cholesky's factorisation. A singular covariance gets ever more added to its diagonal, from a
 * millionth of its mean on, until it has one.
 */
export function whiten(covariance: Float64Array, columns: number): Whitening {
  let trace = 0;
  for (let j = 0; j < columns; j++) trace += covariance[j * columns + j];
  if (!Number.isFinite(trace)) throw new Error('a covariance overflows: its numbers are too large');
  const unit = trace > 0 ? trace / columns : 1;
  let lower = factorCholesky(covariance, columns, LEAST_PIVOT);
  for (let added = 1e-6 * unit; lower === null; added *= 10) {
    const ridged = covariance.slice();
    for (let j = 0; j < columns; j++) ridged[j * columns + j] += added;
    lower = factorCholesky(ridged, columns, LEAST_PIVOT);
  }
  const transform = new Float64Array(columns * columns);
  let logDeterminant = 0;
  const basis = new Float64Array(columns);
  for (let j = 0; j < columns; j++) {
    logDeterminant += 2 * log(lower[j * columns + j]);
    basis.fill(0);
    basis[j] = 1;
    const column = solveLower(lower, basis);
    for (let i = 0; i < columns; i++) transform[i * columns + j] = column[i];
  }
  return { transform, logDeterminant };
}

/** Squared Mahalanobis distance of each row. */
export function mahalanobis(
  { count, columns, data }: WeightedRows,
  { mean }: Gaussian,
  { transform }: Whitening,
): Float64Array {
  const squared = new Float64Array(count);
  const centred = new Float64Array(columns);
  for (let row = 0; row < count; row++) {
    for (let j = 0; j < columns; j++) centred[j] = data[row * columns + j] - mean[j];
    for (let i = 0; i < columns; i++) {
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += transform[i * columns + j] * centred[j];
      squared[row] += sum * sum;
    }
  }
  return squared;
}
