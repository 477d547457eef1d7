import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { symmetricEigen } from '../linear/symmetric-eigen.ts';
import { quantileOfSorted } from '../moments.ts';
import { sortedSample } from './sorted-sample.ts';
import type { TestResult } from './test-result.ts';

/** Points, in half inter-quartile ranges, at which the characteristic functions are compared. */
const POINTS = [0.4, 0.8];

/**
 * Epps-Singleton test: are the two empirical characteristic functions equal at two points? Sees differences
 * of any kind, in discrete samples too.
 *
 * Definition: quadratic form in the difference of mean cosines and sines at t = 0.4 and 0.8 over half the pooled
 * inter-quartile range, weighted by the pseudo-inverse of its covariance; chi-square with its rank as df.
 * @returns null when a sample has fewer than 5 values or the inter-quartile range is 0
 * Source: Epps and Singleton (1986); reference implementation: scipy.stats.epps_singleton_2samp 1.10.1.
 */
export function eppsSingleton(a: ArrayLike<number>, b: ArrayLike<number>): TestResult | null {
  const sortedA = sortedSample(a);
  const sortedB = sortedSample(b);
  const n = sortedA.length;
  const m = sortedB.length;
  if (n < 5 || m < 5) return null;
  const pooled = sortedSample([...sortedA, ...sortedB]);
  const scale = (quantileOfSorted(pooled, 0.75) - quantileOfSorted(pooled, 0.25)) / 2;
  if (!(scale > 0)) return null;
  const waveA = waves(sortedA, scale);
  const waveB = waves(sortedB, scale);
  const total = n + m;
  const covariance = waveA.covariance.map((row, i) =>
    row.map((value, j) => (total / n) * value + (total / m) * waveB.covariance[i][j]),
  );
  const difference = waveA.mean.map((mean, i) => mean - waveB.mean[i]);
  const { form, rank } = pseudoInverseForm(covariance, difference);
  const correction =
    Math.max(n, m) < 25 ? 1 / (1 + total ** -0.45 + 10.1 * (n ** -1.7 + m ** -1.7)) : 1;
  const statistic = correction * total * form;
  return rank === 0 ? null : { statistic, pValue: chiSquareSurvival(statistic, rank) };
}

type Waves = { mean: number[]; covariance: number[][] };

function waves(sample: Float64Array, scale: number): Waves {
  const n = sample.length;
  const size = 2 * POINTS.length;
  const columns = Array.from({ length: size }, (_, c) => {
    const t = POINTS[c % POINTS.length] / scale;
    return sample.map((x) => (c < POINTS.length ? Math.cos(t * x) : Math.sin(t * x)));
  });
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / n);
  const covariance = columns.map((left, i) =>
    columns.map((right, j) => {
      let sum = 0;
      for (let r = 0; r < n; r++) sum += (left[r] - mean[i]) * (right[r] - mean[j]);
      return sum / n;
    }),
  );
  return { mean, covariance };
}

/** x' A^+ x and the rank of A, singular directions left out. */
function pseudoInverseForm(
  matrix: readonly (readonly number[])[],
  x: readonly number[],
): { form: number; rank: number } {
  const { values, vectors } = symmetricEigen(matrix);
  let form = 0;
  let rank = 0;
  values.forEach((value, i) => {
    if (value <= values[0] * 1e-14) return;
    rank++;
    const along = vectors[i].reduce((sum, component, j) => sum + component * x[j], 0);
    form += (along * along) / value;
  });
  return { form, rank };
}
