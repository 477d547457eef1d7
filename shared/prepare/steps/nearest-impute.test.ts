import { expect, test } from 'vitest';
import type { Matrix } from '../matrix.ts';
import { applyNearestImpute, fitNearestImpute } from './nearest-impute.ts';

const NAN = Number.NaN;

const matrixOf = (rows: readonly number[][]): Matrix => ({
  rows: rows.length,
  names: rows[0].map((_, j) => `x${j}`),
  data: Float32Array.from(rows.flat()),
  categories: [],
});

const TRAINING = matrixOf([
  [1, NAN, 3.5, 10],
  [2, 20, NAN, 12],
  [4, 18, 1.25, NAN],
  [NAN, 35, 9, 40],
  [8, 31, 8.5, 44],
  [7, NAN, 7.25, 39],
  [3, 22, 2, NAN],
  [NAN, NAN, NAN, 70],
]);
const GAPS = matrixOf([
  [NAN, 21, NAN, 11],
  [6, NAN, 8, NAN],
  [NAN, NAN, NAN, NAN],
  [2.6, NAN, NAN, NAN],
  [NAN, 30, NAN, NAN],
  [NAN, NAN, 1.5, NAN],
]);
const MEANS = [4.166667, 25.2, 5.25, 35.833333];

// scikit-learn 1.2.1: KNNImputer on standardised columns, back in their units.
test.each([
  [2, [[1.5, 21, 2.75, 11], [6, 33, 8, 39.5], MEANS, [2.6, 21, 1.625, 11], [5.5, 30, 8.75, 42]]],
  [
    3,
    [
      [2, 21, 2.25, 11],
      [6, 28.666667, 8, 41],
      MEANS,
      [2.6, 20, 2.25, 20.333333],
      [4.333333, 30, 6.5, 32],
      [2.666667, 23.666667, 1.5, 31],
    ],
  ],
  [10, [[4.166667, 21, 5.25, 11], [6, 25.2, 8, 35.833333], MEANS]],
])('gaps are filled from %i donors as scikit-learn does', (neighbors, expected) => {
  const { data } = applyNearestImpute(fitNearestImpute(TRAINING, neighbors), GAPS);
  expected.flat().forEach((value, at) => {
    expect(data[at]).toBeCloseTo(value, 5);
  });
});

test('a column that only incomparable rows know gets its mean, as scikit-learn 1.2.1 does', () => {
  const apart = matrixOf([
    [1, NAN, NAN],
    [2, NAN, NAN],
    [NAN, 5, 7],
    [NAN, 6, 9],
  ]);
  const { data } = applyNearestImpute(fitNearestImpute(apart, 1), matrixOf([[1.5, NAN, NAN]]));
  expect([...data]).toEqual([1.5, 5.5, 8]);
});

test('of donors equally far the first counts as the nearest', () => {
  const even = matrixOf([
    [3, 10],
    [1, 20],
    [3, 30],
    [1, 40],
  ]);
  const { data } = applyNearestImpute(fitNearestImpute(even, 2), matrixOf([[2, NAN]]));
  expect(data[1]).toBe(15);
});
