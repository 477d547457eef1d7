import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import type { CentresEstimator } from './centres-estimator.ts';
import { drawRow, seedCentres } from './seed-centres.ts';
import { squaredDistance, type WeightedRows, weightedRowsOf } from './weighted-rows.ts';

export type Clustering = {
  /** Row-major [k, columns]. */
  centres: Float64Array;
  /** By row: its nearest centre. */
  label: Int32Array;
  /** Weighted sum of squared distances to the nearest centre. */
  inertia: number;
};

/**
 * k-means (Lloyd 1982) from greedy k-means++ starts, the best of `nInit`; a centre that loses all its
 * rows moves to the row furthest from its own. Stops when centres move by less than `tol` times the
 * mean variance. Reference: scikit-learn 1.2 KMeans. Cost: starts x rounds x k x rows x columns.
 */
export function fitKMeans(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): CentresEstimator {
  const rows = weightedRowsOf(data);
  const k = Math.min(rows.count, Number(parameters.nClusters));
  let best: Clustering | null = null;
  for (let start = 0; start < Number(parameters.nInit) && !(best && isTimeUp?.()); start++) {
    const found = iterate(rows, seedCentres(rows, k, rng), parameters);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  return nearestCentre(best!.centres, rows.columns);
}

/**
 * Mini-batch k-means (Sculley 2010): each batch moves the centres that its rows are nearest to by
 * one over the rows they have had so far. Reference: scikit-learn 1.2 MiniBatchKMeans, without its
 * reassignment of small clusters. Cost: `maxIter` x rows x k x columns.
 */
export function fitMiniBatchKMeans(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): CentresEstimator {
  const rows = weightedRowsOf(data);
  const { columns } = rows;
  const k = Math.min(rows.count, Number(parameters.nClusters));
  const size = Math.min(rows.count, Number(parameters.batchSize));
  const centres = seedCentres(drawBatch(rows, Math.min(rows.count, 3 * size), rng), k, rng);
  const seen = new Float64Array(k);
  const steps = Math.ceil((Number(parameters.maxIter) * rows.count) / size);
  for (let step = 0; step < steps && !isTimeUp?.(); step++) {
    const batch = drawBatch(rows, size, rng);
    const { label } = assign(batch, centres);
    for (let row = 0; row < size; row++) {
      const to = label[row];
      seen[to] += 1;
      for (let j = 0; j < columns; j++)
        centres[to * columns + j] +=
          (batch.data[row * columns + j] - centres[to * columns + j]) / seen[to];
    }
  }
  return nearestCentre(centres, columns);
}

/** Rows drawn with replacement by weight, of weight 1 each. */
function drawBatch(rows: WeightedRows, size: number, rng: FitOptions['rng']): WeightedRows {
  const { columns } = rows;
  const data = new Float64Array(size * columns);
  const isEven = rows.weights.every((weight) => weight === rows.weights[0]);
  for (let i = 0; i < size; i++) {
    const row = isEven ? Math.floor(rng() * rows.count) : drawRow(rows.weights, rng);
    data.set(rows.data.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return { count: size, columns, data, weights: new Float64Array(size).fill(1) };
}

export const nearestCentre = (centres: Float64Array, columns: number): CentresEstimator => ({
  type: 'centres',
  ...{ columns, transforms: null, directions: columns, answer: 'nearest' },
  centres: Float32Array.from(centres),
  offsets: new Float32Array(centres.length / columns),
});

/** Lloyd's rounds from given centres, which are overwritten. */
export function iterate(
  rows: WeightedRows,
  centres: Float64Array,
  { maxIter, tol }: Parameters,
): Clustering {
  const least = Number(tol) * meanVariance(rows);
  let current = assign(rows, centres);
  for (let round = 0; round < Number(maxIter); round++) {
    const moved = moveCentres(rows, current);
    current = assign(rows, centres);
    if (moved <= least) break;
  }
  return current;
}

function assign(
  rows: WeightedRows,
  centres: Float64Array,
): Clustering & { distance: Float64Array } {
  const k = centres.length / rows.columns;
  const label = new Int32Array(rows.count);
  const distance = new Float64Array(rows.count);
  const centre = { centres, k: 0 };
  let inertia = 0;
  for (let row = 0; row < rows.count; row++) {
    let least = Number.POSITIVE_INFINITY;
    for (centre.k = 0; centre.k < k; centre.k++) {
      const squared = squaredDistance(rows, row, centre);
      if (squared >= least) continue;
      least = squared;
      label[row] = centre.k;
    }
    distance[row] = least;
    inertia += least * rows.weights[row];
  }
  return { centres, label, inertia, distance };
}

/** @returns the sum of the squared moves */
function moveCentres(
  { count, columns, data, weights }: WeightedRows,
  { centres, label, distance }: Clustering & { distance: Float64Array },
): number {
  const before = centres.slice();
  const total = new Float64Array(centres.length / columns);
  centres.fill(0);
  for (let row = 0; row < count; row++) {
    const to = label[row];
    total[to] += weights[row];
    for (let j = 0; j < columns; j++)
      centres[to * columns + j] += weights[row] * data[row * columns + j];
  }
  for (let k = 0; k < total.length; k++)
    if (total[k] > 0) for (let j = 0; j < columns; j++) centres[k * columns + j] /= total[k];
    else {
      const row = furthestOf(distance);
      distance[row] = 0;
      centres.set(data.subarray(row * columns, (row + 1) * columns), k * columns);
    }
  return centres.reduce((sum, value, i) => sum + (value - before[i]) * (value - before[i]), 0);
}

function furthestOf(distance: Float64Array): number {
  let furthest = 0;
  for (let row = 1; row < distance.length; row++)
    if (distance[row] > distance[furthest]) furthest = row;
  return furthest;
}

function meanVariance({ count, columns, data }: WeightedRows): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) {
    let mean = 0;
    let squares = 0;
    for (let row = 0; row < count; row++) {
      const delta = data[row * columns + j] - mean;
      mean += delta / (row + 1);
      squares += delta * (data[row * columns + j] - mean);
    }
    sum += squares / count;
  }
  return columns > 0 ? sum / columns : 0;
}
