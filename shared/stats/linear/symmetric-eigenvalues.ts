/**
 * Eigenvalues of a symmetric matrix, descending: reflections to a tridiagonal one, then rotations with a shift.
 * Where vectors are wanted too: `symmetricEigen`.
 * @param matrix shape [k, k], symmetric; left as it is. Absolute error some 1e-15 of the largest.
 * Cost: 4/3 k^3. Source: Golub and Van Loan, Matrix Computations, 8.3 (algorithms 8.3.1 and 8.3.2, implicit shift).
 */
export function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const { diagonal, beside } = tridiagonal(matrix);
  for (let last = diagonal.length - 1; last > 0; last--)
    for (let turns = 0; turns < 60; turns++) {
      const first = startOfBlock(diagonal, beside, last);
      if (first === last) break;
      rotateBlock(diagonal, beside, { first, last });
    }
  return Array.from(diagonal).sort((a, b) => b - a);
}

type Tridiagonal = {
  diagonal: Float64Array;
  /** `beside[i]` joins i and i + 1; the last is 0. */
  beside: Float64Array;
};

function tridiagonal(matrix: readonly (readonly number[])[]): Tridiagonal {
  const k = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const beside = new Float64Array(k);
  for (let p = 0; p < k - 2; p++) {
    let square = 0;
    for (let i = p + 2; i < k; i++) square += a[i][p] * a[i][p];
    const head = a[p + 1][p];
    if (square === 0) {
      beside[p] = head;
      continue;
    }
    const length = Math.sqrt(head * head + square);
    const v = new Float64Array(k);
    for (let i = p + 1; i < k; i++) v[i] = a[i][p];
    v[p + 1] += head < 0 ? -length : length;
    beside[p] = head < 0 ? length : -length;
    reflect(a, v, { from: p + 1, norm: square + v[p + 1] * v[p + 1] });
  }
  if (k > 1) beside[k - 2] = a[k - 1][k - 2];
  return { diagonal: Float64Array.from(a, (row, i) => row[i]), beside };
}

/** a = P a P with P = I - 2 v v' / norm, on what is left of the matrix. */
function reflect(
  a: readonly Float64Array[],
  v: Float64Array,
  { from, norm }: { from: number; norm: number },
): void {
  const k = v.length;
  const w = new Float64Array(k);
  let along = 0;
  for (let i = from; i < k; i++) {
    for (let j = from; j < k; j++) w[i] += a[i][j] * v[j];
    w[i] *= 2 / norm;
    along += w[i] * v[i];
  }
  for (let i = from; i < k; i++) w[i] -= (along / norm) * v[i];
  for (let i = from; i < k; i++)
    for (let j = from; j < k; j++) a[i][j] -= v[i] * w[j] + w[i] * v[j];
}

/** Where the block that ends at `last` begins: the entry before it is nothing beside its neighbours. */
function startOfBlock(diagonal: Float64Array, beside: Float64Array, last: number): number {
  let first = last;
  while (first > 0) {
    const size = Math.abs(diagonal[first - 1]) + Math.abs(diagonal[first]);
    if (Math.abs(beside[first - 1]) <= size * Number.EPSILON) break;
    first--;
  }
  return first;
}

/** One implicit QR step with Wilkinson's shift, on the block. */
function rotateBlock(
  diagonal: Float64Array,
  beside: Float64Array,
  { first, last }: { first: number; last: number },
): void {
  const half = (diagonal[last - 1] - diagonal[last]) / 2;
  const end = beside[last - 1];
  const reach = half + (half < 0 ? -1 : 1) * Math.hypot(half, end);
  let x = diagonal[first] - (diagonal[last] - (reach === 0 ? end : (end * end) / reach));
  let z = beside[first];
  for (let i = first; i < last; i++) {
    const length = Math.hypot(x, z);
    if (length === 0) return;
    const [c, s] = [x / length, z / length];
    if (i > first) beside[i - 1] = length;
    const [p, q, r] = [diagonal[i], diagonal[i + 1], beside[i]];
    diagonal[i] = c * c * p + 2 * c * s * r + s * s * q;
    diagonal[i + 1] = s * s * p - 2 * c * s * r + c * c * q;
    beside[i] = c * s * (q - p) + (c * c - s * s) * r;
    x = beside[i];
    z = s * beside[i + 1];
    if (i + 1 < last) beside[i + 1] *= c;
  }
}
