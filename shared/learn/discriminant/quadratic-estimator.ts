import type { Matrix } from '../../prepare/matrix.ts';
import { applyLink } from '../link.ts';

/**
 * A Gaussian per class: probabilities are the softmax over the classes of
 * constants[k] - |W_k (x - means[k])|^2 / 2, where W_k whitens class k.
 * As a graph: Sub, MatMul with W_k transposed (or Mul, where diagonal), Mul, ReduceSum, then Softmax.
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

/** Probabilities, row-major [rows, classes]; sums in float32, column by column. */
export function scoreQuadratic(estimator: QuadraticEstimator, matrix: Matrix): Float32Array {
  const { classes, constants, means } = estimator;
  const width = matrix.names.length;
  const scores = new Float32Array(matrix.rows * classes);
  const centred = new Float32Array(width);
  for (let row = 0; row < matrix.rows; row++)
    for (let k = 0; k < classes; k++) {
      for (let j = 0; j < width; j++)
        centred[j] = matrix.data[row * width + j] - means[k * width + j];
      scores[row * classes + k] = constants[k] - 0.5 * squaredDistance(estimator, k, centred);
    }
  return applyLink('softmax', scores, classes);
}

function squaredDistance(
  { whitening, isDiagonal }: QuadraticEstimator,
  k: number,
  centred: Float32Array,
): number {
  const width = centred.length;
  let squares = 0;
  for (let i = 0; i < width; i++) {
    let z = 0;
    if (isDiagonal) z = Math.fround(whitening[k * width + i] * centred[i]);
    else {
      const at = (k * width + i) * width;
      for (let j = 0; j < width; j++)
        z = Math.fround(z + Math.fround(whitening[at + j] * centred[j]));
    }
    squares = Math.fround(squares + Math.fround(z * z));
  }
  return squares;
}
