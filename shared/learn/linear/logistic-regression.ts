import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { balancedWeights } from './class-weight.ts';
import { logisticCurve } from './curve.ts';
import { type LinearSolution, toLinearEstimator } from './least-squares.ts';
import type { LinearEstimator } from './linear-estimator.ts';
import { fitSingleIndex } from './single-index.ts';
import { fitSoftmax } from './softmax-regression.ts';

/**
 * Logistic regression with an L2 penalty: C sum w log loss + |coefficients|^2 / 2, intercepts free. Two
 * classes have one score, more have one each (multinomial). scikit-learn 1.2.1: LogisticRegression.
 */
export const fitLogisticRegression = (
  data: LearningData,
  parameters: Parameters,
  { isTimeUp }: FitOptions,
): LinearEstimator =>
  toLinearEstimator(
    solveLogistic(data, parameters, isTimeUp),
    data.classes === 2 ? 'logistic' : 'softmax',
  );

/** The solution in double precision: one score for two classes, else one per class. */
export function solveLogistic(
  data: LearningData,
  parameters: Parameters,
  isTimeUp?: () => boolean,
): LinearSolution {
  const { matrix, target, classes } = data;
  const weights = balancedWeights(data, parameters);
  const problem = { matrix, target, weights, alpha: 1 / Number(parameters.C) };
  const iteration = { maxIter: Number(parameters.maxIter), tol: Number(parameters.tol), isTimeUp };
  const flat =
    classes === 2
      ? fitSingleIndex({ ...problem, curve: logisticCurve, intercept: 0 }, iteration)
      : fitSoftmax({ ...problem, classes }, iteration);
  return unpackSolution(flat, matrix.names.length + 1);
}

/** @param flat row-major [outputs, total], the intercept last */
export function unpackSolution(flat: Float64Array, total: number): LinearSolution {
  const outputs = Array.from({ length: flat.length / total }, (_, k) => k * total);
  return {
    coefficients: outputs.map((at) => flat.slice(at, at + total - 1)),
    intercepts: Float64Array.from(outputs, (at) => flat[at + total - 1]),
  };
}
