import { normalQuantile } from '../distributions/normal.ts';
import type { Proportion } from './counts.ts';

/**
 * Difference of two proportions, b - a, with an interval that holds for small counts and for none.
 *
 * Definition: each proportion's score interval (Wilson), joined by the squares of their distances (method 10).
 * @returns null when a sample is empty
 * Source: Newcombe, Interval estimation for the difference between independent proportions (1998), method 10.
 * Reference: statsmodels 0.14 confint_proportions_2indep(method='newcomb').
 */
export function proportionDifference(
  a: Proportion,
  b: Proportion,
  alpha = 0.05,
): { difference: number; interval: [number, number] } | null {
  if (a.n === 0 || b.n === 0) return null;
  const [p, q] = [a.events / a.n, b.events / b.n];
  const [lowA, highA] = wilsonBounds(a, alpha);
  const [lowB, highB] = wilsonBounds(b, alpha);
  const difference = q - p;
  return {
    difference,
    interval: [
      Math.max(-1, difference - Math.hypot(q - lowB, highA - p)),
      Math.min(1, difference + Math.hypot(highB - q, p - lowA)),
    ],
  };
}

/** Two-sided score interval of a proportion. Source: Wilson (1927). */
export function wilsonBounds({ events, n }: Proportion, alpha = 0.05): [number, number] {
  const z = normalQuantile(alpha / 2, 'upper');
  const square = z * z;
  const centre = (events + square / 2) / (n + square);
  const reach = (z / (n + square)) * Math.sqrt((events * (n - events)) / n + square / 4);
  const low = events === 0 ? 0 : centre - reach;
  const high = events === n ? 1 : centre + reach;
  return [low, high];
}
