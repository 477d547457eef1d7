import { tQuantile } from '../distributions/student-t.ts';

/** A value at a time, in any unit. */
export type TrendPoint = {
  at: number;
  value: number;
  /** How well it is known, in relation to the others (its rows, say); 1 when left out. Points of weight 0 are left out. */
  weight?: number;
};

export type TrendCrossing = {
  /** Change a unit of time, with its interval. */
  slope: number;
  slopeInterval: [number, number];
  /**
   * `crossed`: at the last point the line is at the limit or beyond; `will_cross`: it gets worse beyond chance;
   * `may_cross`: it gets worse, perhaps by chance; `holds`: it does not get worse.
   */
  verdict: 'crossed' | 'will_cross' | 'may_cross' | 'holds';
  /** When the line reaches the limit; null: it does not, by this trend. */
  at: number | null;
  /** Ends of the interval; null: no bound on that side (`earliest` of what holds: it does not cross). */
  earliest: number | null;
  latest: number | null;
};

export type CrossingOptions = {
  limit: number;
  /** The direction that is worse: `up` of an error, `down` of an accuracy. */
  worse: 'up' | 'down';
  /** One less the chance that the intervals hold. */
  alpha: number;
};

/**
 * When does a metric's straight trend reach its limit, if it goes on as it does?
 *
 * Definition: a line by (weighted) least squares. The interval holds each time at which the limit is not beyond the
 * line's own interval (Fieller's theorem), of lines that get worse: exact for normal errors of any size, near the data
 * and far from them. Where the slope is not sure it has no end on the far side.
 * @param points at least 3 at different times; those that are not finite are left out
 * @returns null for fewer points, and for times that are all the same
 * Cost: O(points). Source: Fieller, Some problems in interval estimation (1954); Draper and Smith, Applied
 * Regression Analysis, chapter 3.2.
 */
export function trendCrossing(
  points: readonly TrendPoint[],
  { limit, worse, alpha }: CrossingOptions,
): TrendCrossing | null {
  const sign = worse === 'up' ? 1 : -1;
  const line = fitLine(points);
  if (!line || !Number.isFinite(limit)) return null;
  const { n, meanAt, lastAt, residual } = line;
  const t = tQuantile(alpha / 2, n - 2, 'upper');
  const reach = t * Math.sqrt(residual / line.spread);
  // From here on worse is upwards and times are from the middle of the data.
  const slope = sign * line.slope;
  const gap = sign * (line.mean - limit);
  const bound = {
    squared: slope * slope - reach * reach,
    linear: gap * slope,
    constant: gap * gap - (t * t * residual) / line.weight,
  };
  const [earliest, latest] = slope + reach > 0 ? endsOf(bound, gap, slope) : [null, null];
  const atTime = (time: number | null): number | null => (time === null ? null : meanAt + time);
  const isBeyond = gap + slope * (lastAt - meanAt) >= 0;
  return {
    slope: line.slope,
    slopeInterval: [line.slope - reach, line.slope + reach],
    verdict: isBeyond
      ? 'crossed'
      : slope > reach
        ? 'will_cross'
        : slope > 0
          ? 'may_cross'
          : 'holds',
    at: slope > 0 ? atTime(-gap / slope) : null,
    earliest: atTime(earliest),
    latest: atTime(latest),
  };
}

/**
 * The times at which squared t^2 + 2 linear t + constant <= 0, for lines that get worse.
 * Slope beyond chance: between the roots. Else outside of them, and a worsening line is on the side where it has
 * the limit still ahead of it, or behind it; or anywhere.
 */
function endsOf(
  { squared, linear, constant }: { squared: number; linear: number; constant: number },
  gap: number,
  slope: number,
): [earliest: number | null, latest: number | null] {
  const root = Math.sqrt(Math.max(0, linear * linear - squared * constant));
  if (squared > 0)
    return slope > 0 ? [(-linear - root) / squared, (-linear + root) / squared] : [null, null];
  if (constant <= 0) return [null, null];
  const roots = [(-linear - root) / squared, (-linear + root) / squared];
  const end = gap < 0 ? Math.max(...roots) : Math.min(...roots);
  const bound = Number.isFinite(end) ? end : null;
  return gap < 0 ? [bound, null] : [null, bound];
}

type Line = {
  n: number;
  weight: number;
  meanAt: number;
  lastAt: number;
  mean: number;
  slope: number;
  /** Sum of squared times from their mean. */
  spread: number;
  /** Variance of a value of weight 1 about the line. */
  residual: number;
};

function fitLine(given: readonly TrendPoint[]): Line | null {
  const points = given
    .map(({ at, value, weight = 1 }) => ({ at, value, weight }))
    .filter(({ at, value, weight }) => Number.isFinite(at + value) && weight > 0);
  const n = points.length;
  if (n < 3) return null;
  let [weight, meanAt, mean, lastAt] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  for (const point of points) {
    weight += point.weight;
    meanAt += (point.weight / weight) * (point.at - meanAt);
    mean += (point.weight / weight) * (point.value - mean);
    lastAt = Math.max(lastAt, point.at);
  }
  let [spread, product, squares] = [0, 0, 0];
  for (const point of points) {
    spread += point.weight * (point.at - meanAt) ** 2;
    product += point.weight * (point.at - meanAt) * (point.value - mean);
  }
  if (!(spread > 0)) return null;
  const slope = product / spread;
  for (const point of points)
    squares += point.weight * (point.value - mean - slope * (point.at - meanAt)) ** 2;
  return { n, weight, meanAt, lastAt, mean, slope, spread, residual: squares / (n - 2) };
}
