import { log } from '../../../core/portable-math.ts';
import { factor, forward, solve } from './cholesky.ts';
import { negativeLogPosterior, squaredGaps, unpack } from './evidence.ts';
import { type Inputs, type KernelParameters, kernelOf } from './kernel.ts';
import { minimise } from './lbfgs.ts';

export type GaussianProcess = {
  readonly parameters: KernelParameters;
  /** Mean and variance of the function, noise apart, at a point. */
  posterior(point: Float64Array): { mean: number; variance: number };
  /** The same parameters with more observations. */
  extended(rows: readonly Float64Array[], targets: ArrayLike<number>): GaussianProcess;
};

const FIT = { mostSteps: 40, tolerance: 1e-2 };

/**
 * Gaussian process regression with a Matern 5/2 kernel and one length scale for each input, its
 * parameters at the maximum of the posterior density.
 * @param targets shape [n]; mean 0 and variance 1, or nearly
 * Cost: fit O(n^3) some forty times; a posterior O(n^2).
 * Source: Rasmussen and Williams (2006), 2.2, 4.2, 5.4; priors and start as in Optuna 5.0.0
 * (`GPSampler`).
 */
export function fitGaussianProcess(inputs: Inputs, targets: Float64Array): GaussianProcess {
  const width = inputs.isCategory.length;
  const start = new Float64Array(width + 2);
  start[width + 1] = log(0.01);
  const gaps = squaredGaps(inputs);
  const found = minimise(
    (point, slope) => negativeLogPosterior(point, slope, { gaps, targets, width }),
    start,
    FIT,
  );
  return condition(inputs, targets, unpack(found, width));
}

/** The process of given parameters, after observations. */
export function condition(
  inputs: Inputs,
  targets: Float64Array,
  parameters: KernelParameters,
): GaussianProcess {
  const { rows, isCategory } = inputs;
  const n = rows.length;
  const kernel = kernelOf(parameters, isCategory);
  const matrix = new Float64Array(n * n);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++)
      matrix[a * n + b] = kernel(rows[a], rows[b]) + (a === b ? parameters.noise : 0);
  const lower = factor(matrix, n);
  if (lower === null) throw new Error('Kernel matrix is not positive definite');
  const weights = solve(lower, targets);
  return {
    parameters,
    posterior: (point) => {
      const covariances = Float64Array.from(rows, (row) => kernel(row, point));
      const half = forward(lower, covariances);
      let mean = 0;
      let known = 0;
      for (let a = 0; a < n; a++) {
        mean += covariances[a] * weights[a];
        known += half[a] * half[a];
      }
      return { mean, variance: Math.max(0, parameters.scale - known) };
    },
    extended: (more, values) =>
      condition(
        { rows: [...rows, ...more], isCategory },
        Float64Array.from([...targets, ...Array.from(values)]),
        parameters,
      ),
  };
}
