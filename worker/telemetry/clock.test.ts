import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../shared/core/time.ts';
import { OLDEST_EVENT_MS, placeEvent } from './clock.ts';

const RECEIVED_MS = Date.UTC(2026, 10, 21);

test('a device whose clock is off by any amount places its events right', () => {
  const skews = fc.integer({ min: -400 * DAY_MS, max: 400 * DAY_MS });
  const ages = fc.integer({ min: 0, max: OLDEST_EVENT_MS });
  fc.assert(
    fc.property(skews, ages, (skewMs, ageMs) => {
      const sentAtMs = RECEIVED_MS + skewMs;
      const placed = placeEvent(sentAtMs - ageMs, { sentAtMs, receivedMs: RECEIVED_MS });
      expect(placed).toEqual({ atMs: RECEIVED_MS - ageMs, clamped: false });
    }),
  );
});

test('an event a year old by its own device is placed at the oldest age and counted', () => {
  const clock = { sentAtMs: RECEIVED_MS, receivedMs: RECEIVED_MS };
  expect(placeEvent(RECEIVED_MS - 365 * DAY_MS, clock)).toEqual({
    atMs: RECEIVED_MS - OLDEST_EVENT_MS,
    clamped: true,
  });
});

test('an event from after its own sending is placed at its arrival and counted', () => {
  const clock = { sentAtMs: RECEIVED_MS, receivedMs: RECEIVED_MS };
  expect(placeEvent(RECEIVED_MS + MINUTE_MS, clock)).toEqual({ atMs: RECEIVED_MS, clamped: true });
  expect(placeEvent(RECEIVED_MS + 5, clock)).toEqual({ atMs: RECEIVED_MS, clamped: false });
});
