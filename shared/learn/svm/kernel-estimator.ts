import type { Matrix } from '../../prepare/matrix.ts';
import { applyLink, type Link } from '../link.ts';
import { type Kernel, transformSums } from './kernel.ts';

/**
 * link(intercepts[k] + sum over vectors i of coefficients[k, i] kernel(row, vector i)): support vector
 * machines, kernel ridge, Gaussian processes. Arrays are float32, everything computed of them float64
 * up to the score, which is rounded before the link: coefficients cancel.
 */
export type KernelEstimator = {
  type: 'kernel';
  kernel: Kernel;
  /** Row-major [count, columns]. */
  vectors: Float32Array;
  /** Vectors. */
  count: number;
  outputs: number;
  /** Row-major [outputs, count]. */
  coefficients: Float32Array;
  /** [outputs] */
  intercepts: Float32Array;
  link: Link;
};

/** Cost: rows x vectors x (columns + outputs). */
export function scoreKernel(estimator: KernelEstimator, matrix: Matrix): Float32Array {
  const { kernel, vectors, count, outputs, coefficients, intercepts, link } = estimator;
  const width = matrix.names.length;
  const scores = new Float32Array(matrix.rows * outputs);
  const values = new Float64Array(count);
  for (let row = 0; row < matrix.rows; row++) {
    const from = row * width;
    const sumOf = kernel.type === 'rbf' ? squaredDistance : product;
    for (let i = 0; i < count; i++)
      values[i] = sumOf(matrix.data, from, { vectors, at: i * width, width });
    transformSums(kernel, values);
    for (let k = 0; k < outputs; k++) {
      let sum = intercepts[k];
      for (let i = 0; i < count; i++) sum += coefficients[k * count + i] * values[i];
      scores[row * outputs + k] = sum;
    }
  }
  return applyLink(link, scores, outputs);
}

type Against = { vectors: Float32Array; at: number; width: number };

function squaredDistance(x: Float32Array, from: number, { vectors, at, width }: Against): number {
  let sum = 0;
  for (let j = 0; j < width; j++) {
    const difference = x[from + j] - vectors[at + j];
    sum += difference * difference;
  }
  return sum;
}

function product(x: Float32Array, from: number, { vectors, at, width }: Against): number {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += x[from + j] * vectors[at + j];
  return sum;
}

/** The estimator in float32, of the vectors that any output uses. */
export function toKernelEstimator(
  { kernel, matrix, link }: { kernel: Kernel; matrix: Matrix; link: Link },
  {
    coefficients,
    intercepts,
  }: { coefficients: readonly Float64Array[]; intercepts: ArrayLike<number> },
): KernelEstimator {
  const width = matrix.names.length;
  const used: number[] = [];
  for (let row = 0; row < matrix.rows; row++)
    if (coefficients.some((values) => values[row] !== 0)) used.push(row);
  const vectors = new Float32Array(used.length * width);
  used.forEach((row, i) => {
    vectors.set(matrix.data.subarray(row * width, (row + 1) * width), i * width);
  });
  const flat = new Float32Array(coefficients.length * used.length);
  coefficients.forEach((values, k) => {
    flat.set(
      used.map((row) => values[row]),
      k * used.length,
    );
  });
  return {
    ...{ type: 'kernel', kernel, vectors, count: used.length, outputs: coefficients.length, link },
    coefficients: flat,
    intercepts: Float32Array.from(intercepts),
  };
}
