import { expect, test } from 'vitest';
import { andersonDarlingSurvival } from '../tests/anderson-darling.ts';
import { cramerVonMisesSurvival } from '../tests/cramer-von-mises.ts';
import { chiSquareSurvival } from './chi-square.ts';
import { weightedChiSquareSurvival } from './weighted-chi-square.ts';

const relative = (found: number, expected: number): number => Math.abs(found / expected - 1);

test.each([0.1, 3, 40, 900])('equal weights are a chi-square, at %d', (x) => {
  for (const k of [1, 2, 7]) {
    const weights = new Array<number>(k).fill(0.3);
    expect(
      relative(weightedChiSquareSurvival(0.3 * x, weights), chiSquareSurvival(x, k)),
    ).toBeLessThan(1e-12);
  }
});

test.each([0.1, 5, 50, 500])('pairs of weights are a sum of exponentials, at %d', (x) => {
  const exact = 2 * Math.exp(-x / 2) - Math.exp(-x);
  expect(relative(weightedChiSquareSurvival(x, [1, 0.5, 1, 0.5]), exact)).toBeLessThan(1e-12);
});

test('the limits of Anderson-Darling and Cramer-von Mises come out of their weights, tails and all', () => {
  const weights = (weight: (j: number) => number) =>
    Array.from({ length: 20_000 }, (_, i) => weight(i + 1));
  const anderson = weights((j) => 1 / (j * (j + 1)));
  for (const x of [0.3, 2.492, 10, 100])
    expect(
      relative(weightedChiSquareSurvival(x, anderson), andersonDarlingSurvival(x)),
    ).toBeLessThan(1e-3);
  const cramer = weights((j) => 1 / (j * Math.PI) ** 2);
  for (const x of [0.05, 0.743, 3])
    expect(relative(weightedChiSquareSurvival(x, cramer), cramerVonMisesSurvival(x))).toBeLessThan(
      1e-3,
    );
});

test('what cannot happen has chance 0 or 1, and weights of rounding do nothing', () => {
  expect(weightedChiSquareSurvival(0, [1])).toBe(1);
  expect(weightedChiSquareSurvival(1, [])).toBe(0);
  expect(weightedChiSquareSurvival(1e9, [1, 2])).toBe(0);
  const dirty = weightedChiSquareSurvival(3, [1, 0.4, 1e-17, -1e-17, 0]);
  expect(relative(dirty, weightedChiSquareSurvival(3, [1, 0.4]))).toBeLessThan(1e-12);
});
