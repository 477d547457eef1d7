import { exp } from '../../core/portable-math.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import { runLoop } from '../boosting/run-loop.ts';

/** How alike two rows are. */
export type Kernel =
  /** exp(-gamma |x - z|^2) */
  | { type: 'rbf'; gamma: number }
  /** (gamma x . z + coef0)^degree, the degree a whole number */
  | { type: 'poly'; gamma: number; coef0: number; degree: number }
  /** tanh(gamma x . z + coef0) */
  | { type: 'sigmoid'; gamma: number; coef0: number };

/** `into`[i] = kernel(row of `rows`, row i of `against`), in double precision. */
export function kernelRow(
  kernel: Kernel,
  rows: { matrix: Matrix; row: number },
  { against, into }: { against: Matrix; into: Float64Array },
): void {
  const width = against.names.length;
  const x = rows.matrix.data.subarray(rows.row * width, (rows.row + 1) * width);
  const fours = { x, z: against.data, rows: against.rows };
  if (kernel.type === 'rbf') runLoop(squaredDistances, fours, into);
  else runLoop(products, fours, into);
  transformSums(kernel, into);
}

type Rows = { x: Float32Array; z: Float32Array; rows: number };

/** Four rows at once: the additions of one row wait for each other, those of four do not. */
function squaredDistances({ x, z, rows }: Rows, into: Float64Array): void {
  const width = x.length;
  const fours = rows - (rows % 4);
  for (let i = 0; i < fours; i += 4) {
    const a = i * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    let sumA = 0;
    let sumB = 0;
    let sumC = 0;
    let sumD = 0;
    for (let j = 0; j < width; j++) {
      const own = x[j];
      const toA = own - z[a + j];
      const toB = own - z[b + j];
      const toC = own - z[c + j];
      const toD = own - z[d + j];
      sumA += toA * toA;
      sumB += toB * toB;
      sumC += toC * toC;
      sumD += toD * toD;
    }
    into[i] = sumA;
    into[i + 1] = sumB;
    into[i + 2] = sumC;
    into[i + 3] = sumD;
  }
  for (let i = fours; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const difference = x[j] - z[i * width + j];
      sum += difference * difference;
    }
    into[i] = sum;
  }
}

function products({ x, z, rows }: Rows, into: Float64Array): void {
  const width = x.length;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += x[j] * z[i * width + j];
    into[i] = sum;
  }
}

/** Squared distances (rbf) or products become kernel values, in place. */
export function transformSums(kernel: Kernel, values: Float64Array | Float32Array): void {
  if (kernel.type === 'rbf') {
    const { gamma } = kernel;
    for (let i = 0; i < values.length; i++) values[i] = exp(-gamma * values[i]);
    return;
  }
  for (let i = 0; i < values.length; i++) values[i] = kernelValue(kernel, values[i]);
}

/** @param sum |x - z|^2 for rbf, else x . z */
function kernelValue(kernel: Kernel, sum: number): number {
  if (kernel.type === 'rbf') return exp(-kernel.gamma * sum);
  const linear = kernel.gamma * sum + kernel.coef0;
  return kernel.type === 'poly' ? power(linear, kernel.degree) : tanh(linear);
}

/** base^exponent by multiplying, which every engine rounds alike. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let i = 0; i < exponent; i++) product *= base;
  return product;
}

function tanh(x: number): number {
  const small = exp(-2 * Math.abs(x));
  const size = (1 - small) / (1 + small);
  return x < 0 ? -size : size;
}

/** Mean variance of the columns times their number: scikit-learn's gamma='scale' is 1 over it. */
export function spreadOf({ data, names }: Matrix): number {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    const delta = data[i] - mean;
    mean += delta / (i + 1);
    squares += delta * (data[i] - mean);
  }
  const spread = (squares / data.length) * names.length;
  return spread > 0 ? spread : 1;
}
