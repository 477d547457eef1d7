/** What repeats: nothing else is told apart. */
export type Season = 'hour-of-week' | 'hour-of-day';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Hours of a season. */
export const HOURS: Record<Season, number> = { 'hour-of-week': 168, 'hour-of-day': 24 };
/** The first of January 1970 was a Thursday. */
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** The season that a history of this length tells: by the week after four of them, by the day after four days. */
export function seasonOf(spanMs: number): Season | null {
  if (spanMs >= 28 * DAY_MS) return 'hour-of-week';
  return spanMs >= 4 * DAY_MS ? 'hour-of-day' : null;
}

/** Which hour of the season a time is in (UTC). */
export const slotOf = (atMs: number, season: Season): number =>
  Math.floor(atMs / HOUR_MS) % HOURS[season];

/** That hour in words. */
export function whenOf(atMs: number, season: Season): string {
  const hour = `${Math.floor(atMs / HOUR_MS) % 24}:00 UTC`;
  return season === 'hour-of-day'
    ? `at ${hour}`
    : `on ${DAYS[Math.floor(atMs / DAY_MS) % 7]} at ${hour}`;
}
