import { type Rng, shuffle } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';

/**
 * The dual of a linear machine: minimise |w|^2 / 2 - goal . beta + epsilon |beta|_1 over beta within
 * its bounds, where w = sum beta_i (row i with a 1 behind). A support vector classifier has goals of
 * +1 and -1 and epsilon 0, a regressor has the targets as goals.
 */
export type DualProblem = {
  matrix: Matrix;
  goal: Float64Array;
  epsilon: number;
  lower: Float64Array;
  upper: Float64Array;
};

export type DualOptions = {
  maxIter: number;
  /** Stops once no row's gradient is further from its optimum in a pass. */
  tol: number;
  rng: Rng;
  isTimeUp?: () => boolean;
};

/**
 * Dual coordinate descent (Hsieh et al. 2008 for classification, Ho and Lin 2012 for regression), in
 * a new random order each pass, as liblinear. Rows at their bounds that pull outward are passed over
 * until the rest has settled.
 * @returns coefficients, then the intercept, which is penalised like them: [columns + 1]
 * Cost: rows x columns per pass, of the rows that still move.
 */
export function descendDual(
  { matrix, goal, epsilon, lower, upper }: DualProblem,
  { maxIter, tol, rng, isTimeUp }: DualOptions,
): Float64Array {
  const { rows, data } = matrix;
  const width = matrix.names.length;
  const w = new Float64Array(width + 1);
  const beta = new Float64Array(rows);
  const norms = squaredNorms(matrix);
  const all = Uint32Array.from({ length: rows }, (_, row) => row).filter(
    (r) => upper[r] > lower[r],
  );
  let order = all.slice();
  for (let pass = 0; pass < maxIter && !isTimeUp?.(); pass++) {
    shuffle(order, rng);
    let worst = 0;
    let moving = 0;
    for (let k = 0; k < order.length; k++) {
      const row = order[k];
      const at = row * width;
      let gradient = w[width] - goal[row];
      for (let j = 0; j < width; j++) gradient += w[j] * data[at + j];
      const before = beta[row];
      const after = bestOf(before - gradient / norms[row], {
        ...{ width: epsilon / norms[row], lower: lower[row], upper: upper[row] },
      });
      const change = after - before;
      if (change === 0 && (after === lower[row] || after === upper[row])) continue;
      order[moving++] = row;
      if (change === 0) continue;
      worst = Math.max(worst, Math.abs(change) * norms[row]);
      beta[row] = after;
      for (let j = 0; j < width; j++) w[j] += change * data[at + j];
      w[width] += change;
    }
    const wasWhole = order.length === all.length;
    order = order.subarray(0, moving);
    if (worst > tol) continue;
    if (wasWhole) break;
    order = all.slice();
  }
  return w;
}

/** The best value of one unknown: shrunk towards 0 by `width`, within its bounds. */
function bestOf(
  free: number,
  { width, lower, upper }: { width: number; lower: number; upper: number },
): number {
  const shrunk = Math.max(Math.abs(free) - width, 0);
  return Math.min(Math.max(free < 0 ? -shrunk : shrunk, lower), upper);
}

/** Of rows with a 1 behind. */
function squaredNorms({ rows, names, data }: Matrix): Float64Array {
  const width = names.length;
  const norms = new Float64Array(rows).fill(1);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < width; j++) norms[row] += data[row * width + j] ** 2;
  return norms;
}
