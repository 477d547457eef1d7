/* Row-major [n, n] matrices of which the lower triangle counts. */

/** Cholesky's factor L of L L^T; null when the matrix is not positive definite. Cost: O(n^3). */
export function factor(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      if (i > j) lower[i * n + j] = sum / lower[j * n + j];
      else if (sum > 0) lower[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  return lower;
}

/** x of L x = b. */
export function forward(lower: Float64Array, right: ArrayLike<number>): Float64Array {
  const n = right.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= lower[i * n + k] * x[k];
    x[i] = sum / lower[i * n + i];
  }
  return x;
}

/** x of L L^T x = b. */
export function solve(lower: Float64Array, right: ArrayLike<number>): Float64Array {
  const x = forward(lower, right);
  const n = x.length;
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= lower[i * n + i];
    for (let k = 0; k < i; k++) x[k] -= lower[i * n + k] * x[i];
  }
  return x;
}

/** Lower triangle of the inverse of L L^T. Cost: O(n^3). */
export function invert(lower: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    half[column * n + column] = 1 / lower[column * n + column];
    for (let i = column + 1; i < n; i++) {
      let sum = 0;
      for (let k = column; k < i; k++) sum -= lower[i * n + k] * half[k * n + column];
      half[i * n + column] = sum / lower[i * n + i];
    }
  }
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const left = half[k * n + i];
      for (let j = 0; j <= i; j++) inverse[i * n + j] += left * half[k * n + j];
    }
  return inverse;
}
