import { expect, test } from 'vitest';
import { parseDuration } from './duration.ts';

test('a duration is a whole number and a unit', () => {
  expect(['90s', '45m', '12h', '30d'].map(parseDuration)).toEqual([
    90_000, 2_700_000, 43_200_000, 2_592_000_000,
  ]);
});

test('anything else is none', () => {
  for (const text of ['', '0d', '30', 'd', '-1d', '1.5h', '30 d', '99999d', '1w'])
    expect(parseDuration(text), text).toBeNull();
});
