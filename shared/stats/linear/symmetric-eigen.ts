/** Eigenvalues and the matching unit eigenvectors (rows of `vectors`) of a symmetric matrix. */
export type Eigen = { values: number[]; vectors: number[][] };

/**
 * Eigen decomposition of a symmetric matrix by cyclic Jacobi rotations, values descending.
 * @param matrix shape [k, k], symmetric; left as it is
 * Cost: O(k^3) a sweep, about six sweeps. Source: Golub and Van Loan, Matrix Computations, 8.5.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const k = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 60 && offDiagonal(a) > 0; sweep++)
    for (let p = 0; p < k - 1; p++) for (let q = p + 1; q < k; q++) rotate(a, v, [p, q]);
  const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
  return {
    values: order.map((i) => a[i][i]),
    vectors: order.map((i) => v.map((row) => row[i])),
  };
}

function offDiagonal(a: readonly number[][]): number {
  let sum = 0;
  let diagonal = 0;
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < a.length; j++) {
      if (i === j) diagonal += a[i][i] ** 2;
      else sum += a[i][j] ** 2;
    }
  return sum > 1e-40 * diagonal ? sum : 0;
}

function rotate(a: number[][], v: number[][], [p, q]: readonly [number, number]): void {
  if (a[p][q] === 0) return;
  const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1);
  const s = t * c;
  for (let i = 0; i < a.length; i++) {
    const left = a[i][p];
    const right = a[i][q];
    a[i][p] = c * left - s * right;
    a[i][q] = s * left + c * right;
  }
  for (let j = 0; j < a.length; j++) {
    const upper = a[p][j];
    const lower = a[q][j];
    a[p][j] = c * upper - s * lower;
    a[q][j] = s * upper + c * lower;
  }
  for (const row of v) {
    const left = row[p];
    const right = row[q];
    row[p] = c * left - s * right;
    row[q] = s * left + c * right;
  }
}
