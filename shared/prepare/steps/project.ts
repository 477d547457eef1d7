import { symmetricEigen } from '../../stats/linear/symmetric-eigen.ts';
import type { Matrix } from '../matrix.ts';

/** (x - mean) . components, summed in float32 column by column (ONNX: Sub, MatMul). */
export type ProjectStep = {
  type: 'project';
  /** [columns] */
  mean: Float32Array;
  /** Row-major [columns, kept]. */
  components: Float32Array;
};

/**
 * Principal components (Pearson 1901) of the centred columns, as many as hold `share` of the
 * variance; the sign of each makes its largest coefficient positive. scikit-learn 1.2's
 * PCA(n_components=share), up to its signs. Null where nothing varies.
 * @param matrix without missing values
 * @param share of the variance, in (0, 1]
 * Cost: rows x columns^2 + columns^3.
 */
export function fitPca(matrix: Matrix, share: number): ProjectStep | null {
  const width = matrix.names.length;
  const means = columnMeans(matrix);
  const { values, vectors } = symmetricEigen(covariance(matrix, means));
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total === 0) return null;
  let kept = 0;
  for (let held = 0; kept < width && held < share * total * (1 - 1e-12); kept++)
    held += Math.max(0, values[kept]);
  const components = new Float32Array(width * kept);
  for (let c = 0; c < kept; c++) {
    const vector = upright(vectors[c]);
    for (let j = 0; j < width; j++) components[j * kept + c] = vector[j];
  }
  return { type: 'project', mean: Float32Array.from(means), components };
}

function columnMeans({ rows, names, data }: Matrix): Float64Array {
  const width = names.length;
  const sums = new Float64Array(width);
  for (let at = 0; at < data.length; at += width)
    for (let j = 0; j < width; j++) sums[j] += data[at + j];
  return sums.map((sum) => sum / rows);
}

function covariance({ rows, names, data }: Matrix, means: Float64Array): number[][] {
  const width = names.length;
  const sums = new Float64Array(width * width);
  const centred = new Float64Array(width);
  for (let at = 0; at < data.length; at += width) {
    for (let j = 0; j < width; j++) centred[j] = data[at + j] - means[j];
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) sums[i * width + j] += centred[i] * centred[j];
  }
  return Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (__, j) => sums[Math.max(i, j) * width + Math.min(i, j)] / rows),
  );
}

function upright(vector: readonly number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
  return largest < 0 ? vector.map((value) => -value) : [...vector];
}

export function applyProject({ mean, components }: ProjectStep, matrix: Matrix): Matrix {
  const width = mean.length;
  const kept = components.length / width;
  const { rows, data } = matrix;
  const into = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < width; j++) {
      const centred = Math.fround(data[row * width + j] - mean[j]);
      for (let c = 0; c < kept; c++)
        into[row * kept + c] += Math.fround(centred * components[j * kept + c]);
    }
  const names = Array.from({ length: kept }, (_, c) => `component ${c + 1}`);
  return { rows, names, data: into, categories: [] };
}
