import { minimise } from './lbfgs.ts';

/** Inputs of a process: numbers in [0, 1], or codes of categories, of which only equality counts. */
export type Inputs = { rows: readonly Float64Array[]; isCategory: readonly boolean[] };

/** Inverse squared length scales by input, variance of the function, variance of the noise. */
export type KernelParameters = { precisions: Float64Array; scale: number; noise: number };

export type GaussianProcess = {
  readonly parameters: KernelParameters;
  /** Mean and variance of the function, noise apart, at a point. */
  posterior(point: Float64Array): { mean: number; variance: number };
  /** The same parameters with more observations. */
  extended(rows: readonly Float64Array[], targets: ArrayLike<number>): GaussianProcess;
};

const ROOT_5 = Math.sqrt(5);
const LEAST_NOISE = 1e-6;
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
  start[width + 1] = Math.log(0.01);
  const gaps = squaredGaps(inputs);
  const found = minimise(
    (point, slope) => negativeLogPosterior(point, slope, { gaps, targets, width }),
    start,
    FIT,
  );
  return condition(inputs, targets, unpack(found, width));
}

const unpack = (logs: Float64Array, width: number): KernelParameters => ({
  precisions: logs.subarray(0, width).map(Math.exp),
  scale: Math.exp(logs[width]),
  noise: Math.exp(logs[width + 1]) + LEAST_NOISE,
});

/** By input, the squared distances of all pairs, row-major [n, n]. */
function squaredGaps({ rows, isCategory }: Inputs): Float64Array[] {
  const n = rows.length;
  return isCategory.map((isCode, j) => {
    const gaps = new Float64Array(n * n);
    for (let a = 0; a < n; a++)
      for (let b = 0; b < a; b++) gaps[a * n + b] = squaredGap(rows[a][j], rows[b][j], isCode);
    return gaps;
  });
}

const squaredGap = (a: number, b: number, isCategory: boolean): number =>
  isCategory ? (a === b ? 0 : 1) : (a - b) * (a - b);

const matern = (squared: number): number => {
  const r = ROOT_5 * Math.sqrt(squared);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
};

/** Derivative of `matern` by the squared distance. */
const maternSlope = (squared: number): number => {
  const r = ROOT_5 * Math.sqrt(squared);
  return (-5 / 6) * (1 + r) * Math.exp(-r);
};

type Evidence = { gaps: readonly Float64Array[]; targets: Float64Array; width: number };

function negativeLogPosterior(logs: Float64Array, slope: Float64Array, evidence: Evidence): number {
  const { gaps, targets, width } = evidence;
  const n = targets.length;
  const { precisions, scale, noise } = unpack(logs, width);
  const squared = new Float64Array(n * n);
  for (let j = 0; j < width; j++)
    for (let at = 0; at < n * n; at++) squared[at] += precisions[j] * gaps[j][at];
  const kernel = squared.map((value) => scale * matern(value));
  for (let a = 0; a < n; a++) kernel[a * n + a] += noise;
  const lower = factor(kernel, n);
  if (lower === null) return Number.POSITIVE_INFINITY;
  const weights = solve(lower, targets);
  let loss = 0;
  for (let a = 0; a < n; a++) loss += Math.log(lower[a * n + a]) + 0.5 * targets[a] * weights[a];
  const inverse = invert(lower, n);
  slope.fill(0);
  for (let a = 0; a < n; a++)
    for (let b = 0; b <= a; b++) {
      const pull = (inverse[a * n + b] - weights[a] * weights[b]) * (a === b ? 0.5 : 1);
      const at = a * n + b;
      slope[width] += pull * scale * matern(squared[at]);
      if (a === b) slope[width + 1] += pull * (noise - LEAST_NOISE);
      const each = pull * scale * maternSlope(squared[at]);
      for (let j = 0; j < width; j++) slope[j] += each * precisions[j] * gaps[j][at];
    }
  return loss + negativeLogPrior({ precisions, scale, noise }, slope);
}

/** Adds its gradient by the logarithms of the parameters. */
function negativeLogPrior(parameters: KernelParameters, slope: Float64Array): number {
  const { precisions, scale, noise } = parameters;
  const width = precisions.length;
  let loss = scale - Math.log(scale) + 30 * noise - 0.1 * Math.log(noise);
  slope[width] += scale - 1;
  slope[width + 1] += (30 - 0.1 / noise) * (noise - LEAST_NOISE);
  precisions.forEach((precision, j) => {
    loss += 0.1 / precision + 0.1 * precision;
    slope[j] += 0.1 * precision - 0.1 / precision;
  });
  return loss;
}

function condition(
  inputs: Inputs,
  targets: Float64Array,
  parameters: KernelParameters,
): GaussianProcess {
  const { rows, isCategory } = inputs;
  const n = rows.length;
  const kernel = (a: Float64Array, b: Float64Array): number => {
    let squared = 0;
    for (let j = 0; j < a.length; j++)
      squared += parameters.precisions[j] * squaredGap(a[j], b[j], isCategory[j]);
    return parameters.scale * matern(squared);
  };
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

/** Cholesky's factor from the lower triangle; null when not positive definite. */
function factor(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      if (i > j) lower[i * n + j] = sum / lower[j * n + j];
      else if (sum > 0) lower[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  return lower;
}

function forward(lower: Float64Array, right: ArrayLike<number>): Float64Array {
  const n = right.length;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= lower[i * n + k] * x[k];
    x[i] = sum / lower[i * n + i];
  }
  return x;
}

function solve(lower: Float64Array, right: ArrayLike<number>): Float64Array {
  const x = forward(lower, right);
  const n = x.length;
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= lower[i * n + i];
    for (let k = 0; k < i; k++) x[k] -= lower[i * n + k] * x[i];
  }
  return x;
}

/** Lower triangle of the inverse of L L^T. */
function invert(lower: Float64Array, n: number): Float64Array {
  const half = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    half[column * n + column] = 1 / lower[column * n + column];
    for (let i = column + 1; i < n; i++) {
      let sum = 0;
      for (let k = column; k < i; k++) sum -= lower[i * n + k] * half[k * n + column];
      half[i * n + column] = sum / lower[i * n + i];
    }
  }
  const inverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i <= k; i++) {
      const left = half[k * n + i];
      for (let j = 0; j <= i; j++) inverse[i * n + j] += left * half[k * n + j];
    }
  return inverse;
}
