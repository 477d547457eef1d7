import type { ColumnProfile } from '../../contracts/profile.ts';
import { normalQuantile } from '../distributions/normal.ts';
import { numbersOf, type SamplePair } from './sample.ts';
import { stabilityOf, usedCells } from './stability-beyond-chance.ts';

/** How large a change is in the populations, not in the samples: noise is taken out of the value. */
export type EffectSize = {
  name: 'psi' | 'standardised_mean_difference' | 'cramers_v';
  value: number;
  /** Two-sided confidence interval on the populations' effect. */
  interval: [number, number];
};

/** Effects with 95 % intervals: PSI always, then the mean difference of numbers or Cramer's V of categories. */
export function effectSizes(
  pair: SamplePair,
  profiles: { reference: ColumnProfile; current: ColumnProfile },
): EffectSize[] {
  const before = [...profiles.reference.counts, profiles.reference.missing];
  const now = [...profiles.current.counts, profiles.current.missing];
  const numbers = numbersOf(pair);
  const second = numbers
    ? standardisedMeanDifference(numbers.reference, numbers.current)
    : cramersV(before, now);
  return [psiEffect(before, now), second].flatMap((effect) => effect ?? []);
}

/**
 * `stabilityBeyondChance` with an interval.
 *
 * Second-order delta method: with c = 1/n + 1/m the estimate scatters as c times a noncentral chi-square, so the
 * variance is the first-order one less 2 (k - 1) c^2, and never below the null's 2 (k - 1) c^2; bounds below 0 are 0.
 * So it holds at no change too, where the first-order variance is 0. Cells empty in both samples count for nothing.
 * @returns null when a sample is empty
 * Cost: O(k). Source: Yurdakul and Naranjo, Statistical properties of the population stability index (2020).
 */
export function psiEffect(
  reference: readonly number[],
  current: readonly number[],
  alpha = 0.05,
): EffectSize | null {
  const stability = stabilityOf(reference, current);
  if (!stability) return null;
  const { reference: p, current: q, n, m, index, noise } = stability;
  const slope = (of: readonly number[], other: readonly number[]): number[] =>
    of.map((share, i) => Math.log(share / other[i]) + 1 - other[i] / share);
  const variance = varianceOf(p, slope(p, q)) / n + varianceOf(q, slope(q, p)) / m;
  return { name: 'psi', ...withoutNoise({ sample: index, variance }, noise, alpha) };
}

/**
 * Cramer's V of a 2 x k table, bias-corrected, with an interval: the square by the same second-order delta method
 * as the PSI's, then its root. 0: the same shares; 1: disjoint.
 * @returns null when a sample is empty
 * Cost: O(k). Source: Bergsma, A bias-correction for Cramer's V and Tschuprow's T (2013).
 */
export function cramersV(
  reference: readonly number[],
  current: readonly number[],
  alpha = 0.05,
): EffectSize | null {
  const cells = usedCells(reference, current);
  if (!cells) return null;
  const { n, m } = cells;
  const p = cells.reference.map((count) => count / n);
  const q = cells.current.map((count) => count / m);
  const total = n + m;
  const weight = (n * m) / total ** 2;
  const ratio = p.map((share, i) => (share - q[i]) / ((n * share + m * q[i]) / total));
  const sample = weight * ratio.reduce((sum, r, i) => sum + r * (p[i] - q[i]), 0);
  const slope = (sign: 1 | -1, size: number): number[] =>
    ratio.map((r) => weight * (sign * 2 * r - (size / total) * r * r));
  const variance = varianceOf(p, slope(1, n)) / n + varianceOf(q, slope(-1, m)) / m;
  const noise = { df: p.length - 1, scale: 1 / total };
  const { value, interval } = withoutNoise({ sample, variance }, noise, alpha);
  const root = (square: number): number => Math.min(1, Math.sqrt(square));
  return {
    name: 'cramers_v',
    value: root(value),
    interval: [root(interval[0]), root(interval[1])],
  };
}

/**
 * Difference of means in units of the pooled standard deviation (current less reference), Hedges' g.
 * Interval: normal, variance 1/n + 1/m + g^2 / (2 (n + m)).
 * @returns null with fewer than two values in a sample, or when all values are the same
 * Source: Hedges and Olkin, Statistical Methods for Meta-Analysis (1985), section 5.
 */
export function standardisedMeanDifference(
  reference: Float64Array,
  current: Float64Array,
  alpha = 0.05,
): EffectSize | null {
  return differenceOfMoments(spreadOf(reference), spreadOf(current), alpha);
}

/** Values, their mean, and the sum of their squared distances from it. */
type Spread = { n: number; mean: number; squares: number };

/** `standardisedMeanDifference` of samples that are known by their moments. */
export function differenceOfMoments(a: Spread, b: Spread, alpha = 0.05): EffectSize | null {
  const [n, m] = [a.n, b.n];
  if (n < 2 || m < 2) return null;
  const df = n + m - 2;
  const pooled = Math.sqrt((a.squares + b.squares) / df);
  if (!(pooled > 0) || !Number.isFinite(pooled)) return null;
  const value = ((b.mean - a.mean) / pooled) * (1 - 3 / (4 * df - 1));
  const error = Math.sqrt(1 / n + 1 / m + (value * value) / (2 * (n + m)));
  const reach = normalQuantile(alpha / 2, 'upper') * error;
  return {
    name: 'standardised_mean_difference',
    value,
    interval: [value - reach, value + reach],
  };
}

function spreadOf(values: Float64Array): Spread {
  let mean = 0;
  let squares = 0;
  values.forEach((value, i) => {
    const gap = value - mean;
    mean += gap / (i + 1);
    squares += gap * (value - mean);
  });
  return { n: values.length, mean, squares };
}

const varianceOf = (shares: readonly number[], slope: readonly number[]): number => {
  const mean = shares.reduce((sum, share, i) => sum + share * slope[i], 0);
  return shares.reduce((sum, share, i) => sum + share * (slope[i] - mean) ** 2, 0);
};

function withoutNoise(
  { sample, variance }: { sample: number; variance: number },
  { df, scale }: { df: number; scale: number },
  alpha: number,
): Pick<EffectSize, 'value' | 'interval'> {
  const centre = sample - df * scale;
  const ofNull = 2 * df * scale * scale;
  const reach = normalQuantile(alpha / 2, 'upper') * Math.sqrt(Math.max(variance - ofNull, ofNull));
  return {
    value: Math.max(0, centre),
    interval: [Math.max(0, centre - reach), Math.max(0, centre + reach)],
  };
}
