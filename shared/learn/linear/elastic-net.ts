import { descendOnce } from './coordinate-descent.ts';
import { dot, maxAbsolute } from './l-bfgs.ts';
import { type LinearSolution, withIntercepts } from './least-squares.ts';
import type { MatrixMoments } from './matrix-moments.ts';

export type ElasticNetOptions = {
  /** Strength of the penalty, per row. */
  alpha: number;
  /** Share of the penalty that is L1; 1 is the lasso. */
  l1Ratio: number;
  maxIter: number;
  /** Stops once the duality gap is at most this share of y^T y. */
  tol: number;
  isTimeUp?: () => boolean;
};

/**
 * Minimises |y - b - X c|^2 / (2 n) + alpha l1Ratio |c|_1 + alpha (1 - l1Ratio) |c|^2 / 2 by cyclic
 * coordinate descent on the Gram matrix, n the sum of the weights; the intercept is not penalised.
 * Source: Friedman, Hastie and Tibshirani 2010; the duality gap of Kim et al. 2007 as in
 * scikit-learn 1.2.1's enet_coordinate_descent_gram.
 * Cost: columns^2 per pass.
 */
export function solveElasticNet(
  moments: MatrixMoments,
  { alpha, l1Ratio, maxIter, tol, isTimeUp }: ElasticNetOptions,
): LinearSolution {
  const { width, gram, weight } = moments;
  const cross = moments.cross[0];
  const penalty = { l1: alpha * l1Ratio * weight, l2: alpha * (1 - l1Ratio) * weight };
  const a = gram.slice();
  for (let j = 0; j < width; j++) a[j * width + j] += penalty.l2;
  const problem = { a, b: cross, l1: new Float64Array(width).fill(penalty.l1) };
  const x = new Float64Array(width);
  const ax = new Float64Array(width);
  for (let i = 0; i < maxIter && !isTimeUp?.(); i++) {
    const change = descendOnce(problem, x, ax);
    const isSettled = change <= tol * maxAbsolute(x);
    if (!isSettled && i < maxIter - 1) continue;
    if (
      gapOf({ x, ax, cross, squares: moments.squares[0], ...penalty }) <=
      tol * moments.squares[0]
    )
      break;
  }
  return withIntercepts(moments, [x]);
}

type GapInput = {
  x: Float64Array;
  /** (X^T X + l2 I) x */
  ax: Float64Array;
  cross: Float64Array;
  squares: number;
  l1: number;
  l2: number;
};

/** How far above the minimum the objective can be. */
function gapOf({ x, ax, cross, squares, l1, l2 }: GapInput): number {
  const fitted = dot(cross, x);
  const norm2 = dot(x, x);
  const residuals = squares + dot(x, ax) - l2 * norm2 - 2 * fitted;
  const dualNorm = maxAbsolute(cross.map((value, j) => value - ax[j]));
  const scale = dualNorm > l1 ? l1 / dualNorm : 1;
  const norm1 = x.reduce((sum, value) => sum + Math.abs(value), 0);
  const quadratic = 0.5 * residuals * (1 + scale * scale) + 0.5 * l2 * norm2 * (1 + scale * scale);
  return quadratic + l1 * norm1 - scale * (squares - fitted);
}
