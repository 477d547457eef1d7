import type { Declaration } from '../contracts/declaration.ts';
import type { LossForecast, Suggestion } from '../contracts/registry.ts';
import { DAY_MS } from '../core/time.ts';
import { forecastCrossing } from '../stats/series/forecast-crossing.ts';
import type { ActivityHour } from './activity-series.ts';
import { floorTo } from './coarsening.ts';
import { LOSS_WORDS, type LossName, lossText } from './loss.ts';

/** Two weeks at least: less is part of a week's rhythm. */
const LEAST_DAYS = 14;
const LEAST_OUTCOMES_A_DAY = 20;
/** One less the chance that the interval holds; one looks at every day. */
const ALPHA = 0.01;
/** A date without its year is told of what is no further from the middle. */
const DATED_MS = 180 * DAY_MS;
/** What is further away is no forecast. */
const HORIZON_MS = 90 * DAY_MS;

/** What the loss must not pass: the monitor's bound, or a gate's; null where none is declared. */
export function boundOfLoss(
  loss: LossName,
  { monitors, gates }: Pick<Declaration, 'monitors' | 'gates'>,
): number | null {
  const gate = gates.find(({ metric }) => metric === loss);
  return monitors[loss]?.max ?? gate?.max ?? null;
}

/**
 * When does a version's loss pass its bound, if it grows as it has? By the straight trend of its days, each as heavy
 * as it has outcomes.
 * @param rows hours of any version, any order
 * @returns null where it is not shown to grow (chance 0.01), for less than 14 days of 20 outcomes, and for what has been
 * passed already or is more than 90 days away
 */
export function forecastLoss(
  rows: readonly ActivityHour[],
  of: { version: string; loss: LossName; limit: number; nowMs: number },
): LossForecast | null {
  const { loss, limit, nowMs } = of;
  const points = dailyLoss(rows, of);
  if (points.length < LEAST_DAYS) return null;
  const crossing = forecastCrossing(points, { limit, worse: 'up', alpha: ALPHA });
  if (crossing?.verdict !== 'will_cross') return null;
  const { atMs, earliestMs, latestMs, slopePerDay } = crossing;
  if (atMs === null || earliestMs === null) return null;
  if (atMs <= nowMs || atMs > nowMs + HORIZON_MS) return null;
  const latest = latestMs === null ? null : timeOf(latestMs);
  const times = { at: timeOf(atMs), earliest: timeOf(Math.max(nowMs, earliestMs)), latest };
  return { loss, limit, slopePerDay, days: points.length, ...times };
}

/** A time that a date can say. */
const timeOf = (atMs: number): string => new Date(Math.min(atMs, 8.64e15)).toISOString();

function dailyLoss(
  rows: readonly ActivityHour[],
  { version, nowMs }: { version: string; nowMs: number },
): { atMs: number; value: number; weight: number }[] {
  const today = floorTo(nowMs, DAY_MS);
  const days = new Map<number, { n: number; sum: number }>();
  for (const row of rows) {
    const day = floorTo(row.hourMs, DAY_MS);
    if (row.version !== version || day >= today) continue;
    const sums = days.get(day) ?? { n: 0, sum: 0 };
    sums.n += row.loss.n;
    sums.sum += row.loss.sum;
    days.set(day, sums);
  }
  return [...days]
    .filter(([, { n }]) => n >= LEAST_OUTCOMES_A_DAY)
    .map(([day, { n, sum }]) => ({ atMs: day + DAY_MS / 2, value: sum / n, weight: n }))
    .sort((a, b) => a.atMs - b.atMs);
}

export function suggestByForecast(forecast: LossForecast | null, unit: string): Suggestion[] {
  if (!forecast) return [];
  const { loss, limit, slopePerDay, days, at, earliest, latest } = forecast;
  const isSoon = latest !== null && Date.parse(latest) - Date.parse(at) < DATED_MS;
  const until = isSoon ? `to ${dayText(latest)}` : 'or later';
  const sentence = `Plan a retraining: at this rate ${LOSS_WORDS[loss]} passes ${lossText(loss, limit, unit)} around ${dayText(at)} (${dayText(earliest)} ${until}), by the trend of ${days} days.`;
  return [{ action: 'plan_retraining', sentence, numbers: { limit, slopePerDay, days } }];
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function dayText(time: string): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}
