import { expect, test } from 'vitest';
import { durationWords, parseDuration } from './duration.ts';

test('a duration is a whole number and a unit', () => {
  expect(['90s', '45m', '12h', '30d'].map(parseDuration)).toEqual([
    90_000, 2_700_000, 43_200_000, 2_592_000_000,
  ]);
});

test('anything else is none', () => {
  for (const text of ['', '0d', '30', 'd', '-1d', '1.5h', '30 d', '99999d', '1w'])
    expect(parseDuration(text), text).toBeNull();
});

test('a length of time is told in the largest unit of which there are two', () => {
  const hour = 3_600_000;
  expect([0.4 * 1000, 90_000, 36 * hour, 47 * hour, 1000 * hour].map(durationWords)).toEqual([
    '0.4 seconds',
    '90 seconds',
    '36 hours',
    '47 hours',
    '42 days',
  ]);
  expect(durationWords(27.4 * 365 * 24 * hour)).toBe('27 years');
  expect(durationWords(123_456 * 365 * 24 * hour)).toBe('120,000 years');
});
