import { exp } from '../../core/portable-math.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';
import { BLOCK_ROWS, createColumnBlock, dotColumn, fillColumns } from './column-block.ts';
import { minimiseLbfgs } from './l-bfgs.ts';
import type { LinearSolution } from './least-squares.ts';
import { unpackSolution } from './logistic-regression.ts';
import { startingPoint } from './starting-point.ts';
import { inTargetUnits, targetScaleOf } from './target-scale.ts';

export type HuberProblem = {
  matrix: Matrix;
  target: Float64Array;
  weights: Float64Array | null;
  /** Residuals beyond this many scales count by their size, not by their square. */
  epsilon: number;
  alpha: number;
  maxIter: number;
  tol: number;
  isTimeUp?: () => boolean;
  warmStart?: FittedEstimator;
};

/**
 * Huber's regression with concomitant scale: minimises sum w (s + h(r / s) s) + alpha |c|^2 over
 * coefficients, intercept and the scale s, with h(z) = z^2 up to epsilon and 2 epsilon |z| - epsilon^2
 * beyond (Huber and Ronchetti 2009, 7.8; Owen 2007). L-BFGS over log s, which needs no bound.
 * scikit-learn 1.2.1: HuberRegressor.
 * Cost: 2 rows x columns per evaluation.
 */
export function solveHuber(problem: HuberProblem): LinearSolution {
  const { matrix, target, weights, maxIter, tol, isTimeUp } = problem;
  const total = matrix.names.length + 1;
  // Units in which intercept and scale start near 0 and 1, or the line search takes long to arrive.
  const scale = targetScaleOf(target, weights);
  const scaled = target.map((value) => (value - scale.mean) / scale.deviation);
  const smooth = createObjective({
    ...problem,
    target: scaled,
    alpha: problem.alpha * scale.deviation,
  });
  const start = new Float64Array(total + 1);
  const before = { columns: total - 1, outputs: 1 };
  start.set(startingPoint(problem.warmStart, before, scale) ?? []);
  const found = minimiseLbfgs(smooth, start, { maxIter, tol, isTimeUp });
  return inTargetUnits(unpackSolution(found.slice(0, total), total), scale);
}

/** The least scale, in standard deviations of the target: without noise it would go to 0. */
const MIN_LOG_SCALE = -20;

function createObjective({ matrix, target, weights, epsilon, alpha }: HuberProblem) {
  const width = matrix.names.length;
  const block = createColumnBlock(width + 1);
  const slope = new Float64Array(BLOCK_ROWS);
  const residual = new Float64Array(BLOCK_ROWS);
  return (x: Float64Array, gradient: Float64Array): number => {
    const scale = exp(Math.max(x[width + 1], MIN_LOG_SCALE));
    let value = 0;
    let byScale = 0;
    gradient.fill(0);
    for (let from = 0; from < matrix.rows; from += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, matrix.rows - from);
      fillColumns(block, matrix, { from, rows });
      block.fill(1, width * BLOCK_ROWS);
      for (let r = 0; r < rows; r++) residual[r] = -target[from + r];
      for (let j = 0; j <= width; j++)
        for (let r = 0; r < rows; r++) residual[r] += x[j] * block[j * BLOCK_ROWS + r];
      for (let r = 0; r < rows; r++) {
        const w = weights === null ? 1 : weights[from + r];
        const z = residual[r] / scale;
        const isFar = Math.abs(z) > epsilon;
        const loss = isFar ? 2 * epsilon * Math.abs(z) - epsilon * epsilon : z * z;
        slope[r] = w * (isFar ? 2 * epsilon * Math.sign(z) : 2 * z);
        value += w * scale * (1 + loss);
        byScale += w * (1 + loss) - slope[r] * z;
      }
      for (let j = 0; j <= width; j++) gradient[j] += dotColumn(block, j, { values: slope, rows });
    }
    for (let j = 0; j < width; j++) {
      value += alpha * x[j] * x[j];
      gradient[j] += 2 * alpha * x[j];
    }
    gradient[width + 1] = x[width + 1] > MIN_LOG_SCALE ? byScale * scale : 0;
    return value;
  };
}
