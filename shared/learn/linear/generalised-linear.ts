import { log } from '../../core/portable-math.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Curve } from './curve.ts';
import type { LinearSolution } from './least-squares.ts';
import { unpackSolution } from './logistic-regression.ts';
import { fitSingleIndex, type IterationOptions } from './single-index.ts';
import { startingPoint } from './starting-point.ts';

/**
 * A generalised linear model with a log link: minimises the mean of half the deviance plus
 * alpha |c|^2 / 2, the intercept not penalised. scikit-learn 1.2.1: PoissonRegressor, GammaRegressor,
 * TweedieRegressor.
 * @param options `tol` is held against the gradient of that mean
 * Cost: that of fitSingleIndex.
 */
export function solveLogLinear(
  { matrix, target, weights }: LearningData,
  { curve, alpha }: { curve: Curve; alpha: number },
  options: IterationOptions & Pick<FitOptions, 'warmStart'>,
): LinearSolution {
  let weight = 0;
  let sum = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const w = weights === null ? 1 : weights[row];
    weight += w;
    sum += w * target[row];
  }
  // With nothing but zeros the best intercept is minus infinity; e^-30 is as good.
  const intercept = sum > 0 ? log(sum / weight) : -30;
  const { maxIter, tol, isTimeUp, warmStart } = options;
  const start = startingPoint(warmStart, { columns: matrix.names.length, outputs: 1 });
  const flat = fitSingleIndex(
    { matrix, target, weights, curve, alpha: alpha * weight, intercept, start },
    { maxIter, tol: tol * weight, isTimeUp },
  );
  return unpackSolution(flat, matrix.names.length + 1);
}
