import { smirnovSurvival } from '../distributions/smirnov-tail.ts';
import { cramerVonMisesExact } from './cramer-von-mises-exact.ts';
import type { TestResult } from './test-result.ts';
import { bridgeFormSurvival, tiedShares } from './tied-law.ts';
import { type CellCounts, sumOf, valueRuns } from './value-runs.ts';

/** Up to this size of the larger sample, without ties, p is counted exactly. */
const EXACT_UP_TO = 20;

/**
 * Two-sample Cramer-von Mises test: the mean squared distance between the two distribution functions.
 *
 * Definition: T = n m / N^2 times the sum over all N values of the squared distance, at a tied value the mean of those
 * just below and just above it: Anderson's T where nothing is tied, and the same read from either end. p exact where
 * no sample has more than 20 values and nothing is tied; else from the limit at T moved to the limit's mean and
 * variance; where values are tied from the law of T over the groups that they make. (`cramerVonMisesAsScipy` ranks
 * ties so that unequal samples of whole numbers always differ.)
 * @returns null when a sample is empty, each has one value, or all values are equal and tied
 * Source: Anderson (1962), equations 9, 11, 14, 15; reference implementation for values without ties:
 * scipy.stats.cramervonmises_2samp 1.10.1 (method 'auto').
 */
export function cramerVonMises(a: ArrayLike<number>, b: ArrayLike<number>): TestResult | null {
  return cramerVonMisesOfCounts(valueRuns(a, b));
}

/** The same of counts in the same ordered cells, values of one cell tied. Cost: O(cells). */
export function cramerVonMisesOfCounts(counts: CellCounts): TestResult | null {
  const [n, m] = [sumOf(counts.a), sumOf(counts.b)];
  if (n === 0 || m === 0 || n + m === 2) return null;
  const statistic = squaredDistance(counts, n, m);
  const tied = tiedShares(counts);
  if (tied)
    return tied.length < 2 ? null : { statistic, pValue: tiedSurvival(statistic, tied, n + m) };
  if (Math.max(n, m) <= EXACT_UP_TO)
    return { statistic, pValue: cramerVonMisesExact(statistic, n, m) };
  const standard = standardised(statistic, n, m);
  return standard === null ? null : { statistic, pValue: cramerVonMisesSurvival(standard) };
}

function squaredDistance({ a, b }: CellCounts, n: number, m: number): number {
  let sum = 0;
  let gap = 0;
  let belowA = 0;
  let belowB = 0;
  for (let i = 0; i < a.length; i++) {
    belowA += a[i];
    belowB += b[i];
    const next = belowA / n - belowB / m;
    sum += ((a[i] + b[i]) * (gap * gap + next * next)) / 2;
    gap = next;
  }
  const total = n + m;
  return ((n / total) * m * sum) / total;
}

/** Chance that T over tied cells is above x. */
function tiedSurvival(x: number, shares: readonly number[], total: number): number {
  const squares = shares.slice(1).map((share, i) => (shares[i] + share) / 2);
  return bridgeFormSurvival((x * (total - 1)) / total, { shares, squares });
}

/** T of values without ties moved to the mean and variance of its limit; null where it has no variance. */
export function standardised(statistic: number, n: number, m: number): number | null {
  const product = n * m;
  const total = n + m;
  const mean = (1 + 1 / total) / 6;
  const variance =
    ((total + 1) * (4 * product * total - 3 * (n * n + m * m) - 2 * product)) /
    (45 * total * total * 4 * product);
  return variance > 0 ? 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance) : null;
}

/** Chance that the limit of the Cramer-von Mises statistic is above x; weights 1 / (j pi)^2. */
export function cramerVonMisesSurvival(x: number): number {
  if (x < 0.003) return 1;
  return smirnovSurvival(
    x,
    (j) => (j * Math.PI) ** 2 / 2,
    (s) => Math.sin(Math.sqrt(2 * s)) / Math.sqrt(2 * s),
  );
}
