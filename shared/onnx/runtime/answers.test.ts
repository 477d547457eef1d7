import { expect, test } from 'vitest';
import { answersOf } from './answers.ts';

test('predictions are answered as they are', () => {
  expect([...answersOf(Float32Array.of(7, -2), 2)]).toEqual([7, -2]);
});

test('of two probabilities a row the answer is that of the positive class, never beyond its ends', () => {
  const output = Float32Array.of(0.75, 0.25, -1e-7, 1.0000001, 1.0000001, -1e-7);
  expect([...answersOf(output, 3)]).toEqual([0.25, 1, 0]);
  expect([...answersOf(Float32Array.of(Number.NaN, Number.NaN), 1)]).toEqual([Number.NaN]);
});

test('three classes a row are not answered', () => {
  expect(() => answersOf(new Float32Array(6), 2)).toThrow('6 for 2 rows');
});
