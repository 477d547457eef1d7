import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../core/time.ts';
import { coarsening } from './coarsening.ts';
import { monitorFrom, parseWindow, windowBounds } from './window.ts';

const nowMs = 20_000 * DAY_MS + 5 * HOUR_MS;

test('a window is named as people name it', () => {
  expect(parseWindow('30d')).toEqual({ kind: 'sliding', spanMs: 30 * DAY_MS });
  expect(parseWindow('tumbling:7d')).toEqual({ kind: 'tumbling', spanMs: 7 * DAY_MS });
  expect(parseWindow('since-deploy')).toEqual({ kind: 'since-deploy' });
  for (const text of ['', 'soon', 'tumbling:', 'tumbling:0d', '-3d', 'since'])
    expect(parseWindow(text), text).toBeNull();
});

test('sliding ends now, tumbling at the last boundary, since-deploy begins with the version', () => {
  const at = { nowMs, deployedAtMs: nowMs - HOUR_MS };
  expect(windowBounds({ kind: 'sliding', spanMs: DAY_MS }, at)).toEqual({
    fromMs: nowMs - DAY_MS,
    toMs: nowMs,
  });
  expect(windowBounds({ kind: 'tumbling', spanMs: DAY_MS }, at)).toEqual({
    fromMs: 19_999 * DAY_MS,
    toMs: 20_000 * DAY_MS,
  });
  expect(windowBounds({ kind: 'since-deploy' }, at)).toEqual({
    fromMs: nowMs - HOUR_MS,
    toMs: nowMs,
  });
});

test('a monitor’s window is kept as it was counted, 30 days always, and nothing for ever', () => {
  const windows = fc.integer({ min: 1000, max: 60 * DAY_MS });
  fc.assert(
    fc.property(windows, fc.integer({ min: 0, max: 40_000 * DAY_MS }), (windowMs, atMs) => {
      const { hourlyBeforeMs, dailyBeforeMs, forgetBeforeMs } = coarsening(atMs, windowMs);
      expect(hourlyBeforeMs).toBeLessThanOrEqual(atMs - 2 * windowMs);
      expect(dailyBeforeMs).toBeLessThanOrEqual(hourlyBeforeMs);
      expect(forgetBeforeMs).toBeLessThanOrEqual(dailyBeforeMs);
      expect(forgetBeforeMs).toBeLessThanOrEqual(atMs - 31 * DAY_MS);
      expect(forgetBeforeMs).toBeGreaterThanOrEqual(atMs - 121 * DAY_MS);
    }),
  );
});

test('a monitor slides unless it tumbles or looks back to its deployment', () => {
  const at = { nowMs, deployedAtMs: 7 };
  const windowMs = DAY_MS;
  expect(monitorFrom({ windowMs }, at)).toBe(nowMs - DAY_MS);
  expect(monitorFrom({ windowMs, window: 'tumbling' }, at)).toBe(20_000 * DAY_MS);
  expect(monitorFrom({ windowMs, window: 'since-deploy' }, at)).toBe(7);
  expect(monitorFrom({ windowMs, window: 'since-deploy' }, { nowMs, deployedAtMs: null })).toBe(
    nowMs - DAY_MS,
  );
});
