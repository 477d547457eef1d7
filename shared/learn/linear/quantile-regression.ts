import type { LearningData } from '../algorithm.ts';
import { followPath } from './interior-point.ts';
import type { LinearSolution } from './least-squares.ts';
import { unpackSolution } from './logistic-regression.ts';
import { createRowDesign } from './row-design.ts';
import { inTargetUnits, targetScaleOf } from './target-scale.ts';

export type QuantileOptions = {
  /** In (0, 1). */
  quantile: number;
  /** Strength of the L1 penalty, per row. */
  alpha: number;
  maxIter: number;
  isTimeUp?: () => boolean;
};

/**
 * Linear quantile regression: minimises sum w pinball(y - b - X c) / sum w + alpha |c|_1, the
 * intercept not penalised: scikit-learn 1.2.1's QuantileRegressor. That solves a linear program with
 * HiGHS; this runs the Frisch-Newton interior-point method on the dual (Portnoy and Koenker 1997),
 * to a duality gap of 1e-10 of the targets' spread. Where many solutions are equally good, one within them.
 * Cost: 15 to 40 iterations of rows x columns^2 / 2.
 */
export function solveQuantile(
  { matrix, target, weights }: LearningData,
  { quantile, alpha, maxIter, isTimeUp }: QuantileOptions,
): LinearSolution {
  const width = matrix.names.length;
  const kept = Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  const n = kept.length + (alpha > 0 ? width : 0);
  const box = new Float64Array(n);
  const cost = new Float64Array(n);
  const dual = new Float64Array(n);
  // The gap is held against the targets' size: around their mean, that is their spread.
  const scale = targetScaleOf(target, weights);
  let weight = 0;
  kept.forEach((row, i) => {
    const w = weights === null ? 1 : weights[row];
    weight += w;
    box[i] = w;
    cost[i] = scale.mean - target[row];
    dual[i] = w * (1 - quantile);
  });
  for (let i = kept.length; i < n; i++) {
    box[i] = 2 * alpha * weight;
    dual[i] = alpha * weight;
  }
  const design = createRowDesign(matrix, Uint32Array.from(kept), { hasPenalty: alpha > 0 });
  const found = followPath({ design, cost, box }, dual, { maxIter, isTimeUp });
  const solution = unpackSolution(
    found.map((value) => -value),
    width + 1,
  );
  return inTargetUnits(solution, { mean: scale.mean, deviation: 1 });
}
