import type { Matrix } from '../matrix.ts';
import { GREATEST_FLOAT32 } from './column-values.ts';

/**
 * Missing values become the mean of the column's known values in the nearest donor rows that know it;
 * the column's mean where none of these has a known column in common with the row. Distances are
 * compared as float32 of 1 + distance squared, and the first of equals counts as the nearest: rounding
 * of the last bits, which differs between runtimes, does not choose the donors (ONNX: MatMul, TopK).
 */
export type NearestImputeStep = {
  type: 'nearest-impute';
  neighbors: number;
  /** Row-major [donors, columns], with their gaps. */
  donors: Float32Array;
  /** For columns that no near donor knows. */
  means: Float32Array;
  /** 1 / standard deviation by column: distances are in those. */
  scale: Float32Array;
};

const MOST_DONORS = 2000;

/**
 * Donors are the training rows (2,000 spread evenly where there are more). Distance: Euclidean over the
 * columns known in both rows, scaled up to all (nan_euclidean). As scikit-learn 1.2's
 * KNNImputer(weights='uniform') on standardised columns.
 */
export function fitNearestImpute(matrix: Matrix, neighbors = 5): NearestImputeStep {
  const { rows, names, data } = matrix;
  const width = names.length;
  const step = Math.max(1, Math.ceil(rows / MOST_DONORS));
  const count = Math.ceil(rows / step);
  const donors = new Float32Array(count * width);
  for (let d = 0; d < count; d++)
    donors.set(data.subarray(d * step * width, (d * step + 1) * width), d * width);
  const { means, deviations } = columnMoments(matrix);
  const scale = deviations.map((spread) =>
    spread > 0 ? Math.min(GREATEST_FLOAT32, 1 / spread) : 0,
  );
  return { type: 'nearest-impute', neighbors, donors, means, scale };
}

function columnMoments({ rows, names, data }: Matrix): {
  means: Float32Array;
  deviations: Float32Array;
} {
  const width = names.length;
  const means = new Float32Array(width);
  const deviations = new Float32Array(width);
  for (let j = 0; j < width; j++) {
    let [n, mean, squares] = [0, 0, 0];
    for (let at = j; at < rows * width; at += width) {
      if (Number.isNaN(data[at])) continue;
      const delta = data[at] - mean;
      mean += delta / ++n;
      squares += delta * (data[at] - mean);
    }
    means[j] = mean;
    deviations[j] = n > 0 ? Math.sqrt(squares / n) : 0;
  }
  return { means, deviations };
}

/** Beyond it, in squared standard deviations, all are equally far. */
export const FARTHEST = 1e30;

/** Cost: rows with gaps x donors x columns. */
export function applyNearestImpute(step: NearestImputeStep, matrix: Matrix): Matrix {
  const width = matrix.names.length;
  const data = matrix.data.slice();
  const ranks = new Float32Array(step.donors.length / width);
  const nearest = new Int32Array(step.neighbors);
  for (let row = 0; row < matrix.rows; row++) {
    const own = matrix.data.subarray(row * width, (row + 1) * width);
    if (!own.some(Number.isNaN)) continue;
    rankDonors(step, own, ranks);
    for (let j = 0; j < width; j++)
      if (Number.isNaN(own[j]))
        data[row * width + j] = meanOfNearest(step, findNearest(step, { ranks, nearest }, j), j);
  }
  return { ...matrix, data };
}

/** A donor that has no known column in common with the row ranks at infinity. */
function rankDonors(
  { donors, scale }: NearestImputeStep,
  own: Float32Array,
  into: Float32Array,
): void {
  const width = own.length;
  for (let d = 0; d < into.length; d++) {
    let sum = 0;
    let known = 0;
    for (let j = 0; j < width; j++) {
      const difference = (own[j] - donors[d * width + j]) * scale[j];
      if (Number.isNaN(difference)) continue;
      sum += difference * difference;
      known++;
    }
    const distance = Math.min(FARTHEST, (sum * width) / Math.max(1, known));
    into[d] = known === 0 ? Number.POSITIVE_INFINITY : 1 + distance;
  }
}

/** The nearest donors that know the column, nearest first; none where no one of them is comparable. */
function findNearest(
  { donors, neighbors, scale }: NearestImputeStep,
  { ranks, nearest }: { ranks: Float32Array; nearest: Int32Array },
  column: number,
): Int32Array {
  const width = scale.length;
  let found = 0;
  for (let d = 0; d < ranks.length; d++) {
    if (Number.isNaN(donors[d * width + column])) continue;
    if (found === neighbors && !(ranks[d] < ranks[nearest[found - 1]])) continue;
    if (found < neighbors) found++;
    let at = found - 1;
    for (; at > 0 && ranks[d] < ranks[nearest[at - 1]]; at--) nearest[at] = nearest[at - 1];
    nearest[at] = d;
  }
  const isNone = found === 0 || ranks[nearest[0]] === Number.POSITIVE_INFINITY;
  return nearest.subarray(0, isNone ? 0 : found);
}

function meanOfNearest(
  { donors, means }: NearestImputeStep,
  nearest: Int32Array,
  column: number,
): number {
  if (nearest.length === 0) return means[column];
  let sum = 0;
  for (let i = 0; i < nearest.length; i++) sum += donors[nearest[i] * means.length + column];
  return sum / nearest.length;
}
