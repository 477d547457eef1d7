import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classifyRefusal, parseRetryAfterMs, retryDelayMs } from './classify.ts';

test.each([
  ['digest-mismatch', 400, 'damaged'],
  ['not-gzip', 400, 'damaged'],
  ['digest-missing', 400, 'dead'],
  ['bad-batch', 400, 'dead'],
  ['batch-conflict', 409, 'dead'],
  ['digest-mismatch', 503, 'retry'],
])('the problem %s with status %i means %s', (slug, status, verdict) => {
  const type = `https://edgewise.dev/problems/${slug}`;
  expect(classifyRefusal(status, JSON.stringify({ type, status }))).toBe(verdict);
});

test.each(['', 'null', '<html>Bad request</html>', '{"type":3}', '"digest-mismatch"'])(
  'a 400 that is no problem of ours is for good: %s',
  (body) => {
    expect(classifyRefusal(400, body)).toBe('dead');
  },
);

test('a delay lies between nothing and its doubling ceiling, and never before Retry-After', () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.option(fc.nat(10_000_000)),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      (attempts, retryAfterMs, uniform) => {
        const delay = retryDelayMs(attempts, retryAfterMs, () => uniform);
        const asked = Math.min(retryAfterMs ?? 0, 3_600_000);
        expect(delay).toBeGreaterThanOrEqual(asked);
        expect(delay).toBeLessThanOrEqual(Math.max(asked, Math.min(300_000, 1000 * 2 ** attempts)));
      },
    ),
  );
});

test('Retry-After is read as seconds and as a date, and anything else as absent', () => {
  expect(parseRetryAfterMs('7', 0)).toBe(7000);
  expect(parseRetryAfterMs('Thu, 01 Jan 1970 00:00:30 GMT', 10_000)).toBe(20_000);
  expect(parseRetryAfterMs('Thu, 01 Jan 1970 00:00:00 GMT', 10_000)).toBe(0);
  expect(parseRetryAfterMs('soon', 0)).toBeNull();
  expect(parseRetryAfterMs(null, 0)).toBeNull();
});
