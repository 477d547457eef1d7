import { HOUR_MS } from '../core/time.ts';
import type { Point } from '../stats/series/seasonal-threshold.ts';
import type { Moments } from './gate-verdict.ts';

/** One hour of a version's traffic. */
export type ActivityHour = {
  hourMs: number;
  /** Null: devices that were assigned none. */
  version: string | null;
  predictions: number;
  /** Answers that the model gave or is to blame for not giving, and of them those it did not. */
  answers: number;
  fallbacks: number;
  /** The loss of each outcome of the model's answers. */
  loss: Moments;
};

export const ACTIVITY_SERIES = ['predictions', 'fallback_rate', 'loss'] as const;
export type ActivityName = (typeof ACTIVITY_SERIES)[number];

/** `told`: what is counted, a share or a mean. */
export type ActivityPoint = Point & { told: number };

/** A series on a scale on which an hour's error is known and nearly normal. */
export type ActivitySeries = {
  points: ActivityPoint[];
  /** Back from that scale. */
  natural: (value: number) => number;
};

/** Answers or outcomes of an hour that is counted as one: fewer say little of a share or a mean. */
const LEAST_AN_HOUR = 20;
/** Losses that are all the same have no spread, and nothing could be held against an error of 0. */
const LEAST_ERROR = 1e-9;

type Sum = Omit<ActivityHour, 'version'>;

/**
 * What each hour says, up to and with `lastMs`. The first hour is left out: it began somewhere. Predictions: hours
 * without a row are hours of silence.
 *
 * Scales: counts by Anscombe's square root, shares by his arc sine, means of a loss by the cube root (Wilson and
 * Hilferty), with one coefficient of variation for all hours: of a single one it would go with its mean.
 */
export function activitySeries(
  name: ActivityName,
  rows: readonly ActivityHour[],
  lastMs: number,
): ActivitySeries {
  const hours = sumByHour(rows, lastMs);
  switch (name) {
    case 'predictions':
      return {
        points: withSilence(hours, lastMs).map(({ hourMs, predictions }) => ({
          ...{
            atMs: hourMs,
            value: 2 * Math.sqrt(predictions + 3 / 8),
            error: 1,
            told: predictions,
          },
        })),
        natural: (value) => Math.max(0, (value / 2) ** 2 - 3 / 8),
      };
    case 'fallback_rate':
      return {
        points: hours
          .filter(({ answers }) => answers >= LEAST_AN_HOUR)
          .map(({ hourMs, fallbacks, answers }) => ({
            atMs: hourMs,
            value: Math.asin(Math.sqrt((fallbacks + 3 / 8) / (answers + 3 / 4))),
            error: 0.5 / Math.sqrt(answers + 1 / 2),
            told: fallbacks / answers,
          })),
        natural: (value) => Math.sin(Math.min(Math.PI / 2, Math.max(0, value))) ** 2,
      };
    case 'loss':
      return lossSeries(hours.filter(({ loss }) => loss.n >= LEAST_AN_HOUR));
  }
}

function lossSeries(hours: readonly Sum[]): ActivitySeries {
  let [n, sum, sumSquares] = [0, 0, 0];
  for (const { loss } of hours) {
    n += loss.n;
    sum += loss.sum;
    sumSquares += loss.sumSquares;
  }
  const mean = n === 0 ? 0 : sum / n;
  const variation = mean > 0 ? Math.sqrt(Math.max(0, sumSquares / n - mean * mean)) / mean : 0;
  return {
    points: hours.map(({ hourMs, loss }) => ({
      atMs: hourMs,
      value: Math.cbrt(loss.sum / loss.n),
      error: Math.max(LEAST_ERROR, (Math.cbrt(mean) * variation) / (3 * Math.sqrt(loss.n))),
      told: loss.sum / loss.n,
    })),
    natural: (value) => Math.max(0, value) ** 3,
  };
}

function sumByHour(rows: readonly ActivityHour[], lastMs: number): Sum[] {
  const hours = new Map<number, Sum>();
  let firstMs = Number.POSITIVE_INFINITY;
  for (const { hourMs, predictions, answers, fallbacks, loss } of rows) {
    firstMs = Math.min(firstMs, hourMs);
    const sum = hours.get(hourMs) ?? emptyHour(hourMs);
    sum.predictions += predictions;
    sum.answers += answers;
    sum.fallbacks += fallbacks;
    sum.loss.n += loss.n;
    sum.loss.sum += loss.sum;
    sum.loss.sumSquares += loss.sumSquares;
    hours.set(hourMs, sum);
  }
  return [...hours.values()]
    .filter(({ hourMs }) => hourMs > firstMs && hourMs <= lastMs)
    .sort((a, b) => a.hourMs - b.hourMs);
}

function withSilence(hours: readonly Sum[], lastMs: number): Sum[] {
  if (hours.length === 0) return [];
  const known = new Map(hours.map((hour) => [hour.hourMs, hour]));
  const whole: Sum[] = [];
  for (let hourMs = hours[0].hourMs; hourMs <= lastMs; hourMs += HOUR_MS)
    whole.push(known.get(hourMs) ?? emptyHour(hourMs));
  return whole;
}

const emptyHour = (hourMs: number): Sum => ({
  ...{ hourMs, predictions: 0, answers: 0, fallbacks: 0 },
  loss: { n: 0, sum: 0, sumSquares: 0 },
});
