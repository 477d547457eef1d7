import { expect, test } from 'vitest';
import { ago, bytes, counted, duration, latency, rate, sentence } from './format.ts';

test('what was not measured is a dash, never a zero', () => {
  expect(rate(null)).toBe('–');
  expect(latency(null)).toBe('–');
  expect(rate(0)).toBe('0%');
});

test('lengths of time use their largest sensible unit', () => {
  expect(duration(800)).toBe('0.8\u00a0s');
  expect(duration(45_400)).toBe('45\u00a0s');
  expect(duration(600_000)).toBe('10\u00a0min');
  expect(duration(86_400_000)).toBe('24\u00a0h');
  expect(duration(5 * 86_400_000)).toBe('5\u00a0d');
});

test('a clock that went back shows no negative age', () => {
  expect(ago(2000, 1000)).toBe('just now');
  expect(ago(0, 31_000)).toBe('30\u00a0s ago');
});

test('latencies keep what a clock of a browser can tell', () => {
  expect(latency(0.0368)).toBe('0.04\u202fms');
  expect(latency(15.23)).toBe('15.2\u202fms');
  expect(latency(1300)).toBe('1.3\u00a0s');
});

test('sizes and counts read as words', () => {
  expect(bytes(14_239_897)).toBe('13.6\u00a0MB');
  expect(counted(1, 'event')).toBe('1 event');
  expect(counted(1200, 'event')).toBe('1,200 events');
});

test('a recorded reason becomes a sentence, and none stays none', () => {
  expect(sentence('asked by key sk_1')).toBe('Asked by key sk_1.');
  expect(sentence(' ')).toBe('');
});
