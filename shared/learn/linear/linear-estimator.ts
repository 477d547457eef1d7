import type { Matrix } from '../../prepare/matrix.ts';
import { applyLink, type Link } from '../link.ts';

/** link(intercepts + coefficients . row). */
export type LinearEstimator = {
  type: 'linear';
  /** Raw scores per row: 1 for a regression or a logistic link, else one per class. */
  outputs: number;
  /** Row-major [outputs, columns]. */
  coefficients: Float32Array;
  /** [outputs] */
  intercepts: Float32Array;
  link: Link;
};

/** Sums in float32, column by column, as a graph runtime does. */
export function scoreLinear(estimator: LinearEstimator, matrix: Matrix): Float32Array {
  const { outputs, coefficients, intercepts, link } = estimator;
  const width = matrix.names.length;
  const scores = new Float32Array(matrix.rows * outputs);
  for (let row = 0; row < matrix.rows; row++)
    for (let k = 0; k < outputs; k++) {
      let sum = 0;
      for (let j = 0; j < width; j++)
        sum = Math.fround(
          sum + Math.fround(matrix.data[row * width + j] * coefficients[k * width + j]),
        );
      scores[row * outputs + k] = sum + intercepts[k];
    }
  return applyLink(link, scores, outputs);
}
