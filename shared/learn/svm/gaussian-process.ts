import { log } from '../../core/portable-math.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import { factorCholesky, solveFactored } from '../../stats/linear/cholesky.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import { drawFirst } from '../linear/consensus.ts';
import { dot } from '../linear/l-bfgs.ts';
import { withScaledTarget } from '../linear/target-scale.ts';
import type { Parameters } from '../search/space.ts';
import { type Kernel, kernelRow, spreadOf } from './kernel.ts';
import { type KernelEstimator, toKernelEstimator } from './kernel-estimator.ts';

/**
 * Inverse widths, as multiples of scikit-learn's gamma='scale', and noise as a share of the signal. With
 * less noise the weights grow and cancel, which float32 sums do not survive.
 */
const GAMMA_SCALES = [1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4];
const NOISES = [1e-2, 3e-2, 0.1, 0.3, 1, 3];

export type Posterior = {
  /** Weights of the kernels at the rows, for a target of mean 0. */
  coefficients: Float64Array;
  /** Log marginal likelihood, the signal's variance at its best. */
  evidence: number;
};

/**
 * Regression by a Gaussian process with an rbf kernel and noise: its width and the noise are those of
 * a grid that make the targets most likely (Rasmussen and Williams 2006, algorithm 2.1 and 5.4.1); the
 * signal's variance has a closed form. Predicts the posterior mean. scikit-learn 1.2.1's
 * GaussianProcessRegressor(Constant x (RBF + White), normalize_y=True), which climbs from a start
 * instead. More rows than `maxVectors` are left out, at random (subset of data). A weight divides its
 * row's noise.
 * Cost: widths x noises x vectors^3 / 6.
 */
export function fitGaussianProcess(
  data: LearningData,
  { maxVectors }: Parameters,
  { rng, isTimeUp }: FitOptions,
): KernelEstimator {
  const { weights } = data;
  const order = Uint32Array.from({ length: data.matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  const count = Math.min(Number(maxVectors), order.length);
  if (count < order.length) drawFirst(order, count, rng);
  const rows = order.slice(0, count);
  const { scaled, scale } = withScaledTarget(data, { scaleTarget: true });
  const matrix = takeMatrixRows(data.matrix, rows);
  const target = Float64Array.from(rows, (row) => scaled.target[row]);
  const precision = Float64Array.from(rows, (row) => (weights === null ? 1 : weights[row]));
  const spread = spreadOf(matrix);
  let best: { kernel: Kernel; posterior: Posterior } | null = null;
  for (const gammaScale of GAMMA_SCALES) {
    if (best !== null && isTimeUp?.()) break;
    const kernel: Kernel = { type: 'rbf', gamma: gammaScale / spread };
    const gram = gramOf(kernel, matrix);
    for (const noise of NOISES) {
      const posterior = posteriorOf(gram, target, { noise, precision });
      if (posterior && !(posterior.evidence <= (best?.posterior.evidence ?? -Infinity)))
        best = { kernel, posterior };
    }
  }
  if (best === null) throw new Error('Broken invariant: no noise made the kernel matrix definite');
  const coefficients = best.posterior.coefficients.map((value) => scale.deviation * value);
  return toKernelEstimator(
    { kernel: best.kernel, matrix, link: 'identity' },
    { coefficients: [coefficients], intercepts: [scale.mean] },
  );
}

/** Kernel of each two rows, row-major. */
export function gramOf(kernel: Kernel, matrix: Matrix): Float64Array {
  const { rows } = matrix;
  const gram = new Float64Array(rows * rows);
  for (let row = 0; row < rows; row++) {
    const into = gram.subarray(row * rows, (row + 1) * rows);
    kernelRow(kernel, { matrix, row }, { against: matrix, into });
  }
  return gram;
}

/** Null where the matrix is singular to working precision. */
export function posteriorOf(
  gram: Float64Array,
  target: Float64Array,
  { noise, precision }: { noise: number; precision: Float64Array },
): Posterior | null {
  const n = target.length;
  const noisy = gram.slice();
  for (let i = 0; i < n; i++) noisy[i * (n + 1)] += noise / precision[i];
  const lower = factorCholesky(noisy, n);
  if (lower === null) return null;
  const coefficients = solveFactored(lower, target);
  // A constant target is as likely as can be under any kernel.
  const variance = Math.max(dot(target, coefficients) / n, 1e-300);
  let evidence = (-n / 2) * (1 + log(2 * Math.PI) + log(variance));
  for (let i = 0; i < n; i++) evidence -= log(lower[i * (n + 1)]);
  return { coefficients, evidence };
}
