import { factorCholesky, solveCholesky, solveFactored } from '../../stats/linear/cholesky.ts';
import { symmetricEigen } from '../../stats/linear/symmetric-eigen.ts';

/** Below this share a column is taken to be explained by the columns before it. */
const MIN_PIVOT_SHARE = 1e-10;

/**
 * The x of least norm among those that minimise x^T A x / 2 - b^T x, for a positive semi-definite A:
 * Cholesky where A has full rank, else its eigenvectors, leaving out eigenvalues below 1e-10 of the
 * largest (which are what rounding leaves of zeros in a Gram matrix).
 * @param a row-major [n, n], symmetric
 * @returns x for a b; A is taken apart once
 * Cost: n^3 / 3 multiply-adds; some 30 n^3 where A lacks rank.
 */
export function semiDefiniteSolver(a: Float64Array, n: number): (b: Float64Array) => Float64Array {
  const lower = factorCholesky(a, n, MIN_PIVOT_SHARE);
  if (lower !== null) return (b) => solveFactored(lower, b);
  const rows = Array.from({ length: n }, (_, i) => Array.from(a.subarray(i * n, (i + 1) * n)));
  const { values, vectors } = symmetricEigen(rows);
  return (b) => {
    const x = new Float64Array(n);
    vectors.forEach((vector, k) => {
      if (!(values[k] > MIN_PIVOT_SHARE * values[0])) return;
      let along = 0;
      for (let i = 0; i < n; i++) along += vector[i] * b[i];
      for (let i = 0; i < n; i++) x[i] += (along / values[k]) * vector[i];
    });
    return x;
  };
}

/**
 * Solves (A + damping I) x = b with the least damping of 0, 1e-12, 1e-11, ... of A's mean diagonal
 * that makes A positive definite: a Newton step where some direction is flat.
 * @param a row-major [n, n]; only the lower triangle is read; left as it is
 */
export function solveDamped(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += a[i * n + i];
  let damping = 0;
  for (let attempt = 0; attempt < 20; attempt++) {
    const damped = a.slice();
    for (let i = 0; i < n; i++) damped[i * n + i] += damping;
    const x = solveCholesky(damped, b);
    if (x?.every(Number.isFinite)) return x;
    damping = damping === 0 ? Math.max((1e-12 * trace) / n, 1e-300) : 10 * damping;
  }
  return new Float64Array(n);
}
