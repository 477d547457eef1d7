import type { Point } from './seasonal-threshold.ts';
import { type CrossingOptions, type TrendCrossing, trendCrossing } from './trend-crossing.ts';

export type Crossing = {
  /** Change a day, with its interval. */
  slopePerDay: number;
  slopeInterval: [number, number];
  verdict: TrendCrossing['verdict'];
  /** When the trend reaches the limit, Unix milliseconds, however far away; null: not by this trend. */
  atMs: number | null;
  /** Ends of the interval; null: no bound on that side. */
  earliestMs: number | null;
  latestMs: number | null;
};

const DAY_MS = 86_400_000;

/**
 * When will a metric cross its limit, if it goes on as it does? `trendCrossing` of times in milliseconds.
 * @param points at least 3 at different times; `weight`: how well each is known in relation to the others (its rows)
 * @returns null for fewer points
 */
export function forecastCrossing(
  points: readonly (Point & { weight?: number })[],
  options: CrossingOptions,
): Crossing | null {
  const [first] = points;
  if (!first) return null;
  const crossing = trendCrossing(
    points.map(({ atMs, value, weight = 1 }) => ({
      at: (atMs - first.atMs) / DAY_MS,
      value,
      weight,
    })),
    options,
  );
  if (!crossing) return null;
  const { slope, slopeInterval, verdict, at, earliest, latest } = crossing;
  const inMs = (days: number | null): number | null =>
    days === null ? null : first.atMs + days * DAY_MS;
  return {
    ...{ slopePerDay: slope, slopeInterval, verdict },
    ...{ atMs: inMs(at), earliestMs: inMs(earliest), latestMs: inMs(latest) },
  };
}
