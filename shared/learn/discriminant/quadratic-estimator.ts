import type { Matrix } from '../../prepare/matrix.ts';
import { applyLink } from '../link.ts';

/**
 * A Gaussian per class: probabilities are the softmax over the classes of
 * constants[k] - |W_k (x - means[k])|^2 / 2, where W_k whitens class k.
 */
export type QuadraticEstimator = {
  type: 'quadratic';
  classes: number;
  /** Row-major [classes, columns]. */
  means: Float32Array;
  /** W_k: row-major [classes, columns, columns], or its diagonals, [classes, columns]. */
  whitening: Float32Array;
  isDiagonal: boolean;
  /** [classes]: log prior + log of the determinant of W_k. */
  constants: Float32Array;
};

/**
 * Probabilities, row-major [rows, classes]. In float64 up to the scores less the greatest of them: far
 * from all classes they are small differences of large sums.
 */
export function scoreQuadratic(estimator: QuadraticEstimator, matrix: Matrix): Float32Array {
  const { classes, constants, means } = estimator;
  const width = matrix.names.length;
  const scores = new Float32Array(matrix.rows * classes);
  const own = new Float64Array(classes);
  const centred = new Float64Array(width);
  for (let row = 0; row < matrix.rows; row++) {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) {
      for (let j = 0; j < width; j++)
        centred[j] = matrix.data[row * width + j] - means[k * width + j];
      own[k] = constants[k] - 0.5 * squaredDistance(estimator, k, centred);
      greatest = Math.max(greatest, own[k]);
    }
    for (let k = 0; k < classes; k++) scores[row * classes + k] = own[k] - greatest;
  }
  return applyLink('softmax', scores, classes);
}

function squaredDistance(
  { whitening, isDiagonal }: QuadraticEstimator,
  k: number,
  centred: Float64Array,
): number {
  const width = centred.length;
  let squares = 0;
  for (let i = 0; i < width; i++) {
    let z = 0;
    if (isDiagonal) z = whitening[k * width + i] * centred[i];
    else {
      const at = (k * width + i) * width;
      for (let j = 0; j < width; j++) z += whitening[at + j] * centred[j];
    }
    squares += z * z;
  }
  return squares;
}
