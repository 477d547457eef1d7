/**
 * Solves A x = b for a symmetric positive definite A by Cholesky's factorisation A = L L^T
 * (Golub and Van Loan 2013, algorithm 4.2.2), double precision.
 * @param a row-major [n, n]; only the lower triangle is read
 * @returns x, or null when A is not positive definite to working precision
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array | null {
  const n = b.length;
  const lower = a.slice();
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const factor = lower[j * n + k];
      for (let i = j; i < n; i++) lower[i * n + j] -= lower[i * n + k] * factor;
    }
    const pivot = lower[j * n + j];
    if (!(pivot > 0)) return null;
    const root = Math.sqrt(pivot);
    for (let i = j; i < n; i++) lower[i * n + j] /= root;
  }
  return backSubstitute(lower, forwardSubstitute(lower, b));
}

function forwardSubstitute(lower: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * n + k] * x[k];
    x[i] /= lower[i * n + i];
  }
  return x;
}

/** Solves L^T x = b in place. */
function backSubstitute(lower: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= lower[k * n + i] * x[k];
    x[i] /= lower[i * n + i];
  }
  return x;
}
