import { weightedChiSquareSurvival } from '../distributions/weighted-chi-square.ts';
import { symmetricEigenvalues } from '../linear/symmetric-eigenvalues.ts';

/** A statistic g' K g of the differences g between two samples' shares of the same k cells. */
export type GapForm = {
  statistic: number;
  /** K, symmetric, positive on differences that sum to 0; shape [k, k]. */
  kernel: readonly (readonly number[])[];
  /** Values of both samples together in each cell, shape [k]; of the samples, `n` and `m`. */
  pooled: readonly number[];
  n: number;
  m: number;
};

/**
 * Chance of a quadratic form in the shares' differences at least as large, all divisions of the pooled values into two
 * samples of these sizes equally likely: the p of every test that is one, ties and bins counted as what they are.
 *
 * Definition: the exact mean of the divisions' differences and their exact covariance
 * N^2 / (n m (N - 1)) (diag p - p p'), N = n + m; normal beyond that, so the form is a weighted sum of chi-squares.
 * Cost: O(k^3) for the weights. Source: Anderson and Darling (1952) for the form, Pitman (1937) for the moments.
 */
export function gapFormSurvival({ statistic, kernel, pooled, n, m }: GapForm): number {
  const total = n + m;
  const scale = (total / (total - 1)) * (total / n) * (1 / m);
  const weights = symmetricEigenvalues(whitened(kernel, pooled, total));
  return weightedChiSquareSurvival(statistic / scale, weights);
}

/** (I - u u') R K R (I - u u') with R the roots of the shares and u the same as a unit vector. */
function whitened(
  kernel: GapForm['kernel'],
  pooled: readonly number[],
  total: number,
): readonly number[][] {
  const roots = pooled.map((count) => Math.sqrt(count / total));
  const scaled = kernel.map((row, i) => row.map((value, j) => roots[i] * value * roots[j]));
  const along = scaled.map((row) => row.reduce((sum, value, j) => sum + value * roots[j], 0));
  const both = along.reduce((sum, value, i) => sum + value * roots[i], 0);
  return scaled.map((row, i) =>
    row.map(
      (value, j) => value - roots[i] * along[j] - along[i] * roots[j] + both * roots[i] * roots[j],
    ),
  );
}

/** K of the form that weighs the squared differences of the distribution functions: sum over i of w(i) D(i)^2. */
export function cumulativeKernel(weights: readonly number[]): number[][] {
  const k = weights.length;
  const from = new Array<number>(k + 1).fill(0);
  for (let i = k - 1; i >= 0; i--) from[i] = from[i + 1] + weights[i];
  return weights.map((_, i) => weights.map((__, j) => from[Math.max(i, j)]));
}
