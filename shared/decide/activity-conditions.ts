import { HOUR_MS } from '../core/time.ts';
import type { ActivityVerdict } from './activity.ts';
import type { ActivityHour, ActivityName } from './activity-series.ts';
import type { AlertCondition } from './alerts.ts';

/** Something that was done to what is served. */
export type Deployment = { atMs: number; words: string };

export type ActivityContext = {
  /** Start of the hour that was judged. */
  hourMs: number;
  rows: readonly ActivityHour[];
  deployment: Deployment | null;
  /** Fallbacks of the hour by reason. */
  reasons: Readonly<Record<string, number>>;
  /** A loss in words. */
  lossText: (value: number) => string;
};

const NAMES: Record<ActivityName, string> = {
  predictions: 'Predictions an hour',
  fallback_rate: 'Fallback rate',
  loss: 'Loss',
};
const VERDICTS = { unusual: 'firing', usual: 'clear', insufficient_data: 'unknown' } as const;

/** Conditions of the last whole hour; what is unusual says since when, and what made it. */
export function activityConditions(
  verdicts: readonly ActivityVerdict[],
  context: ActivityContext,
): AlertCondition[] {
  return verdicts.map((one) => ({
    rule: `anomaly:${one.name}`,
    severity: 'warning',
    verdict: VERDICTS[one.verdict],
    summary: [
      usualWords(one, context),
      ...(one.verdict === 'unusual' ? [sinceWords(one, context), ...madeOf(one, context)] : []),
    ].join('; '),
  }));
}

function usualWords(one: ActivityVerdict, { lossText }: ActivityContext): string {
  const { name, value, expected, interval, season } = one;
  const show = (number: number): string => {
    if (name === 'loss') return lossText(number);
    return name === 'predictions' ? short(number) : percent(number);
  };
  const now = `${NAMES[name]} ${value === null ? 'unknown' : show(value)}`;
  if (expected === null || interval === null) return `${now}, too little history`;
  const when = season === 'hour-of-week' ? 'hour of the week' : 'hour of the day';
  return `${now}, usually ${show(expected)} (${show(interval[0])} to ${show(interval[1])}) in this ${when}`;
}

function sinceWords({ sinceMs }: ActivityVerdict, { hourMs, deployment }: ActivityContext): string {
  const since = sinceMs ?? hourMs;
  const isNear = deployment !== null && Math.abs(deployment.atMs - since - HOUR_MS / 2) <= HOUR_MS;
  return `since ${timeText(since)}${isNear ? `, when ${deployment.words}` : ''}`;
}

/** The version with most of it, where there are several, and the reason most fallbacks have. */
function madeOf({ name }: ActivityVerdict, context: ActivityContext): string[] {
  const hour = context.rows.filter(({ hourMs }) => hourMs === context.hourMs);
  const parts: string[] = [];
  const amount = (row: ActivityHour): number =>
    name === 'predictions' ? row.predictions : name === 'loss' ? row.loss.sum : row.fallbacks;
  const total = hour.reduce((sum, row) => sum + amount(row), 0);
  const [most] = [...hour].sort((a, b) => amount(b) - amount(a));
  if (most && hour.length > 1 && total > 0)
    parts.push(`${percent(amount(most) / total)} of it by ${most.version ?? 'no version'}`);
  const [reason] = Object.entries(context.reasons).sort(([, a], [, b]) => b - a);
  if (name === 'fallback_rate' && reason) parts.push(`most for ${reason[0]} (${reason[1]})`);
  return parts;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function timeText(atMs: number): string {
  const date = new Date(atMs);
  return `${DAYS[date.getUTCDay()]} ${date.toISOString().slice(11, 16)} UTC`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${short(share * 100)} %`;
