import { normalQuantile } from '../distributions/normal.ts';
import type { Proportion } from '../tests/counts.ts';
import { wilsonBounds } from '../tests/proportion-difference.ts';

/** One figure of a model's quality. */
export type Metric = {
  name: string;
  value: number;
  /** Two-sided interval from the rows being a sample; null where it cannot be told. */
  interval: [number, number] | null;
  /** Standard error; null where the interval is null. */
  standardError: number | null;
  better: 'higher' | 'lower';
};

type About = Pick<Metric, 'name' | 'better'>;

/** A mean over rows, normal interval. @returns null without values; no interval for one value */
export function meanMetric(about: About, values: ArrayLike<number>, alpha: number): Metric | null {
  const n = values.length;
  if (n === 0) return null;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  const error = n < 2 ? null : Math.sqrt(squares / (n - 1) / n);
  return { ...about, value: mean, ...normalInterval(mean, error, alpha) };
}

/** The same with an interval cut to what the figure can be, as a normal one of few rows reaches beyond it. */
export function within(
  metric: Metric | null,
  [least, most]: readonly [number, number],
): Metric | null {
  if (!metric?.interval) return metric;
  const [low, high] = metric.interval;
  return { ...metric, interval: [Math.max(least, low), Math.min(most, high)] };
}

/** A share of rows, score interval (Wilson 1927). @returns null without rows */
export function shareMetric(about: About, { events, n }: Proportion, alpha: number): Metric | null {
  if (n === 0) return null;
  const p = (events + 0.5) / (n + 1);
  return {
    ...about,
    value: events / n,
    interval: wilsonBounds({ events, n }, alpha),
    standardError: Math.sqrt((p * (1 - p)) / n),
  };
}

/** value +- z error; nulls where there is no error. */
export function normalInterval(
  value: number,
  error: number | null,
  alpha: number,
): Pick<Metric, 'interval' | 'standardError'> {
  if (error === null || !Number.isFinite(error)) return { interval: null, standardError: null };
  const reach = normalQuantile(alpha / 2, 'upper') * error;
  return { interval: [value - reach, value + reach], standardError: error };
}
