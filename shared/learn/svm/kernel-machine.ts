import type { Matrix } from '../../prepare/matrix.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import { balancedWeights } from '../linear/class-weight.ts';
import { fitMarginLink } from '../linear/margin-links.ts';
import { withScaledTarget } from '../linear/target-scale.ts';
import type { Parameters } from '../search/space.ts';
import { type Kernel, kernelRow, spreadOf } from './kernel.ts';
import { createKernelCache } from './kernel-cache.ts';
import { type KernelEstimator, toKernelEstimator } from './kernel-estimator.ts';
import { solveSmo } from './smo.ts';

/** coefficients[k, row] of the training rows, and intercepts. */
export type KernelSolution = { coefficients: Float64Array[]; intercepts: number[] };

/**
 * The kernel that the parameters name; its gamma is `gammaScale` / (columns x variance of all cells),
 * so that 1 is scikit-learn's gamma='scale'.
 */
export function kernelOf(parameters: Parameters, matrix: Matrix): Kernel {
  const gamma = Number(parameters.gammaScale) / spreadOf(matrix);
  const coef0 = Number(parameters.coef0);
  switch (parameters.kernel) {
    case 'poly':
      return { type: 'poly', gamma, coef0, degree: Number(parameters.degree) };
    case 'sigmoid':
      return { type: 'sigmoid', gamma, coef0 };
    default:
      return { type: 'rbf', gamma };
  }
}

/**
 * C-support vector classification. Two classes: scikit-learn 1.2.1's SVC; more: one against the rest
 * (there one against one), which needs one set of coefficients per class. Probabilities from margins
 * out of fold.
 */
export function fitKernelSvc(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): KernelEstimator {
  const { matrix, classes } = data;
  const kernel = kernelOf(parameters, matrix);
  const solve = (training: LearningData) =>
    solveKernelSvc(training, { kernel, parameters, options });
  const link = fitMarginLink(data, options.rng, (training, rows) =>
    kernelMargins(solve(training), { kernel, training: training.matrix, rows }),
  );
  const { coefficients, intercepts } = solve(data);
  return toKernelEstimator(
    { kernel, matrix, link: classes === 2 ? 'logistic' : 'softmax' },
    {
      coefficients: coefficients.map((values) => values.map((value) => value * link.slope)),
      intercepts: intercepts.map((value, k) => value * link.slope + link.offsets[k]),
    },
  );
}

type Given = { kernel: Kernel; parameters: Parameters; options: FitOptions };

/** Margins for two classes: one, positive for class 1; else one per class. */
export function solveKernelSvc(
  data: LearningData,
  { kernel, parameters, options }: Given,
): KernelSolution {
  const { matrix, target, classes } = data;
  const weights = balancedWeights(data, parameters);
  const cache = createKernelCache(kernel, matrix);
  const upper = target.map(
    (_, row) => Number(parameters.C) * (weights === null ? 1 : weights[row]),
  );
  const linear = new Float64Array(matrix.rows).fill(-1);
  const codes = classes === 2 ? [1] : Array.from({ length: classes }, (_, k) => k);
  const solutions = codes.map((code) => {
    const sign = Int8Array.from(target, (value) => (value === code ? 1 : -1));
    const { a, rho } = solveSmo({ cache, sign, linear, upper }, smoOptions(parameters, options));
    return { coefficients: a.map((value, row) => sign[row] * value), intercept: -rho };
  });
  return {
    coefficients: solutions.map(({ coefficients }) => coefficients),
    intercepts: solutions.map(({ intercept }) => intercept),
  };
}

const smoOptions = ({ tol, maxIter }: Parameters, { isTimeUp }: FitOptions) => ({
  tol: Number(tol),
  maxIter: Number(maxIter),
  isTimeUp,
});

/** Epsilon-support vector regression: scikit-learn 1.2.1's SVR (Smola and Schoelkopf 2004). */
export function fitKernelSvr(
  data: LearningData,
  parameters: Parameters,
  options: FitOptions,
): KernelEstimator {
  const { scaled, scale } = withScaledTarget(data, parameters);
  const { matrix, target, weights } = scaled;
  const kernel = kernelOf(parameters, matrix);
  const { rows } = matrix;
  const epsilon = Number(parameters.epsilon);
  const problem = {
    cache: createKernelCache(kernel, matrix),
    sign: Int8Array.from({ length: 2 * rows }, (_, i) => (i < rows ? 1 : -1)),
    linear: Float64Array.from({ length: 2 * rows }, (_, i) =>
      i < rows ? epsilon - target[i] : epsilon + target[i - rows],
    ),
    upper: Float64Array.from(
      { length: 2 * rows },
      (_, i) => Number(parameters.C) * (weights === null ? 1 : weights[i % rows]),
    ),
  };
  const { a, rho } = solveSmo(problem, smoOptions(parameters, options));
  const coefficients = Float64Array.from(
    { length: rows },
    (_, row) => scale.deviation * (a[row] - a[row + rows]),
  );
  return toKernelEstimator(
    { kernel, matrix, link: 'identity' },
    { coefficients: [coefficients], intercepts: [scale.mean - scale.deviation * rho] },
  );
}

/** Row-major [rows, outputs] in double precision. */
export function kernelMargins(
  { coefficients, intercepts }: KernelSolution,
  { kernel, training, rows }: { kernel: Kernel; training: Matrix; rows: Matrix },
): Float64Array {
  const outputs = coefficients.length;
  const margins = new Float64Array(rows.rows * outputs);
  const values = new Float64Array(training.rows);
  for (let row = 0; row < rows.rows; row++) {
    kernelRow(kernel, { matrix: rows, row }, { against: training, into: values });
    for (let k = 0; k < outputs; k++) {
      let sum = intercepts[k];
      for (let i = 0; i < values.length; i++) sum += coefficients[k][i] * values[i];
      margins[row * outputs + k] = sum;
    }
  }
  return margins;
}
