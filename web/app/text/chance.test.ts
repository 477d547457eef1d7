import { expect, test } from 'vitest';
import { chance, chanceWords, frequencyWords } from './chance.ts';

test('a probability is said in whole per cent, and certainty only where it is certain', () => {
  expect([0, 0.004, 0.005, 0.123, 0.994, 0.995, 1].map((p) => chance(p))).toEqual([
    ...['0%', '<1%', '1%', '12%', '99%', '>99%', '100%'],
  ]);
});

test('what is below the threshold does not seem to have reached it', () => {
  expect(chance(0.3961, 0.4)).toBe('39.6%');
  expect(chance(0.39999, 0.4)).toBe('39.9%');
  expect([0.394, 0.4, 0.4049, 0.41].map((p) => chance(p, 0.4))).toEqual([
    ...['39%', '40%', '40%', '41%'],
  ]);
});

test('words and frequencies follow the probability from end to end', () => {
  expect([0, 0.05, 0.2, 0.5, 0.7, 0.95, 1].map(chanceWords)).toEqual([
    'exceptionally unlikely',
    'very unlikely',
    'unlikely',
    'about as likely as not',
    'likely',
    'very likely',
    'almost certain',
  ]);
  expect([0.001, 0.62, 0.999].map(frequencyWords)).toEqual([
    'fewer than 1 in 100 such cases',
    '62 in 100 such cases',
    'more than 99 in 100 such cases',
  ]);
});
