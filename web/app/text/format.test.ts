import { expect, test } from 'vitest';
import {
  ago,
  amount,
  bytes,
  counted,
  duration,
  latency,
  rate,
  sentence,
  signedAmount,
} from './format.ts';

test('amounts are whole from ten up and have one decimal below', () => {
  expect(amount(33.6)).toBe('34');
  expect(amount(9.54)).toBe('9.5');
  expect(amount(-12.4)).toBe('−12');
  expect(amount(-0.01)).toBe('0');
});

test('a change always says its direction, and no change has no sign', () => {
  expect(signedAmount(3.14)).toBe('+3.1');
  expect(signedAmount(-3.14)).toBe('−3.1');
  expect(signedAmount(0.01)).toBe('0');
});

test('what was not measured is a dash, never a zero', () => {
  expect(rate(null)).toBe('–');
  expect(latency(null)).toBe('–');
  expect(rate(0)).toBe('0%');
});

test('lengths of time use their largest sensible unit', () => {
  expect(duration(800)).toBe('0.8 s');
  expect(duration(45_400)).toBe('45 s');
  expect(duration(600_000)).toBe('10 min');
  expect(duration(86_400_000)).toBe('24 h');
  expect(duration(5 * 86_400_000)).toBe('5 d');
});

test('a clock that went back shows no negative age', () => {
  expect(ago(2000, 1000)).toBe('just now');
  expect(ago(0, 31_000)).toBe('30 s ago');
});

test('latencies keep what a clock of a browser can tell', () => {
  expect(latency(0.0368)).toBe('0.04 ms');
  expect(latency(15.23)).toBe('15.2 ms');
  expect(latency(1300)).toBe('1.3 s');
});

test('sizes and counts read as words', () => {
  expect(bytes(14_239_897)).toBe('13.6 MB');
  expect(counted(1, 'event')).toBe('1 event');
  expect(counted(1200, 'event')).toBe('1,200 events');
});

test('a recorded reason becomes a sentence, and none stays none', () => {
  expect(sentence('asked by key sk_1')).toBe('Asked by key sk_1.');
  expect(sentence(' ')).toBe('');
});
