import { DAY_MS } from '../../shared/core/time.ts';

/** An event older than this is placed at this age. */
export const OLDEST_EVENT_MS = 30 * DAY_MS;
/** Ahead of its own sending by less than this is rounding. */
const TOLERANCE_MS = 1000;

export type Placement = { atMs: number; clamped: boolean };

/**
 * When an event happened by the server's clock: its age by the device's own clock, counted back from
 * its arrival. So a device whose clock is a year off is placed right. An age that cannot be (before
 * `OLDEST_EVENT_MS`, or after the sending) is clamped, and the caller counts it.
 * @param clock `sentAtMs` by the device's clock, `receivedMs` by ours
 */
export function placeEvent(
  eventAtMs: number,
  clock: { sentAtMs: number; receivedMs: number },
): Placement {
  const ageMs = clock.sentAtMs - eventAtMs;
  if (ageMs > OLDEST_EVENT_MS) return { atMs: clock.receivedMs - OLDEST_EVENT_MS, clamped: true };
  if (ageMs < 0) return { atMs: clock.receivedMs, clamped: ageMs < -TOLERANCE_MS };
  return { atMs: clock.receivedMs - ageMs, clamped: false };
}
