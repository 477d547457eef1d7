import { chiSquareSurvival } from '../distributions/chi-square.ts';
import {
  type HypergeometricParameters,
  hypergeometricCdf,
  hypergeometricDensity,
  hypergeometricSurvival,
} from '../distributions/hypergeometric.ts';
import { normalSurvival } from '../distributions/normal.ts';
import { expectedDeviance } from './expected-deviance.ts';
import type { TestResult } from './test-result.ts';
import { type Cell, poolSmallest } from './two-sample-chi-square.ts';
import { sumOf } from './value-runs.ts';

/** Events among trials. */
export type Proportion = { events: number; n: number };

/**
 * Z test of equal proportions with pooled variance, two-sided, no continuity correction.
 * @returns null when a sample is empty; p 1 when neither or every trial was an event
 */
export function proportionsZ(a: Proportion, b: Proportion): TestResult | null {
  if (a.n === 0 || b.n === 0) return null;
  const pooled = (a.events + b.events) / (a.n + b.n);
  const variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n);
  if (variance === 0) return { statistic: 0, pValue: 1 };
  const statistic = (a.events / a.n - b.events / b.n) / Math.sqrt(variance);
  return { statistic, pValue: Math.min(1, 2 * normalSurvival(Math.abs(statistic))) };
}

/**
 * Fisher's exact test of equal proportions, two-sided: the chance, margins fixed, of a table no more likely
 * than the one seen.
 * @returns statistic is the odds ratio (Infinity where a failure count is 0); null when a sample is empty
 * Cost: O(root of the smaller margin). Reference implementation: scipy.stats.fisher_exact 1.10.1.
 */
export function fisherExact(a: Proportion, b: Proportion): TestResult | null {
  if (a.n === 0 || b.n === 0) return null;
  const urn = {
    marked: a.events + b.events,
    unmarked: a.n + b.n - a.events - b.events,
    drawn: a.n,
  };
  const pValue = noLikelier(a.events, urn);
  const odds = (a.events * (b.n - b.events)) / (b.events * (a.n - a.events));
  return { statistic: Number.isNaN(odds) ? 1 : odds, pValue: Math.min(1, pValue) };
}

/** Chance of a count that is no likelier than `seen`: both tails, each from where it begins outward. */
function noLikelier(seen: number, urn: HypergeometricParameters): number {
  const { marked, unmarked, drawn } = urn;
  const [least, most] = [Math.max(0, drawn - unmarked), Math.min(marked, drawn)];
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (marked + unmarked + 2));
  const bar = hypergeometricDensity(seen, urn) * (1 + 1e-7);
  const isUnlikely = (k: number): boolean => hypergeometricDensity(k, urn) <= bar;
  if (isUnlikely(mode)) return 1;
  const low = firstFrom(least, mode, (k) => !isUnlikely(k)) - 1;
  const high = firstFrom(mode, most + 1, isUnlikely);
  const below = low < least ? 0 : hypergeometricCdf(low, urn);
  const above = high > most ? 0 : hypergeometricSurvival(high - 1, urn);
  return below + above;
}

/** The first whole number in [from, to) for which it holds, to where it holds for none; what holds once holds on. */
function firstFrom(from: number, to: number, holds: (k: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Two-sample G test (likelihood ratio) of homogeneity on counts in the same cells; expected counts from the
 * pooled shares, so sizes may differ. Cells expected below 5 in a sample are pooled as the chi-square pools them, and
 * the statistic is brought to the mean of its chi-square (`expectedDeviance`): without, 10,000 values in as many
 * categories alarm on 88 % at a level of 5 %, 450 values in 20 cells on 13 % at 10 %.
 * @param options.compatibility 'scipy' does neither; cells empty in both samples are left out
 * @returns null when a sample is empty or fewer than two cells are left
 * Reference implementation: scipy.stats.chi2_contingency(lambda_='log-likelihood', correction=False) 1.10.1.
 */
export function twoSampleG(
  a: readonly number[],
  b: readonly number[],
  options: { compatibility?: 'scipy' } = {},
): TestResult | null {
  const [n, m] = [sumOf(a), sumOf(b)];
  if (n === 0 || m === 0) return null;
  const isScipy = options.compatibility === 'scipy';
  const cells = isScipy ? usedCells(a, b) : poolSmallest(a, b);
  if (cells.length < 2) return null;
  let statistic = 0;
  for (const { a: inA, b: inB } of cells) {
    const share = (inA + inB) / (n + m);
    if (inA > 0) statistic += 2 * inA * Math.log(inA / (n * share));
    if (inB > 0) statistic += 2 * inB * Math.log(inB / (m * share));
  }
  const df = cells.length - 1;
  if (!isScipy) statistic *= df / expectedDeviance(cells);
  statistic = Math.max(0, statistic);
  return { statistic, pValue: chiSquareSurvival(statistic, df) };
}

function usedCells(a: readonly number[], b: readonly number[]): Cell[] {
  return a.flatMap((inA, i) => (inA + b[i] > 0 ? [{ a: inA, b: b[i] }] : []));
}

/**
 * Goodness of fit of counts to expected counts: Pearson's chi-square, df = cells - 1. Takes the expected counts
 * as exact. Infinity and p 0 where something was seen that was not expected at all.
 */
export function goodnessOfFit(
  observed: readonly number[],
  expected: readonly number[],
): TestResult | null {
  if (observed.length < 2) return null;
  let statistic = 0;
  for (let i = 0; i < observed.length; i++) {
    const difference = observed[i] - expected[i];
    if (difference !== 0) statistic += (difference / expected[i]) * difference;
  }
  return { statistic, pValue: chiSquareSurvival(statistic, observed.length - 1) };
}
