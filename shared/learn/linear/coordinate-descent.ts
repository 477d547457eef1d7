/** min x^T A x / 2 - b^T x + sum l1_j |x_j|, A positive semi-definite. */
export type SparseQuadratic = {
  /** Row-major [n, n], symmetric. */
  a: Float64Array;
  b: Float64Array;
  /** [n], not negative; 0 where an unknown is free. */
  l1: Float64Array;
};

/**
 * One pass of cyclic coordinate descent (Friedman, Hastie and Tibshirani 2010). `x` and `ax` = A x are
 * updated in place; an unknown without curvature stays as it is.
 * @returns the largest change of an unknown
 * Cost: n per unknown that changes.
 */
export function descendOnce(
  { a, b, l1 }: SparseQuadratic,
  x: Float64Array,
  ax: Float64Array,
): number {
  const n = x.length;
  let largest = 0;
  for (let j = 0; j < n; j++) {
    const curvature = a[j * n + j];
    if (!(curvature > 0)) continue;
    const before = x[j];
    const pull = b[j] - ax[j] + curvature * before;
    const size = Math.abs(pull) - l1[j];
    const after = size > 0 ? (Math.sign(pull) * size) / curvature : 0;
    const change = after - before;
    if (change === 0) continue;
    x[j] = after;
    for (let i = 0; i < n; i++) ax[i] += change * a[j * n + i];
    largest = Math.max(largest, Math.abs(change));
  }
  return largest;
}
