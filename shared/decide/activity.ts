import { tQuantile } from '../stats/distributions/student-t.ts';
import { changePoints } from '../stats/series/change-points.ts';
import type { Season } from '../stats/series/season.ts';
import {
  type ExplainedScore,
  scoreSeasonal,
  seasonalDeviations,
} from '../stats/series/seasonal-threshold.ts';
import {
  ACTIVITY_SERIES,
  type ActivityHour,
  type ActivityName,
  type ActivityPoint,
  type ActivitySeries,
  activitySeries,
} from './activity-series.ts';

/** What the last whole hour of one series says. */
export type ActivityVerdict = {
  name: ActivityName;
  verdict: 'usual' | 'unusual' | 'insufficient_data';
  /** Of the hour: predictions, share of fallbacks, mean loss. Null where too little happened. */
  value: number | null;
  /** What its hour of the season usually is, and between what it would be usual. */
  expected: number | null;
  interval: [number, number] | null;
  season: Season | null;
  /** Where it is unusual: when the hours began to differ from theirs. */
  sinceMs: number | null;
};

/** Smaller changes, however sure, are worth no alert. */
const LEAST_FACTOR = { predictions: 1.5, fallback_rate: 1.2, loss: 1.2 };
/** A share of fallbacks must grow by this beside. */
const LEAST_RATE_GROWTH = 0.01;
/** By the day alone a week-end is unknown: an hour must leave all that its like have been, traffic by this factor. */
const BEYOND_ALL = 4;
const HOURS_LOOKED_BACK = 168;
/** So many silent hours are no night, even where none of them says so by itself. */
const SILENT_HOURS = 96;

/**
 * Is the last whole hour of a model's traffic unusual? Predictions in both directions, fallbacks and loss where they
 * grew. Unusual: its score has a chance below `alpha` an hour where nothing changed, and the change is large enough.
 * @param options.hourMs the hour that is judged
 */
export function judgeActivity(
  rows: readonly ActivityHour[],
  options: { hourMs: number; alpha: number },
): ActivityVerdict[] {
  return ACTIVITY_SERIES.map((name) => {
    const series = activitySeries(name, rows, options.hourMs);
    const point = series.points.at(-1);
    if (point?.atMs !== options.hourMs) return insufficient(name, null);
    const history = series.points.slice(0, -1);
    const score = scoreSeasonal(history, point);
    if (!score) return insufficient(name, point.told);
    return judgeHour(name, { series, point, score, alpha: options.alpha });
  });
}

const insufficient = (name: ActivityName, value: number | null): ActivityVerdict => ({
  ...{ name, verdict: 'insufficient_data', value, expected: null, interval: null },
  ...{ season: null, sinceMs: null },
});

type Scored = {
  series: ActivitySeries;
  point: ActivityPoint;
  score: ExplainedScore;
  alpha: number;
};

function judgeHour(name: ActivityName, scored: Scored): ActivityVerdict {
  const { series, point, score, alpha } = scored;
  const reach = tQuantile(alpha / 2, score.freedom, 'upper') * score.spread;
  const isUnusual = score.pValue < alpha && isLarge(name, scored);
  const isUntold = name === 'predictions' && point.told === 0 && !hasStood(scored);
  return {
    name,
    verdict: isUnusual ? 'unusual' : isUntold ? 'insufficient_data' : 'usual',
    value: point.told,
    expected: series.natural(score.expected),
    interval: [series.natural(score.expected - reach), series.natural(score.expected + reach)],
    season: score.season,
    sinceMs: isUnusual ? beganAt(series, score) : null,
  };
}

/**
 * A silent hour that is usual tells nothing: the night does not end an alert of the day. Days of silence end it.
 */
function hasStood({ series: { points }, score }: Scored): boolean {
  if (score.isStill) return true;
  const recent = points.slice(-SILENT_HOURS);
  return recent.length === SILENT_HOURS && recent.every(({ told }) => told === 0);
}

function isLarge(name: ActivityName, { series, point, score }: Scored): boolean {
  const { natural } = series;
  const value = natural(point.value);
  const expected = natural(score.expected);
  const [least, most] = score.range.map(natural);
  const factor = LEAST_FACTOR[name];
  const isWeekKnown = score.season === 'hour-of-week';
  if (name === 'predictions') {
    const [low, high] = isWeekKnown
      ? [expected / factor, expected * factor]
      : [Math.min(least, expected) / BEYOND_ALL, Math.max(most, expected) * BEYOND_ALL];
    return value <= low || value >= high;
  }
  const growth = name === 'fallback_rate' ? LEAST_RATE_GROWTH : 0;
  return value >= Math.max(expected * factor, expected + growth, isWeekKnown ? 0 : most);
}

/** When the hours of the last week began to differ from theirs as the last one does. */
function beganAt({ points }: ActivitySeries, { season }: ExplainedScore): number {
  const recent = seasonalDeviations(points, season).slice(-HOURS_LOOKED_BACK);
  const values = recent.map(({ value }) => value);
  const [start = recent.length - 1] = changePoints(values, { minLength: 1 }).slice(-1);
  return recent[start].atMs;
}
