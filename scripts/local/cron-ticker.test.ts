import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startCronTicker } from './cron-ticker.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 4, 1, 9, 58, 30) });
});
afterEach(() => {
  vi.useRealTimers();
});

test('each minute, at its start, the crons that match it are fired, until it is stopped', () => {
  const fired: string[] = [];
  const stop = startCronTicker(['* * * * *', '0 * * * *'], (cron) => {
    fired.push(`${new Date().toISOString().slice(11, 19)} ${cron}`);
  });
  vi.advanceTimersByTime(29_999);
  expect(fired).toEqual([]);
  vi.advanceTimersByTime(100 + 60_000);
  stop();
  vi.advanceTimersByTime(600_000);
  expect(fired).toEqual(['09:59:00 * * * * *', '10:00:00 * * * * *', '10:00:00 0 * * * *']);
});
