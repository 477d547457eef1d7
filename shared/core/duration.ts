import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

const UNITS: Record<string, number> = { s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const LONGEST_MS = 3660 * DAY_MS;

/** Milliseconds of a whole number with a unit: 90s, 45m, 12h, 30d. Null for anything else, 0 and above ten years. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,9})([smhd])$/.exec(text);
  if (!match) return null;
  const ms = Number(match[1]) * UNITS[match[2]];
  return ms > 0 && ms <= LONGEST_MS ? ms : null;
}

const WORDS: readonly (readonly [ms: number, one: string])[] = [
  [365 * DAY_MS, 'year'],
  [DAY_MS, 'day'],
  [HOUR_MS, 'hour'],
  [MINUTE_MS, 'minute'],
  [SECOND_MS, 'second'],
];

/** A length of time that was worked out, to a digit or two, in the largest unit of which there are two: 36 hours. */
export function durationWords(ms: number): string {
  const [unitMs, one] = WORDS.find(([each]) => ms >= 2 * each) ?? WORDS[WORDS.length - 1];
  const n = Number((ms / unitMs).toPrecision(ms / unitMs < 10 ? 1 : 2));
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, ',')} ${n === 1 ? one : `${one}s`}`;
}
