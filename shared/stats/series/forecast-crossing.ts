import { tQuantile } from '../distributions/student-t.ts';
import type { Point } from './seasonal-threshold.ts';

export type Crossing = {
  /** Change a day, with its interval. */
  slopePerDay: number;
  slopeInterval: [number, number];
  /** When the trend reaches the limit, and the earliest and latest of the interval; null: not by this trend. */
  atMs: number | null;
  earliestMs: number | null;
  latestMs: number | null;
};

const DAY_MS = 86_400_000;

/**
 * When will a metric that gets worse upwards cross its limit, if it goes on as it does? A straight line by least
 * squares; the interval from that of its slope about the middle of the data (first-order).
 * @param points at least 3 at different times
 * @returns null for fewer points; times in the past of the last point mean that it has crossed
 * Source: Draper and Smith, Applied Regression Analysis, chapter 1.
 */
export function forecastCrossing(
  points: readonly Point[],
  options: { limit: number; alpha: number },
): Crossing | null {
  const n = points.length;
  if (n < 3) return null;
  const meanAt = points.reduce((sum, { atMs }) => sum + atMs, 0) / n;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / n;
  let spread = 0;
  let product = 0;
  for (const { atMs, value } of points) {
    const days = (atMs - meanAt) / DAY_MS;
    spread += days * days;
    product += days * (value - mean);
  }
  if (spread === 0) return null;
  const slope = product / spread;
  const residual = points.reduce((sum, { atMs, value }) => {
    const off = value - mean - (slope * (atMs - meanAt)) / DAY_MS;
    return sum + off * off;
  }, 0);
  const reach =
    tQuantile(options.alpha / 2, n - 2, 'upper') * Math.sqrt(residual / (n - 2) / spread);
  const crossingAt = (rate: number): number | null => {
    const days = (options.limit - mean) / rate;
    return rate > 0 && Number.isFinite(days) ? meanAt + days * DAY_MS : null;
  };
  return {
    slopePerDay: slope,
    slopeInterval: [slope - reach, slope + reach],
    atMs: crossingAt(slope),
    earliestMs: crossingAt(slope + reach),
    latestMs: crossingAt(slope - reach),
  };
}
