import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/time.ts';

/**
 * What of a point in time a model is given as a number. `days`: since 1970-01-01, with fractions;
 * `hour`: 0 to below 24, with fractions; `weekday`: Monday 0 to Sunday 6; `month`: 1 to 12. All in UTC.
 */
export type TimePart = 'days' | 'month' | 'weekday' | 'hour';

export const TIME_PARTS: readonly TimePart[] = ['days', 'month', 'weekday', 'hour'];

/** What comes first in a date: 2026-11-21, 21.11.2026 or 11/21/2026. */
export type DateOrder = 'year_first' | 'day_first' | 'month_first';

const YEAR_FIRST =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)? ?(Z|[+-]\d{2}:?\d{2})?$/;
const YEAR_LAST =
  /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:,? (\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)? ?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Unix milliseconds of a date, or of a date and a time of day (ISO 8601, also with a space for the T;
 * slashes and points part the date too). Without a zone it is taken as UTC. Null where it is none:
 * 2026-02-30 is not.
 */
export function parseTime(text: string, order: DateOrder = 'year_first'): number | null {
  const first = text.charCodeAt(0);
  // Most texts that are asked begin with a letter.
  if (!(first >= 48 && first <= 57)) return null;
  const found = (order === 'year_first' ? YEAR_FIRST : YEAR_LAST).exec(text);
  if (found === null) return null;
  const [, a, , b, c, hour = '0', minute = '0', second = '0', fraction = '0', zone] = found;
  const date =
    order === 'year_first'
      ? dateMs(a, b, c)
      : order === 'day_first'
        ? dateMs(c, b, a)
        : dateMs(c, a, b);
  if (date === null || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return null;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second) + Number(fraction);
  return date + seconds * 1000 - zoneMs(zone);
}

/** Does this text say which zone it is in? */
export const namesZone = (text: string): boolean => /:\d{2}.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text);

function dateMs(year: string, month: string, day: string): number | null {
  const timeMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(timeMs);
  const isReal = date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1;
  return isReal ? timeMs : null;
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone[0] === '-' ? -1 : 1) * minutes * MINUTE_MS;
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
