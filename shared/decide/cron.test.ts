import { expect, test } from 'vitest';
import { cronMatches, parseCron } from './cron.ts';

const at = (text: string): number => Date.parse(text);

test('a minute matches when each of the five fields allows it, in UTC', () => {
  expect(cronMatches('30 3 * * *', at('2026-11-21T03:30:59.999Z'))).toBe(true);
  expect(cronMatches('30 3 * * *', at('2026-11-21T03:31:00Z'))).toBe(false);
  expect(cronMatches('* * * * *', at('2026-02-28T23:59:00Z'))).toBe(true);
});

test('lists, ranges, steps and names are read', () => {
  expect(cronMatches('*/15 8-18 * * MON-FRI', at('2026-11-20T08:45:00Z'))).toBe(true);
  expect(cronMatches('*/15 8-18 * * MON-FRI', at('2026-11-21T08:45:00Z'))).toBe(false);
  expect(cronMatches('5,35 0 1 jan,jul *', at('2026-07-01T00:35:00Z'))).toBe(true);
  expect(cronMatches('10-20/5 * * * *', at('2026-07-01T00:15:00Z'))).toBe(true);
  expect(cronMatches('10-20/5 * * * *', at('2026-07-01T00:16:00Z'))).toBe(false);
});

test('where both day fields restrict, either matches; Sunday is 0 and 7', () => {
  const sunday = at('2026-11-22T00:00:00Z');
  expect(cronMatches('0 0 13 * 0', sunday)).toBe(true);
  expect(cronMatches('0 0 22 * 5', sunday)).toBe(true);
  expect(cronMatches('0 0 13 * 5', sunday)).toBe(false);
  expect(cronMatches('0 0 * * 7', sunday)).toBe(true);
  expect(cronMatches('0 0 */2 * 7', sunday)).toBe(false);
});

test.each([
  '',
  '* * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '5-1 * * * *',
  '*/0 * * * *',
  '* * * * XYZ',
  '1,,2 * * * *',
])('the expression "%s" is refused and matches nothing', (expression) => {
  expect(parseCron(expression)).toMatchObject({ ok: false, error: { reason: 'invalid_cron' } });
  expect(cronMatches(expression, 0)).toBe(false);
});
