import { exp, log, log1p } from '../../core/portable-math.ts';
import type { Rng } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import { type LinearSolution, solveLeastSquares } from './least-squares.ts';
import { matrixMoments } from './matrix-moments.ts';

export type ConsensusOptions = {
  maxTrials: number;
  /** A row is an inlier within this many median absolute deviations of the target. */
  residualThreshold: number;
  /** Stops once this likely to have drawn a sample of inliers alone. */
  stopProbability: number;
  rng: Rng;
  isTimeUp?: () => boolean;
};

/**
 * RANSAC (Fischler and Bolles 1981): least squares on random rows, one more than there are columns;
 * of the trials the one with the most inliers (by weight), ties to the smaller squared residual,
 * whose inliers are fitted again. scikit-learn 1.2.1: RANSACRegressor. All rows where no trial finds
 * more inliers than it drew.
 * Cost: trials x (columns^3 + rows x columns).
 */
export function solveConsensus(data: LearningData, options: ConsensusOptions): LinearSolution {
  const { matrix, target, weights } = data;
  const sampleRows = Math.min(matrix.names.length + 1, matrix.rows);
  const threshold = options.residualThreshold * medianDeviation(target);
  const order = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  let best = { inliers: order, weight: 0, squares: Infinity };
  let trials = options.maxTrials;
  for (let trial = 0; trial < trials && !options.isTimeUp?.(); trial++) {
    drawFirst(order, sampleRows, options.rng);
    const sample = order.slice(0, sampleRows);
    const solution = fitRows(data, sample);
    const found = inliersOf(data, solution, threshold);
    const isBetter =
      found.weight > best.weight || (found.weight === best.weight && found.squares < best.squares);
    if (found.inliers.length < sampleRows || !isBetter) continue;
    best = found;
    const share = found.inliers.length / matrix.rows;
    trials = Math.min(options.maxTrials, neededTrials(share, sampleRows, options.stopProbability));
  }
  const moments = matrixMoments(
    takeMatrixRows(matrix, best.inliers),
    [Float64Array.from(best.inliers, (row) => target[row])],
    weights && Float64Array.from(best.inliers, (row) => weights[row]),
  );
  return solveLeastSquares(moments, 0);
}

/** Puts `count` random entries first (Durstenfeld's shuffle, stopped early). */
export function drawFirst(order: Uint32Array, count: number, rng: Rng): void {
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(rng() * (order.length - i));
    const entry = order[i];
    order[i] = order[j];
    order[j] = entry;
  }
}

/** A little ridge: a handful of rows rarely has full rank where columns are one-hot. */
const SAMPLE_RIDGE = 1e-6;

export function fitRows(
  { matrix, target }: { matrix: Matrix; target: Float64Array },
  rows: Uint32Array,
): LinearSolution {
  const y = Float64Array.from(rows, (row) => target[row]);
  return solveLeastSquares(matrixMoments(takeMatrixRows(matrix, rows), [y], null), SAMPLE_RIDGE);
}

function inliersOf(
  { matrix, target, weights }: LearningData,
  { coefficients: [slopes], intercepts: [intercept] }: LinearSolution,
  threshold: number,
) {
  const width = slopes.length;
  const inliers: number[] = [];
  let weight = 0;
  let squares = 0;
  for (let row = 0; row < matrix.rows; row++) {
    let residual = intercept - target[row];
    for (let j = 0; j < width; j++) residual += slopes[j] * matrix.data[row * width + j];
    const w = weights === null ? 1 : weights[row];
    if (Math.abs(residual) > threshold || w === 0) continue;
    inliers.push(row);
    weight += w;
    squares += w * residual * residual;
  }
  return { inliers: Uint32Array.from(inliers), weight, squares };
}

function neededTrials(share: number, sampleRows: number, probability: number): number {
  const allInliers = exp(sampleRows * log(share));
  if (allInliers >= 1) return 0;
  return Math.ceil(log(1 - probability) / log1p(-Math.max(allInliers, 1e-300)));
}

/** Median of the absolute deviations from the median. */
function medianDeviation(values: Float64Array): number {
  const centre = medianOf(values.slice());
  return medianOf(values.map((value) => Math.abs(value - centre)));
}

/** Sorts `values`. */
export function medianOf(values: Float64Array): number {
  values.sort();
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}
