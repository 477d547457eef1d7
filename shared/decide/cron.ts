import { fail, ok, type Result } from '../core/result.ts';

type Field = { name: string; min: number; max: number; names?: readonly string[] };

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 7, names: DAYS },
];

/** A cron expression, read: the values each field allows, and whether the two day fields restrict. */
export type Cron = {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  daysOfMonth: ReadonlySet<number>;
  months: ReadonlySet<number>;
  daysOfWeek: ReadonlySet<number>;
  isAnyDayOfMonth: boolean;
  isAnyDayOfWeek: boolean;
};

export type CronError = { reason: 'invalid_cron'; field: string; text: string };

/**
 * Reads five fields (minute, hour, day of month, month, day of week; UTC) of lists, ranges, steps
 * and English names. POSIX crontab: where both day fields restrict, either may match. Sunday is 0 or 7.
 */
export function parseCron(expression: string): Result<Cron, CronError> {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== FIELDS.length)
    return fail({ reason: 'invalid_cron', field: 'five fields', text: expression });
  const sets: Set<number>[] = [];
  for (let i = 0; i < FIELDS.length; i++) {
    const values = parseField(texts[i], FIELDS[i]);
    if (!values) return fail({ reason: 'invalid_cron', field: FIELDS[i].name, text: texts[i] });
    sets.push(values);
  }
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = sets;
  if (daysOfWeek.has(7)) daysOfWeek.add(0);
  const isAnyDayOfMonth = texts[2].startsWith('*');
  const isAnyDayOfWeek = texts[4].startsWith('*');
  return ok({ minutes, hours, daysOfMonth, months, daysOfWeek, isAnyDayOfMonth, isAnyDayOfWeek });
}

function parseField(text: string, field: Field): Set<number> | null {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return null;
    const [, first, last, stepText] = match;
    const step = stepText === undefined ? 1 : Number(stepText);
    const from = first === '*' ? field.min : readValue(first, field);
    const to = endOf({ first, last, isStepped: stepText !== undefined }, field);
    if (from === null || to === null || step < 1 || from > to) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

function endOf(
  part: { first: string; last: string | undefined; isStepped: boolean },
  field: Field,
): number | null {
  if (part.first === '*') return part.last === undefined ? field.max : null;
  if (part.last !== undefined) return readValue(part.last, field);
  return part.isStepped ? field.max : readValue(part.first, field);
}

function readValue(text: string, field: Field): number | null {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + field.min;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : null;
}

/** Does the minute that holds `nowMs` match? False for an expression that cannot be read. */
export function cronMatches(expression: string, nowMs: number): boolean {
  const parsed = parseCron(expression);
  if (!parsed.ok) return false;
  const cron = parsed.value;
  const now = new Date(nowMs);
  const isDayOfMonth = cron.daysOfMonth.has(now.getUTCDate());
  const isDayOfWeek = cron.daysOfWeek.has(now.getUTCDay());
  const isDay =
    cron.isAnyDayOfMonth || cron.isAnyDayOfWeek
      ? isDayOfMonth && isDayOfWeek
      : isDayOfMonth || isDayOfWeek;
  return (
    isDay &&
    cron.minutes.has(now.getUTCMinutes()) &&
    cron.hours.has(now.getUTCHours()) &&
    cron.months.has(now.getUTCMonth() + 1)
  );
}
