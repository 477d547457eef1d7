import { expect, test } from 'vitest';
import { flushSizeAt, withArrival } from './flush-size.ts';

test('few batches keep the flush small, many make it grow to its bound', () => {
  expect(flushSizeAt(0)).toBe(20);
  expect(flushSizeAt(50)).toBe(20);
  expect(flushSizeAt(250)).toBe(100);
  expect(flushSizeAt(10_000)).toBe(500);
});

test('the rate settles at the true one and fades when nothing arrives', () => {
  let rate = { perSecond: 0, atMs: 0 };
  for (let atMs = 0; atMs < 120_000; atMs += 10) rate = withArrival(rate, atMs);
  expect(rate.perSecond).toBeCloseTo(100, 0);
  expect(withArrival(rate, 240_000).perSecond).toBeLessThan(1);
});
