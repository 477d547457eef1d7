import type { Rng } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import { drawFirst, fitRows } from './consensus.ts';
import type { LinearSolution } from './least-squares.ts';
import { unpackSolution } from './logistic-regression.ts';

export type TheilSenOptions = {
  maxSubpopulation: number;
  maxIter: number;
  tol: number;
  rng: Rng;
  isTimeUp?: () => boolean;
};

/**
 * Theil-Sen regression in many columns: the spatial median of the least-squares solutions of random
 * subsets of rows, one more than there are columns (Dang, Peng, Wang and Zhang 2008). scikit-learn
 * 1.2.1: TheilSenRegressor. Rows are drawn alike whatever their weight, but those of weight 0 not at all.
 * Cost: subsets x columns^3.
 */
export function solveTheilSen(data: LearningData, options: TheilSenOptions): LinearSolution {
  const { matrix, weights } = data;
  const total = matrix.names.length + 1;
  const order = Uint32Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  const size = Math.min(total, order.length);
  const solutions: Float64Array[] = [];
  for (let i = 0; i < options.maxSubpopulation; i++) {
    if (solutions.length > 0 && options.isTimeUp?.()) break;
    drawFirst(order, size, options.rng);
    const { coefficients, intercepts } = fitRows(data, order.slice(0, size));
    solutions.push(Float64Array.from([...coefficients[0], intercepts[0]]));
  }
  return unpackSolution(spatialMedian(solutions, options), total);
}

/**
 * The point with the least sum of distances, by the modified Weiszfeld steps of Vardi and Zhang
 * (2000), which do not stop at a data point.
 */
export function spatialMedian(
  points: readonly Float64Array[],
  { maxIter, tol }: { maxIter: number; tol: number },
): Float64Array {
  const n = points[0].length;
  let at = new Float64Array(n);
  for (const point of points) for (let j = 0; j < n; j++) at[j] += point[j] / points.length;
  for (let i = 0; i < maxIter; i++) {
    const next = weiszfeldStep(points, at);
    const moved = next.reduce((sum, value, j) => sum + (value - at[j]) ** 2, 0);
    at = next;
    if (moved < tol * tol) break;
  }
  return at;
}

function weiszfeldStep(
  points: readonly Float64Array[],
  at: Float64Array,
): Float64Array<ArrayBuffer> {
  const n = at.length;
  const pull = new Float64Array(n);
  const mean = new Float64Array(n);
  let inverse = 0;
  let here = 0;
  for (const point of points) {
    let squares = 0;
    for (let j = 0; j < n; j++) squares += (point[j] - at[j]) ** 2;
    const distance = Math.sqrt(squares);
    if (distance < 1e-12) {
      here++;
      continue;
    }
    inverse += 1 / distance;
    for (let j = 0; j < n; j++) {
      mean[j] += point[j] / distance;
      pull[j] += (point[j] - at[j]) / distance;
    }
  }
  if (inverse === 0) return at.slice();
  const force = Math.sqrt(pull.reduce((sum, value) => sum + value * value, 0));
  const stay = force > 0 ? Math.min(1, here / force) : 1;
  return mean.map((value, j) => (1 - stay) * (value / inverse) + stay * at[j]);
}
