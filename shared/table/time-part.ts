import { DAY_MS, HOUR_MS } from '../core/time.ts';

/**
 * What of a point in time a model is given as a number. `days`: since 1970-01-01, with fractions;
 * `hour`: 0 to below 24, with fractions; `weekday`: Monday 0 to Sunday 6; `month`: 1 to 12. All in UTC.
 */
export type TimePart = 'days' | 'month' | 'weekday' | 'hour';

export const TIME_PARTS: readonly TimePart[] = ['days', 'month', 'weekday', 'hour'];

const TIME =
  /^(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)? ?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Unix milliseconds of a date or date-time, year first (ISO 8601, also with a space for the T or
 * slashes). Without a zone it is taken as UTC. Null where it is not one, 2026-02-30 included.
 */
export function parseTime(text: string): number | null {
  const found = TIME.exec(text);
  if (found === null) return null;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] =
    found;
  const date = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const isRealDate =
    new Date(date).getUTCDate() === Number(day) && Number(month) >= 1 && Number(month) <= 12;
  if (!isRealDate || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) + Number(fraction);
  return date + seconds * 1000 - zoneMs(zone);
}

/** Does this text say which zone it is in? */
export const namesZone = (text: string): boolean => /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -1 : 1) * minutes * 60_000;
}

/** One part of a point in time. @param timeMs Unix milliseconds */
export function timePart(timeMs: number, part: TimePart): number {
  const days = Math.floor(timeMs / DAY_MS);
  switch (part) {
    case 'days':
      return timeMs / DAY_MS;
    case 'month':
      return new Date(timeMs).getUTCMonth() + 1;
    case 'weekday':
      // 1970-01-01 was a Thursday.
      return (((days + 3) % 7) + 7) % 7;
    case 'hour':
      return (timeMs - days * DAY_MS) / HOUR_MS;
  }
}
