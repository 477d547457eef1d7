import { symmetricEigen } from '../../stats/linear/symmetric-eigen.ts';
import { dot } from './l-bfgs.ts';
import { type LinearSolution, withIntercepts } from './least-squares.ts';
import type { MatrixMoments } from './matrix-moments.ts';

/** Shapes and rates of the gamma priors: alpha is the noise's precision, lambda the coefficients'. */
export type PrecisionPriors = { alpha1: number; alpha2: number; lambda1: number; lambda2: number };

export type EvidenceOptions = PrecisionPriors & {
  maxIter: number;
  /** Stops once the coefficients change by less, in sum. */
  tol: number;
};

/**
 * Ridge regression whose penalty, lambda / alpha, is the one that makes the data most likely
 * (MacKay 1992's evidence framework with gamma priors, scikit-learn 1.2.1's BayesianRidge). Rows are
 * counted by their weights, so that a weight of 2 is a row twice; scikit-learn counts rows.
 * Cost: one eigen decomposition of the Gram matrix, then columns^2 per iteration.
 */
export function solveBayesianRidge(
  moments: MatrixMoments,
  options: EvidenceOptions,
): LinearSolution {
  const { width, gram, weight } = moments;
  const cross = moments.cross[0];
  const squares = moments.squares[0];
  const rows = Array.from({ length: width }, (_, i) =>
    Array.from(gram.subarray(i * width, (i + 1) * width)),
  );
  const { values, vectors } = symmetricEigen(rows);
  const eigenvalues = Float64Array.from(values, (value) => Math.max(value, 0));
  const along = Float64Array.from(vectors, (vector) =>
    vector.reduce((s, v, i) => s + v * cross[i], 0),
  );
  const solve = (ratio: number) => along.map((value, k) => value / (eigenvalues[k] + ratio));
  let alpha = 1 / (squares / weight + Number.EPSILON);
  let lambda = 1;
  let previous: Float64Array | null = null;
  for (let i = 0; i < options.maxIter; i++) {
    const rotated = solve(lambda / alpha);
    const coefficients = rotate(vectors, rotated);
    const residual = squares - 2 * dot(along, rotated) + weighted(rotated, eigenvalues);
    const known = eigenvalues.reduce((s, e) => s + (alpha * e) / (lambda + alpha * e), 0);
    lambda = (known + 2 * options.lambda1) / (dot(rotated, rotated) + 2 * options.lambda2);
    alpha = (weight - known + 2 * options.alpha1) / (Math.max(residual, 0) + 2 * options.alpha2);
    if (previous !== null && change(coefficients, previous) < options.tol) break;
    previous = coefficients;
  }
  return withIntercepts(moments, [rotate(vectors, solve(lambda / alpha))]);
}

const weighted = (x: Float64Array, weights: Float64Array): number =>
  x.reduce((sum, value, k) => sum + weights[k] * value * value, 0);

export function change(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);
}

function rotate(vectors: readonly number[][], x: Float64Array): Float64Array {
  const rotated = new Float64Array(x.length);
  vectors.forEach((vector, k) => {
    for (let i = 0; i < rotated.length; i++) rotated[i] += vector[i] * x[k];
  });
  return rotated;
}
