import type { Matrix } from '../../prepare/matrix.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { balancedWeights } from './class-weight.ts';
import { type LinearSolution, solveLeastSquares, toLinearEstimator } from './least-squares.ts';
import type { LinearEstimator } from './linear-estimator.ts';
import { fitMarginLink, type Margins, withMarginLink } from './margin-links.ts';
import { matrixMoments } from './matrix-moments.ts';

/**
 * Ridge regression of +1 for a class and -1 for the others (scikit-learn 1.2.1's RidgeClassifier),
 * with probabilities from margins out of fold.
 */
export function fitRidgeClassifier(
  data: LearningData,
  parameters: Parameters,
  { rng }: FitOptions,
): LinearEstimator {
  const alpha = Number(parameters.alpha);
  const weighted = { ...data, weights: balancedWeights(data, parameters) };
  const link = fitMarginLink(data, rng, (training, rows) =>
    marginsOf(solveRidgeClassifier(training, balancedWeights(training, parameters), alpha), rows),
  );
  const solution = solveRidgeClassifier(weighted, weighted.weights, alpha);
  return toLinearEstimator(
    withMarginLink(solution, link),
    data.classes === 2 ? 'logistic' : 'softmax',
  );
}

/** One margin for two classes, else one per class. */
export function solveRidgeClassifier(
  { matrix, target, classes }: LearningData,
  weights: Float64Array | null,
  alpha: number,
): LinearSolution {
  const codes = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const targets = codes.map((code) => target.map((value) => (value === code ? 1 : -1)));
  return solveLeastSquares(matrixMoments(matrix, targets, weights), alpha);
}

/** Row-major [rows, outputs] in double precision. */
export function marginsOf({ coefficients, intercepts }: LinearSolution, matrix: Matrix): Margins {
  const outputs = coefficients.length;
  const width = matrix.names.length;
  const margins = new Float64Array(matrix.rows * outputs);
  for (let k = 0; k < outputs; k++) {
    const slopes = coefficients[k];
    for (let row = 0; row < matrix.rows; row++) {
      let sum = intercepts[k];
      for (let j = 0; j < width; j++) sum += slopes[j] * matrix.data[row * width + j];
      margins[row * outputs + k] = sum;
    }
  }
  return margins;
}
