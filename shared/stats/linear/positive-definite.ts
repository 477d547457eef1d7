import { assert } from '../../core/assert.ts';

/** Lower triangle L of A = L L', rows one after the other, shape [size * size]. */
export type Factor = { size: number; lower: Float64Array };

/**
 * Cholesky factor of a symmetric positive definite matrix.
 * @param matrix shape [size * size], row by row; the upper triangle is not looked at
 * Cost: O(size^3 / 3). Source: Golub and Van Loan, Matrix Computations, 4.2.
 */
export function factorOf(matrix: ArrayLike<number>, size: number): Factor {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j];
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      assert(i !== j || sum > 0, 'the matrix is positive definite');
      lower[i * size + j] = i === j ? Math.sqrt(sum) : sum / lower[j * size + j];
    }
  return { size, lower };
}

/** The y of L y = b. */
export function solveLower({ size, lower }: Factor, b: ArrayLike<number>): Float64Array {
  const y = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= lower[i * size + k] * y[k];
    y[i] = sum / lower[i * size + i];
  }
  return y;
}

/** The x of A x = b. */
export function solve(factor: Factor, b: ArrayLike<number>): Float64Array {
  const { size, lower } = factor;
  const x = solveLower(factor, b);
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= lower[k * size + i] * x[k];
    x[i] /= lower[i * size + i];
  }
  return x;
}
