/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's factorisation A = L L^T
 * (Golub and Van Loan 2013, algorithm 4.2.2), double precision.
 * @param a row-major [n, n]; only the lower triangle is read
 * @returns x, or null when A is not positive definite to working precision
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array | null {
  const lower = factorCholesky(a, b.length);
  return lower && solveFactored(lower, b);
}

/**
 * The lower triangular L of A = L L^T, row-major [n, n]; above the diagonal it holds what A held.
 * @param minPivotShare null is answered once a pivot is not above this share of A's diagonal there:
 *   how much of a column is left that the columns before it do not explain
 * Cost: n^3 / 3 multiply-adds.
 */
export function factorCholesky(a: Float64Array, n: number, minPivotShare = 0): Float64Array | null {
  const lower = a.slice();
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      const other = j * n;
      let sum = lower[row + j];
      for (let k = 0; k < j; k++) sum -= lower[row + k] * lower[other + k];
      lower[row + j] = sum / lower[other + j];
    }
    let pivot = lower[row + i];
    for (let k = 0; k < i; k++) pivot -= lower[row + k] * lower[row + k];
    if (!(pivot > minPivotShare * a[row + i] && pivot > 0)) return null;
    lower[row + i] = Math.sqrt(pivot);
  }
  return lower;
}

/** Solves L L^T x = b. */
export function solveFactored(lower: Float64Array, b: Float64Array): Float64Array {
  return solveLowerTransposed(lower, solveLower(lower, b));
}

/** Solves L x = b. */
export function solveLower(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= lower[i * n + k] * x[k];
    x[i] = sum / lower[i * n + i];
  }
  return x;
}

/** Solves L^T x = b. */
export function solveLowerTransposed(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    const value = x[i] / lower[i * n + i];
    x[i] = value;
    for (let k = 0; k < i; k++) x[k] -= lower[i * n + k] * value;
  }
  return x;
}

/** The inverse of A = L L^T, row-major [n, n], both triangles. Cost: n^3 multiply-adds. */
export function invertFactored(lower: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit.fill(0);
    unit[j] = 1;
    const column = solveFactored(lower, unit);
    for (let i = 0; i < n; i++) inverse[i * n + j] = column[i];
  }
  return inverse;
}
