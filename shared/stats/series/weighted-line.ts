import { chiSquareSurvival } from '../distributions/chi-square.ts';
import { normalQuantile, normalSurvival } from '../distributions/normal.ts';
import { bonferroni } from '../multiple-testing.ts';

/** An estimate at a time, with its standard error. */
export type Estimate = { at: number; value: number; standardError: number };

export type Movement = {
  /** Mean of the estimates, weighted by how well each is known. */
  mean: number;
  /** Change a unit of time, with its interval. */
  slope: number;
  slopeInterval: [number, number];
  /** Smaller p of two questions, adjusted for both: do the estimates vary, do they go one way? */
  pValue: number;
  verdict: 'rises' | 'falls' | 'varies' | 'steady';
};

const NEEDED = 3;

/**
 * Do estimates of one thing change over time? Their weighted squares about the mean (chi-square, any change) and the
 * slope of a weighted line (a change in one direction) are asked together.
 * @param options.questions how many such series are asked about together: p is multiplied by it
 * @returns null with fewer than three estimates that have an error
 * Source: Cochran (1954) for the heterogeneity; Grizzle, Starmer and Koch (1969) for the line.
 */
export function movementOf(
  estimates: readonly Estimate[],
  { alpha = 0.05, questions = 1 }: { alpha?: number; questions?: number } = {},
): Movement | null {
  const known = estimates.filter(({ standardError: error }) => error > 0 && Number.isFinite(error));
  if (known.length < NEEDED) return null;
  const weights = known.map(({ standardError }) => 1 / standardError ** 2);
  const sum = (of: (estimate: Estimate) => number): number =>
    known.reduce((total, estimate, i) => total + weights[i] * of(estimate), 0);
  const weight = sum(() => 1);
  const [meanAt, mean] = [sum(({ at }) => at) / weight, sum(({ value }) => value) / weight];
  const spread = sum(({ at }) => (at - meanAt) ** 2);
  const slope = sum(({ at, value }) => (at - meanAt) * (value - mean)) / spread;
  const error = 1 / Math.sqrt(spread);
  const [varies, goes] = bonferroni([
    chiSquareSurvival(
      sum(({ value }) => (value - mean) ** 2),
      known.length - 1,
    ),
    2 * normalSurvival(Math.abs(slope) / error),
  ]).map((p) => Math.min(1, p * questions));
  const reach = normalQuantile(alpha / 2, 'upper') * error;
  const direction = slope > 0 ? ('rises' as const) : ('falls' as const);
  const change = varies <= alpha ? ('varies' as const) : ('steady' as const);
  return {
    mean,
    slope,
    slopeInterval: [slope - reach, slope + reach],
    pValue: Math.min(varies, goes),
    verdict: goes <= alpha ? direction : change,
  };
}
