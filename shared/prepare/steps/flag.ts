import type { Matrix } from '../matrix.ts';
import { type Fences, fitFences, flagOutliers, type OutlierRule } from './clip.ts';

/** Appends a column: 1 where any value of the row is beyond its column's fence, else 0 (ONNX: Less, Greater). */
export type FlagStep = { type: 'flag' } & Fences;

/** @see fitFences */
export const fitFlag = (matrix: Matrix, rule: OutlierRule): FlagStep => {
  const { low, high } = fitFences(matrix, rule);
  return { type: 'flag', low, high };
};

export const applyFlag = (fences: FlagStep, matrix: Matrix): Matrix =>
  appendFlags(matrix, flagOutliers(fences, matrix));

/** The matrix with one more column. @param isOutlier by row: 0 or 1 */
export function appendFlags(matrix: Matrix, isOutlier: Uint8Array): Matrix {
  const { rows, names } = matrix;
  const width = names.length;
  const data = new Float32Array(rows * (width + 1));
  for (let row = 0; row < rows; row++) {
    data.set(matrix.data.subarray(row * width, (row + 1) * width), row * (width + 1));
    data[row * (width + 1) + width] = isOutlier[row];
  }
  return { ...matrix, names: [...names, 'is an outlier'], data };
}
