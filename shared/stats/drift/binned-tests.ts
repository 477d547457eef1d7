import { andersonDarlingOfCounts } from '../tests/anderson-darling.ts';
import { cramerVonMisesOfCounts } from '../tests/cramer-von-mises.ts';
import { eppsSingletonOfCounts } from '../tests/epps-singleton.ts';
import { kolmogorovSmirnovOfGap } from '../tests/kolmogorov-smirnov.ts';
import { mannWhitneyOfCounts } from '../tests/mann-whitney.ts';
import type { TestResult } from '../tests/test-result.ts';
import { bridgeFormSurvival } from '../tests/tied-law.ts';
import { type PlacedCounts, sumOf } from '../tests/value-runs.ts';
import { energyOfCounts } from './sample-distance.ts';

/** Two profiles of numbers: counts in the same bins, and where each bin's values are taken to be. */
export type BinnedNumbers = {
  a: readonly number[];
  b: readonly number[];
  values: readonly number[];
};

/**
 * Tests of numbers that need counts in bins alone.
 *
 * Exact tests of the binned values: `mannw`, `anderson`, `cramer_von_mises` (ranks and the law of ties: only the
 * order of bins counts) and `ks` (its p an upper bound, as of all tied values). Of values put where `binPositions`
 * says: `es` and `ed`, whose statistic is near that of the values where bins are many, and whose p holds whatever the
 * bins, for both samples are binned alike. A change inside bins is seen by none.
 */
export const BINNED_TESTS: Record<string, (numbers: BinnedNumbers) => TestResult | null> = {
  ks: kolmogorovSmirnov,
  anderson: andersonDarlingOfCounts,
  cramer_von_mises: cramerVonMisesOfCounts,
  es: eppsSingletonOfCounts,
  mannw: ({ a, b }) => mannWhitneyOfCounts(a, b),
  ed: energyTest,
};

function kolmogorovSmirnov({ a, b }: BinnedNumbers): TestResult | null {
  const [n, m] = [sumOf(a), sumOf(b)];
  if (n === 0 || m === 0) return null;
  let gap = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    gap += a[i] * m - b[i] * n;
    largest = Math.max(largest, Math.abs(gap));
  }
  return kolmogorovSmirnovOfGap(largest, n, m);
}

/**
 * Energy distance of counted values with the p of its law: its square is a weighted sum of squared differences of the
 * distribution functions, as Cramer-von Mises is.
 * @returns null when a sample is empty or all values are in one cell
 */
export function energyTest(runs: PlacedCounts): TestResult | null {
  const statistic = energyOfCounts(runs);
  const [n, m] = [sumOf(runs.a), sumOf(runs.b)];
  const total = n + m;
  const used = Array.from(runs.values, (value, i) => ({
    value,
    share: (runs.a[i] + runs.b[i]) / total,
  })).filter(({ share }) => share > 0);
  if (statistic === null || used.length < 2) return null;
  const range = used[used.length - 1].value - used[0].value;
  if (!(range > 0)) return null;
  const squares = used.slice(1).map(({ value }, i) => (2 * (value - used[i].value)) / range);
  const form = { shares: used.map(({ share }) => share), squares };
  const inDeviations = ((statistic * statistic) / range) * (n / total) * (m / total) * (total - 1);
  return { statistic, pValue: bridgeFormSurvival(inDeviations, form) };
}
