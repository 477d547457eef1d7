import { quantileOfSorted } from '../moments.ts';

/** One point of a metric: Unix milliseconds and a value. */
export type Point = { atMs: number; value: number };

export type ExplainedScore = {
  /** Robust deviations from what this time of day usually is; 0 where nothing deviates. */
  score: number;
  expected: number;
  /** Median absolute deviation, scaled to a normal's standard deviation. */
  spread: number;
  /** Points of history it is compared with. */
  n: number;
  sentence: string;
};

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Makes the median absolute deviation of a normal its standard deviation. */
const NORMAL_SCALE = 1.4826;
/** Points of the same hour before an hour is judged by its own history. */
const MIN_PER_HOUR = 5;

/**
 * How unusual is a point, given what its hour of the day (UTC) has been? Median and median absolute deviation by
 * hour, so neither the daily rhythm nor a past incident moves the threshold; hours with fewer than 5 points of
 * history are judged by all of it.
 * @returns null with fewer than 5 points of history: too little to tell
 * Cost: one sort of the history. Source: Leys et al. (2013) on median/MAD thresholds.
 */
export function scoreSeasonal(history: readonly Point[], point: Point): ExplainedScore | null {
  const finite = history.filter(({ value }) => Number.isFinite(value));
  const hour = hourOf(point.atMs);
  const sameHour = finite.filter(({ atMs }) => hourOf(atMs) === hour);
  const basis = sameHour.length >= MIN_PER_HOUR ? sameHour : finite;
  if (basis.length < MIN_PER_HOUR || !Number.isFinite(point.value)) return null;
  const values = Float64Array.from(basis, ({ value }) => value).sort();
  const expected = quantileOfSorted(values, 0.5);
  const deviations = values.map((value) => Math.abs(value - expected)).sort();
  const spread = NORMAL_SCALE * quantileOfSorted(deviations, 0.5);
  const score = scoreOf(point.value - expected, spread);
  const when = basis === sameHour ? `at ${hour}:00 UTC` : 'at any hour';
  const sentence = `${show(point.value)}, usually ${show(expected)} +- ${show(spread)} ${when} (${basis.length} points)`;
  return { score, expected, spread, n: basis.length, sentence };
}

function scoreOf(difference: number, spread: number): number {
  if (difference === 0) return 0;
  return spread === 0 ? Math.sign(difference) * Number.MAX_VALUE : difference / spread;
}

const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) % HOURS;

const show = (value: number): string => String(Number(value.toPrecision(3)));
