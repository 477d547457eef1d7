import { tTwoSided } from '../distributions/student-t.ts';
import { quantileOfSorted } from '../moments.ts';
import { changePoints } from './change-points.ts';
import { HOURS, type Season, seasonOf, slotOf, whenOf } from './season.ts';
import { isLevel, type StillRun, stillRuns } from './still-runs.ts';

/** One point of a metric: Unix milliseconds and a value. */
export type Point = {
  atMs: number;
  value: number;
  /** Standard error of the value by itself (of a count, a mean), in its units; 1 where left out, and then not believed. */
  error?: number;
};

export type ExplainedScore = {
  /** Robust deviations from what this hour of the season usually is; 0 where nothing deviates. */
  score: number;
  /** Chance of a score as far from 0, where nothing changed. */
  pValue: number;
  expected: number;
  /** Standard deviation of the point from what is expected. */
  spread: number;
  /** Of the t distribution that scores have where nothing changed. */
  freedom: number;
  season: Season;
  /** Points of history of the same hour. */
  n: number;
  /** Least and greatest of them. */
  range: [number, number];
  /** Since when the level is another than its season's; null where it never changed. */
  levelSinceMs: number | null;
  /** The level is that the metric stands still, and the point does. */
  isStill: boolean;
  sentence: string;
};

/** Makes the median absolute deviation of a normal its standard deviation. */
const NORMAL_SCALE = 1.4826;
/** Degrees of freedom a point: what a median absolute deviation makes of them, next to a variance. */
const EFFICIENCY = 0.37;
/** Points of the same hour: with fewer there is none left to hold one against. */
const MIN_PER_HOUR = 3;
/** Levels are told by blocks of six hours: of single ones the search would cost 36 times as much. */
const BLOCK = 6;
/** A level that held this long is the level, no incident. */
const LEVEL_HOURS = 72;

/**
 * How unusual is an hour, given what its hour of the week or day (UTC) has been?
 *
 * Expected is the median of the same hours, and what the level has moved by since it last changed (PELT, kept for
 * 72 hours at least). A metric that has stood still for 72 hours against its rhythm, as traffic that ended, is at that
 * level, and such hours are no history: what then comes back as it was is usual (`stillRuns`). Each hour of history is held in the same way against the others of
 * its own; the median size of what is left, in standard errors, is the spread of all. So neither the rhythm, nor a past
 * incident, nor a level that changed moves the threshold. A spread below the points' own errors is not believed.
 * @param history by time, an hour apart or more; not finite: missing
 * @param asked the season; by the length of the history where left out
 * @returns null with less history than the season needs, or fewer than 3 points of the same hour
 * Cost: one sort of the history, one PELT over it. Source: Leys et al. (2013) on median/MAD thresholds; Killick et
 * al. (2012).
 */
export function scoreSeasonal(
  history: readonly Point[],
  point: Point,
  asked: Season | null = seasonOf(spanOf(history, point)),
): ExplainedScore | null {
  if (!asked || !Number.isFinite(point.value)) return null;
  const still = withoutStill(history, point, asked);
  if (still.level) return scoreOfStill(still.level, point, asked);
  const { finite, season } = still;
  if (!season) return null;
  const slots = slotsOf(finite, season);
  const same = slots[slotOf(point.atMs, season)];
  if (same.length < MIN_PER_HOUR) return null;
  const { size, freedom, level } = residualsOf(finite, slots, season);
  const expected = quantileOfSorted(same, 0.5) + (level?.by ?? 0);
  const spread = size * (point.error ?? 1);
  const score = scoreOf(point.value - expected, spread);
  const when = whenOf(point.atMs, season);
  return {
    ...{ score, expected, spread, freedom, season, n: same.length },
    range: [same[0], same[same.length - 1]],
    pValue: tTwoSided(score, freedom),
    levelSinceMs: level?.sinceMs ?? null,
    isStill: false,
    sentence: `${show(point.value)}, usually ${show(expected)} +- ${show(spread)} ${when} (${same.length} points)`,
  };
}

type Known = {
  /** History without the hours at which the metric stood still. */
  finite: Point[];
  season: Season | null;
  /** The run that the point goes on with, where that is the level by now. */
  level: (StillRun & { sinceMs: number }) | null;
};

function withoutStill(history: readonly Point[], point: Point, asked: Season): Known {
  const points = [...history, point].filter(({ value }) => Number.isFinite(value));
  const runs = stillRuns(
    points.map(({ value }) => value),
    points.map(({ atMs }) => slotOf(atMs, asked)),
  ).filter(isLevel);
  const last = points.length - 1;
  const goesOn = runs.find(({ to }) => to === last);
  if (goesOn)
    return {
      ...{ finite: [], season: asked },
      level: { ...goesOn, sinceMs: points[goesOn.from].atMs },
    };
  const isKept = (i: number): boolean =>
    i < last && !runs.some((run) => run.from <= i && i <= run.to);
  const lostMs = runs.reduce((sum, run) => sum + points[run.to].atMs - points[run.from].atMs, 0);
  const left = seasonOf(spanOf(history, point) - lostMs);
  return {
    finite: points.filter((_, i) => isKept(i)),
    season: runs.length === 0 ? asked : left,
    level: null,
  };
}

function scoreOfStill(
  { value, from, to, sinceMs }: StillRun & { sinceMs: number },
  { atMs, error = 0 }: Point,
  season: Season,
): ExplainedScore {
  const n = to - from + 1;
  return {
    ...{ score: 0, pValue: 1, expected: value, spread: error, season, n },
    freedom: EFFICIENCY * n,
    range: [value, value],
    levelSinceMs: sinceMs,
    isStill: true,
    sentence: `${show(value)}, as in all ${n} hours before ${whenOf(atMs, season)}`,
  };
}

/**
 * Each point's deviation from the others of its hour, in standard errors of the points; where they change
 * level (`changePoints`) something began.
 * @returns by time, without the points whose hour has fewer than 3
 */
export function seasonalDeviations(points: readonly Point[], season: Season): Point[] {
  const finite = points.filter(({ value }) => Number.isFinite(value));
  const slots = slotsOf(finite, season);
  return ownDeviations(finite, slots, season).map(({ atMs, residual, error }) => ({
    ...{ atMs, value: residual / error },
  }));
}

const spanOf = (history: readonly Point[], { atMs }: Point): number =>
  history.length === 0 ? 0 : atMs - history[0].atMs;

/** Values of each hour of the season, sorted. */
function slotsOf(points: readonly Point[], season: Season): Float64Array[] {
  const slots = Array.from({ length: HOURS[season] }, (): number[] => []);
  for (const { atMs, value } of points) slots[slotOf(atMs, season)].push(value);
  return slots.map((values) => Float64Array.from(values).sort());
}

type Residuals = {
  /** Robust standard deviation, in standard errors of the points. */
  size: number;
  freedom: number;
  level: { by: number; sinceMs: number } | null;
};

type Deviation = { atMs: number; value: number; residual: number; error: number };

function ownDeviations(
  points: readonly Point[],
  slots: readonly Float64Array[],
  season: Season,
): Deviation[] {
  const deviations: Deviation[] = [];
  for (const { atMs, value, error = 1 } of points) {
    const slot = slots[slotOf(atMs, season)];
    if (slot.length < MIN_PER_HOUR) continue;
    deviations.push({ atMs, value, residual: value - medianWithout(slot, value), error });
  }
  return deviations;
}

function residualsOf(
  points: readonly Point[],
  slots: readonly Float64Array[],
  season: Season,
): Residuals {
  const told = ownDeviations(points, slots, season);
  const scaled = told.map(({ residual, error }) => residual / error);
  const starts = [0, ...levelStarts(scaled)];
  const sizes = starts.flatMap((start, i) => {
    const segment = scaled.slice(start, starts[i + 1]);
    const middle = medianOf(segment);
    return segment.map((residual) => Math.abs(residual - middle));
  });
  const isKnown = points.some(({ error }) => error !== undefined);
  const size = Math.max(isKnown ? 1 : 0, NORMAL_SCALE * medianOf(sizes));
  const last = starts[starts.length - 1];
  const isStill = told.slice(last).every(({ value }) => value === told[last].value);
  const level =
    last === 0 || isStill
      ? null
      : {
          by: medianOf(told.slice(last).map(({ residual }) => residual)),
          sinceMs: told[last].atMs,
        };
  return { size, freedom: Math.max(1, EFFICIENCY * told.length), level };
}

function levelStarts(scaled: readonly number[]): number[] {
  const blocks = Array.from({ length: Math.floor(scaled.length / BLOCK) }, (_, i) =>
    medianOf(scaled.slice(i * BLOCK, (i + 1) * BLOCK)),
  );
  return changePoints(blocks, { minLength: LEVEL_HOURS / BLOCK }).map((start) => start * BLOCK);
}

/** Of the sorted values, one of which is left out. */
function medianWithout(sorted: Float64Array, value: number): number {
  const left = sorted.indexOf(value);
  const at = (i: number): number => sorted[i < left ? i : i + 1];
  const n = sorted.length - 1;
  return (at((n - 1) >> 1) + at(n >> 1)) / 2;
}

const medianOf = (values: readonly number[]): number =>
  quantileOfSorted(Float64Array.from(values).sort(), 0.5);

function scoreOf(difference: number, spread: number): number {
  if (difference === 0) return 0;
  return spread === 0 ? Math.sign(difference) * Number.MAX_VALUE : difference / spread;
}

const show = (value: number): string => String(Number(value.toPrecision(3)));
