import { normalQuantile } from '../distributions/normal.ts';
import { type Cell, poolSmallest } from '../tests/two-sample-chi-square.ts';
import { sumOf } from '../tests/value-runs.ts';
import { stabilityOf } from './stability-beyond-chance.ts';

/** How large a change is in the populations, not in the samples: noise is taken out of the value. */
export type EffectSize = {
  name: 'psi' | 'standardised_mean_difference' | 'cramers_v';
  value: number;
  /** Two-sided confidence interval on the populations' effect. */
  interval: [number, number];
};

/**
 * Population stability index less what chance alone gives it, with an interval: how far two samples counted in the same
 * cells are apart beyond the noise of their sizes.
 *
 * Without any change n m / (n + m) x PSI is about chi-square with k - 1 degrees of freedom, so its mean is
 * (k - 1) (1/n + 1/m), k counting the cells that hold anything in either sample. With 20 cells and 200 values that is
 * 0.1, a whole "moderate shift" out of nothing; it is taken off, and the rest is at least 0.
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
  const variance = varianceOfIndex({ p, q }, { n, m });
  const { df, scale } = noise;
  const ofChance = { mean: df * scale, variance: 2 * df * scale * scale };
  return { name: 'psi', ...withoutNoise({ sample: index, variance }, ofChance, alpha) };
}

/** Of the PSI of shares p and q of n and m values, by the delta method. */
export function varianceOfIndex(
  { p, q }: { p: readonly number[]; q: readonly number[] },
  { n, m }: { n: number; m: number },
): number {
  const slope = (of: readonly number[], other: readonly number[]): number[] =>
    of.map((share, i) => Math.log(share / other[i]) + 1 - other[i] / share);
  return varianceOf(p, slope(p, q)) / n + varianceOf(q, slope(q, p)) / m;
}

/** Cells of fewer values are pooled for Cramer's V: one that was seen once tells nothing. */
const FEWEST = 2;

/**
 * Cramer's V of a 2 x k table with chance taken off, and an interval: the square by the same second-order delta method
 * as the PSI's, then its root. 0: the same shares; 1: disjoint.
 *
 * Chance adds to the square, by second order, the sum over cells of p q / s^2, less 1, over n + m (s the pooled
 * share): as Bergsma's correction has it where nothing changed, and nothing where the samples are disjoint. p q / s^2
 * is estimated from pairs of values in a cell, a b / (t (t - 1)), which is right however rare the cell.
 * @returns null when a sample is empty
 * Cost: O(k log k). Source: Bergsma, A bias-correction for Cramer's V and Tschuprow's T (2013).
 */
export function cramersV(
  reference: readonly number[],
  current: readonly number[],
  alpha = 0.05,
): EffectSize | null {
  const [n, m] = [sumOf(reference), sumOf(current)];
  if (n === 0 || m === 0) return null;
  const total = n + m;
  const cells = poolSmallest(reference, current, (FEWEST * Math.min(n, m)) / total);
  const weight = (n * m) / total ** 2;
  const p = cells.map(({ a }) => a / n);
  const q = cells.map(({ b }) => b / m);
  const ratio = cells.map(({ a, b }, i) => (p[i] - q[i]) / ((a + b) / total));
  const sample = weight * ratio.reduce((sum, r, i) => sum + r * (p[i] - q[i]), 0);
  const slope = (sign: 1 | -1, size: number): number[] =>
    ratio.map((r) => weight * (sign * 2 * r - (size / total) * r * r));
  const variance = varianceOf(p, slope(1, n)) / n + varianceOf(q, slope(-1, m)) / m;
  const told = withoutNoise({ sample, variance }, noiseOfSquare(cells, { n, m }), alpha);
  const root = (square: number): number => Math.min(1, Math.sqrt(square));
  const [low, high] = told.interval.map(root);
  return { name: 'cramers_v', value: root(told.value), interval: [low, high] };
}

/** What chance adds to the square of V, and its variance where nothing changed (of counts that are not large too). */
function noiseOfSquare(cells: readonly Cell[], { n, m }: { n: number; m: number }): Noise {
  if (cells.length < 2) return { mean: 0, variance: 0 };
  const total = n + m;
  const weight = (n * m) / total ** 2;
  let shared = 0;
  let scatter = 0;
  for (const { a, b } of cells) {
    const t = a + b;
    shared += (a * b) / (t * (t - 1) * weight);
    scatter += (2 * t) / (t - 1);
  }
  const freedom = (cells.length - 1) / cells.length;
  return {
    mean: Math.max(0, shared - 1) / total,
    variance: (freedom * scatter) / total ** 2,
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

/** Variance of a slope over cells, by their shares. */
export const varianceOf = (shares: readonly number[], slope: readonly number[]): number => {
  const mean = shares.reduce((sum, share, i) => sum + share * slope[i], 0);
  return shares.reduce((sum, share, i) => sum + share * (slope[i] - mean) ** 2, 0);
};

/** What chance alone adds to an estimate, and the variance it has then. */
export type Noise = { mean: number; variance: number };

/**
 * An estimate less its noise, at least 0, with a normal interval. One below 0 has the interval of 0: an estimate that
 * chance alone made small is no surer than others.
 */
export function withoutNoise(
  { sample, variance }: { sample: number; variance: number },
  noise: Noise,
  alpha: number,
): Pick<EffectSize, 'value' | 'interval'> {
  const centre = sample - noise.mean;
  const spread = Math.max(variance - noise.variance, noise.variance);
  const reach = normalQuantile(alpha / 2, 'upper') * Math.sqrt(spread);
  const value = Math.max(0, centre);
  return {
    value,
    interval: [Math.max(0, centre - reach), value + reach],
  };
}
