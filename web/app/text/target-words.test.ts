import { expect, test } from 'vitest';
import { delayPrediction } from '../../../models/delay-prediction/use-case.ts';
import { BINARY_USE_CASE } from '../../sdk/test-support/test-client.ts';
import { targetWords } from './target-words.ts';

test('an amount is said in its unit, and so are its changes', () => {
  const words = targetWords(delayPrediction);
  expect(words.headline(41.7)).toEqual({ large: '42', small: 'min' });
  expect([words.answer(41.7), words.spoken(41.7)]).toEqual(['42\u202fmin', '42\u202fmin']);
  expect([words.change(-3.24), words.changeUnit]).toEqual(['−3.2\u202fmin', 'minutes']);
  expect(words.told(41.7, 41.7)).toBe('42\u202fmin: exactly as predicted.');
  expect(words.told(41.7, 50)).toBe('50\u202fmin: 8.3\u202fmin more than predicted.');
});

test('money is said with its sign in front, also where it stands large', () => {
  const price = { ...delayPrediction, target: { ...delayPrediction.target, unit: '€' } };
  const words = targetWords(price);
  expect(words.headline(1234.4)).toEqual({ large: '€1,234', small: '' });
  expect(words.change(-4.5)).toBe('−€4.50');
  expect(words.told(41.7, 50)).toBe('€50: €8.30 more than predicted.');
});

test('a probability is said in per cent with its class, and its changes in points', () => {
  const words = targetWords(BINARY_USE_CASE);
  expect(words.headline(0.624)).toEqual({ large: '62', small: '%' });
  expect(words.headline(0.999)).toEqual({ large: '>99', small: '%' });
  expect(words.spoken(0.4)).toBe('40%, taken as Late');
  expect(words.spoken(0.3999)).toBe('39.9%, taken as On time');
  expect([words.change(0.123), words.change(-0.012)]).toEqual(['+12\u202fpts', '−1.2\u202fpts']);
  expect(words.changeUnit).toBe('percentage points');
});

test('a class is said by the threshold of the version that answered, without one by the declared', () => {
  const words = targetWords(BINARY_USE_CASE, 0.7);
  expect(words.spoken(0.62)).toBe('62%, taken as On time');
  expect(words.spoken(0.6999)).toBe('69.9%, taken as On time');
  expect(words.told(0.62, 1)).toBe('Late: not what was predicted, the answer had given it 62%.');
  expect(targetWords(BINARY_USE_CASE).spoken(0.62)).toBe('62%, taken as Late');
});

test('what happened is told beside the probability that it had been given', () => {
  const words = targetWords(BINARY_USE_CASE);
  expect(words.told(0.62, 1)).toBe('Late: as predicted, the answer had given it 62%.');
  expect(words.told(0.62, 0)).toBe('On time: not what was predicted, the answer had given it 38%.');
  expect(words.told(0.2, 0)).toBe('On time: as predicted, the answer had given it 80%.');
});
