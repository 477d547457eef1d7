import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { balancedWeights } from './class-weight.ts';
import { logisticCurve } from './curve.ts';
import { type LinearSolution, toLinearEstimator } from './least-squares.ts';
import type { LinearEstimator } from './linear-estimator.ts';
import { minimiseProximal } from './proximal.ts';
import { createSweep, fitSingleIndex } from './single-index.ts';
import { fitSoftmax, softmaxSmooth } from './softmax-regression.ts';
import { startingPoint } from './starting-point.ts';

/**
 * Logistic regression with an L2 penalty: C sum w log loss + |coefficients|^2 / 2, intercepts free. Two
 * classes have one score, more have one each (multinomial). scikit-learn 1.2.1: LogisticRegression.
 */
export const fitLogisticRegression = (
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): LinearEstimator =>
  toLinearEstimator(
    solveLogistic(data, parameters, options),
    data.classes === 2 ? 'logistic' : 'softmax',
  );

/** The solution in double precision: one score for two classes, else one per class. */
export function solveLogistic(
  data: LearningData,
  parameters: Parameters,
  { isTimeUp, warmStart }: FitOptions,
): LinearSolution {
  const { matrix, target, classes } = data;
  const weights = balancedWeights(data, parameters);
  const start = startOf(data, warmStart);
  const problem = { matrix, target, weights, alpha: 1 / Number(parameters.C), start };
  const iteration = { maxIter: Number(parameters.maxIter), tol: Number(parameters.tol), isTimeUp };
  const flat =
    classes === 2
      ? fitSingleIndex({ ...problem, curve: logisticCurve, intercept: 0 }, iteration)
      : fitSoftmax({ ...problem, classes }, iteration);
  return unpackSolution(flat, matrix.names.length + 1);
}

/**
 * Logistic regression with an elastic-net penalty: C sum w log loss + l1Ratio |c|_1 +
 * (1 - l1Ratio) |c|^2 / 2, intercepts free; two classes have one score, more have one each.
 * scikit-learn 1.2.1: LogisticRegression(penalty='elasticnet', solver='saga'); `tol` is held against
 * the change of the coefficients.
 */
export function fitSparseLogistic(
  data: LearningData,
  parameters: Parameters,
  { isTimeUp, warmStart }: FitOptions,
): LinearEstimator {
  const { matrix, target, classes } = data;
  const total = matrix.names.length + 1;
  const strength = 1 / Number(parameters.C);
  const l1Ratio = Number(parameters.l1Ratio);
  const weights = balancedWeights(data, parameters);
  const problem = { matrix, target, weights, alpha: strength * (1 - l1Ratio) };
  const smooth =
    classes === 2
      ? createSweep({ ...problem, curve: logisticCurve })
      : softmaxSmooth({ ...problem, classes });
  const l1 = new Float64Array(total * (classes === 2 ? 1 : classes)).fill(strength * l1Ratio);
  for (let at = total - 1; at < l1.length; at += total) l1[at] = 0;
  const { maxIter, tol } = parameters;
  const options = { l1, maxIter: Number(maxIter), tol: Number(tol), isTimeUp };
  const start = startOf(data, warmStart) ?? new Float64Array(l1.length);
  const flat = minimiseProximal(smooth, start, options);
  return toLinearEstimator(unpackSolution(flat, total), classes === 2 ? 'logistic' : 'softmax');
}

const startOf = ({ matrix, classes }: LearningData, warmStart: FitOptions['warmStart']) =>
  startingPoint(warmStart, {
    ...{ columns: matrix.names.length, outputs: classes === 2 ? 1 : classes },
  });

/** @param flat row-major [outputs, total], the intercept last */
export function unpackSolution(flat: Float64Array, total: number): LinearSolution {
  const outputs = Array.from({ length: flat.length / total }, (_, k) => k * total);
  return {
    coefficients: outputs.map((at) => flat.slice(at, at + total - 1)),
    intercepts: Float64Array.from(outputs, (at) => flat[at + total - 1]),
  };
}
