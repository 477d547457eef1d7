import { DAY_MS, HOUR_MS } from '../core/time.ts';

/**
 * How finely traffic is kept by its age: as it was counted while a monitor may look at it, by the hour for eight
 * days, by the day for a quarter of a year, and then not at all. So that a version costs no more than a few hundred
 * rows, and a window of 30 days is covered by whole days.
 */
export type Coarsening = {
  /** Buckets that start before this are merged into hours. */
  hourlyBeforeMs: number;
  /** Hours that start before this are merged into days. */
  dailyBeforeMs: number;
  /** Days that start before this are forgotten. */
  forgetBeforeMs: number;
};

const HOURS_KEPT_MS = 8 * DAY_MS;
const DAYS_KEPT_MS = 92 * DAY_MS;
const FINE_KEPT_MS = 3 * HOUR_MS;

/** @param windowMs the longest window that a monitor looks at: twice that stays as it was counted */
export function coarsening(nowMs: number, windowMs: number): Coarsening {
  const fineMs = Math.max(FINE_KEPT_MS, 2 * windowMs);
  return {
    hourlyBeforeMs: floorTo(nowMs - fineMs, HOUR_MS),
    dailyBeforeMs: floorTo(nowMs - Math.max(HOURS_KEPT_MS, 2 * windowMs), DAY_MS),
    forgetBeforeMs: floorTo(nowMs - Math.max(DAYS_KEPT_MS, 2 * windowMs), DAY_MS),
  };
}

/** The start of the hour or day that a bucket goes into. */
export const floorTo = (atMs: number, widthMs: number): number =>
  Math.floor(atMs / widthMs) * widthMs;
