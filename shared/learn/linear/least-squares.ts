import type { Link } from '../link.ts';
import type { LinearEstimator } from './linear-estimator.ts';
import type { MatrixMoments } from './matrix-moments.ts';
import { semiDefiniteSolver } from './solve-symmetric.ts';

/** intercepts[k] + coefficients[k] . row, in double precision. */
export type LinearSolution = { coefficients: Float64Array[]; intercepts: Float64Array };

/**
 * Minimises sum w (y - b - x . c)^2 + alpha |c|^2 for each target, the intercept b not penalised, by
 * the normal equations of centred columns. alpha as in scikit-learn's Ridge: not divided by the
 * number of rows. With alpha 0 and collinear columns, the solution of least norm, as there.
 * Cost: columns^3 / 3 per target.
 */
export function solveLeastSquares(moments: MatrixMoments, alpha: number): LinearSolution {
  const { width, gram, cross } = moments;
  const system = gram.slice();
  for (let i = 0; i < width; i++) system[i * width + i] += alpha;
  return withIntercepts(moments, cross.map(semiDefiniteSolver(system, width)));
}

/** Intercepts that make the mean residual of each target zero. */
export function withIntercepts(
  { means, targetMeans }: MatrixMoments,
  coefficients: Float64Array[],
): LinearSolution {
  const intercepts = coefficients.map((slopes, t) => {
    let offset = targetMeans[t];
    for (let j = 0; j < slopes.length; j++) offset -= slopes[j] * means[j];
    return offset;
  });
  return { coefficients, intercepts: Float64Array.from(intercepts) };
}

/** The solution in the float32 that is scored and exported. */
export function toLinearEstimator(
  { coefficients, intercepts }: LinearSolution,
  link: Link,
): LinearEstimator {
  const width = coefficients[0].length;
  const flat = new Float32Array(coefficients.length * width);
  coefficients.forEach((slopes, k) => {
    flat.set(slopes, k * width);
  });
  return {
    ...{ type: 'linear', outputs: coefficients.length, link },
    coefficients: flat,
    intercepts: Float32Array.from(intercepts),
  };
}
