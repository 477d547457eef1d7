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
  for (let row = 0; row < matrix.rows; row++) {
    const own = matrix.data.subarray(row * width, (row + 1) * width);
    if (!own.some(Number.isNaN)) continue;
    const nearest = donorsByDistance(step, own);
    for (let j = 0; j < width; j++)
      if (Number.isNaN(own[j])) data[row * width + j] = meanOfNearest(step, nearest, j);
  }
  return { ...matrix, data };
}

type Donors = { order: number[]; ranks: Float32Array };

/** A donor that has no known column in common with the row ranks at infinity. */
function donorsByDistance({ donors, scale }: NearestImputeStep, own: Float32Array): Donors {
  const width = own.length;
  const ranks = new Float32Array(donors.length / width);
  for (let d = 0; d < ranks.length; d++) {
    let [sum, known] = [0, 0];
    for (let j = 0; j < width; j++) {
      const difference = (own[j] - donors[d * width + j]) * scale[j];
      if (Number.isNaN(difference)) continue;
      sum += difference * difference;
      known++;
    }
    const distance = Math.min(FARTHEST, (sum * width) / Math.max(1, known));
    ranks[d] = known === 0 ? Number.POSITIVE_INFINITY : 1 + distance;
  }
  const order = Array.from(ranks.keys()).sort((a, b) => ranks[a] - ranks[b] || a - b);
  return { order, ranks };
}

function meanOfNearest(
  { donors, neighbors, means }: NearestImputeStep,
  { order, ranks }: Donors,
  column: number,
): number {
  const width = means.length;
  let [sum, found] = [0, 0];
  for (let i = 0; i < order.length && found < neighbors; i++) {
    const value = donors[order[i] * width + column];
    if (Number.isNaN(value)) continue;
    if (found === 0 && ranks[order[i]] === Number.POSITIVE_INFINITY) break;
    sum += value;
    found++;
  }
  return found === 0 ? means[column] : sum / found;
}
