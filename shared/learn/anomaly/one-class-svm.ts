import { shuffle } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { createKernelCache, type KernelCache } from '../svm/kernel-cache.ts';
import { type KernelEstimator, toKernelEstimator } from '../svm/kernel-estimator.ts';
import { kernelOf } from '../svm/kernel-machine.ts';
import { type SmoProblem, solveSmo } from '../svm/smo.ts';

/** A kernel matrix of more rows costs more than further rows tell. */
const MOST_ROWS = 10_000;

/**
 * One-class support vector machine (Schoelkopf, Platt, Shawe-Taylor, Smola and Williamson 2001): rho
 * minus the sum of kernels with the support vectors, above 0 for at most a share `nu` of the rows.
 * Reference: scikit-learn 1.2.1 OneClassSVM, whose decision_function is minus this. More than 10,000
 * rows are sampled. Row weights only leave rows out. Cost: about rows^2 x columns.
 */
export function fitOneClassSvm(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): KernelEstimator {
  const matrix = rowsOf(data, rng);
  const kernel = kernelOf(parameters, matrix);
  const cache = createKernelCache(kernel, matrix);
  const start = startWeights(matrix.rows, Number(parameters.nu));
  const problem = aroundStart(cache, start);
  const options = { tol: Number(parameters.tol), maxIter: Number(parameters.maxIter), isTimeUp };
  const { a, rho } = solveSmo(problem, options);
  const weights = start.slice();
  a.forEach((change, i) => {
    weights[i % matrix.rows] += problem.sign[i] * change;
  });
  // Cancellation leaves crumbs of what is 0.
  const coefficients = weights.map((weight) => (weight > 1e-12 ? -weight : 0));
  return toKernelEstimator(
    { kernel, matrix, link: 'identity' },
    { coefficients: [coefficients], intercepts: [rho] },
  );
}

function rowsOf({ matrix, weights }: LearningData, rng: FitOptions['rng']): Matrix {
  const rows = Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  return takeMatrixRows(
    matrix,
    rows.length > MOST_ROWS ? shuffle(rows, rng).slice(0, MOST_ROWS) : rows,
  );
}

/** Weights in [0, 1] that add up to nu x rows, on the first rows (as LIBSVM). */
function startWeights(rows: number, nu: number): Float64Array {
  const total = Math.min(rows, Math.max(nu * rows, Number.MIN_VALUE));
  return Float64Array.from({ length: rows }, (_, row) => Math.min(1, Math.max(0, total - row)));
}

/**
 * minimise w^T K w / 2 with the sum of w kept, as changes of a start: what a weight may gain is a
 * variable of sign 1, what it may lose, `rows` further on, one of sign -1.
 */
function aroundStart(cache: KernelCache, start: Float64Array): SmoProblem {
  const rows = start.length;
  const slope = new Float64Array(rows);
  start.forEach((weight, row) => {
    if (weight === 0) return;
    const kernels = cache.row(row);
    for (let i = 0; i < rows; i++) slope[i] += weight * kernels[i];
  });
  const sign = Int8Array.from({ length: 2 * rows }, (_, i) => (i < rows ? 1 : -1));
  return {
    ...{ cache, sign },
    linear: Float64Array.from(sign, (own, i) => own * slope[i % rows]),
    upper: Float64Array.from(sign, (own, i) => (own > 0 ? 1 - start[i] : start[i - rows])),
  };
}
