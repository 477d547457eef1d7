import type { FitOptions, LearningData } from '../algorithm.ts';
import { balancedWeights } from '../linear/class-weight.ts';
import type { Curve } from '../linear/curve.ts';
import { type LinearSolution, toLinearEstimator } from '../linear/least-squares.ts';
import type { LinearEstimator } from '../linear/linear-estimator.ts';
import { unpackSolution } from '../linear/logistic-regression.ts';
import { fitMarginLink, withMarginLink } from '../linear/margin-links.ts';
import { marginsOf } from '../linear/ridge-classifier.ts';
import { fitSingleIndex } from '../linear/single-index.ts';
import { inTargetUnits, withScaledTarget } from '../linear/target-scale.ts';
import type { Parameters } from '../search/space.ts';
import { descendDual } from './dual-descent.ts';
import { squaredHingeCurve, squaredTubeCurve } from './margin-curves.ts';

/**
 * Linear support vector classifier: |w|^2 / 2 + C sum weights loss, the intercept part of w as in
 * liblinear and scikit-learn 1.2.1's LinearSVC (intercept_scaling=1). `squared-hinge`: Newton on the
 * primal (Keerthi and DeCoste 2005); `hinge`: dual coordinate descent. More than two classes: one
 * against the rest. Probabilities from margins out of fold.
 */
export function fitLinearSvc(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): LinearEstimator {
  const solve = (training: LearningData): LinearSolution =>
    solveLinearSvc(
      { ...training, weights: balancedWeights(training, parameters) },
      parameters,
      options,
    );
  const link = fitMarginLink(data, options.rng, (training, rows) =>
    marginsOf(solve(training), rows),
  );
  return toLinearEstimator(
    withMarginLink(solve(data), link),
    data.classes === 2 ? 'logistic' : 'softmax',
  );
}

/** One margin for two classes, positive for class 1, else one per class. */
export function solveLinearSvc(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): LinearSolution {
  const { target, classes } = data;
  const codes = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const total = data.matrix.names.length + 1;
  const flat = new Float64Array(codes.length * total);
  codes.forEach((code, k) => {
    const signs = target.map((value) => (value === code ? 1 : -1));
    const solution =
      parameters.loss === 'hinge'
        ? solveHinge(data, signs, { parameters, options })
        : solvePrimal({ ...data, target: signs }, squaredHingeCurve, { parameters, options });
    flat.set(solution, k * total);
  });
  return unpackSolution(flat, total);
}

type Given = { parameters: Parameters; options: FitOptions };

function solvePrimal(
  { matrix, target, weights }: LearningData,
  curve: Curve,
  { parameters, options }: Given,
): Float64Array {
  const alpha = 1 / Number(parameters.C);
  return fitSingleIndex(
    { matrix, target, weights, curve, alpha, intercept: 0, penalisesIntercept: true },
    {
      maxIter: Number(parameters.maxIter),
      tol: Number(parameters.tol),
      isTimeUp: options.isTimeUp,
    },
  );
}

const iterationOf = ({ parameters, options }: Given) => ({
  maxIter: Number(parameters.maxIter),
  tol: Number(parameters.tol),
  ...options,
});

function solveHinge(
  { matrix, weights }: LearningData,
  signs: Float64Array,
  given: Given,
): Float64Array {
  const limits = signs.map(
    (sign, row) => sign * Number(given.parameters.C) * (weights === null ? 1 : weights[row]),
  );
  const lower = limits.map((limit) => Math.min(limit, 0));
  const upper = limits.map((limit) => Math.max(limit, 0));
  return descendDual({ matrix, goal: signs, epsilon: 0, lower, upper }, iterationOf(given));
}

/**
 * Linear support vector regression: |w|^2 / 2 + C sum weights loss(|y - x . w| beyond epsilon), the
 * intercept part of w. scikit-learn 1.2.1's LinearSVR; `epsilon-insensitive` by dual coordinate
 * descent, its square by Newton on the primal.
 */
export function solveLinearSvr(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): LinearSolution {
  const { scaled, scale } = withScaledTarget(data, parameters);
  return inTargetUnits(solveScaledSvr(scaled, parameters, options), scale);
}

function solveScaledSvr(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): LinearSolution {
  const { matrix, target, weights } = data;
  const given = { parameters, options };
  const epsilon = Number(parameters.epsilon);
  const total = matrix.names.length + 1;
  if (parameters.loss === 'squared-epsilon-insensitive')
    return unpackSolution(solvePrimal(data, squaredTubeCurve(epsilon), given), total);
  const upper = target.map(
    (_, row) => Number(parameters.C) * (weights === null ? 1 : weights[row]),
  );
  const lower = upper.map((limit) => -limit);
  const problem = { matrix, goal: target, epsilon, lower, upper };
  return unpackSolution(descendDual(problem, iterationOf(given)), total);
}
