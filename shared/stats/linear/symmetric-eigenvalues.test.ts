import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

test('the eigenvalues are those that Jacobi rotations find, of any rank', () => {
  const rng = createRng(4);
  for (const [size, rank] of [
    [1, 1],
    [2, 2],
    [3, 1],
    [12, 12],
    [20, 7],
  ]) {
    const rows = Array.from({ length: size }, () =>
      Array.from({ length: rank }, () => rng() - 0.5),
    );
    const matrix = rows.map((left) =>
      rows.map((right) => left.reduce((sum, x, i) => sum + x * right[i], 0)),
    );
    const expected = symmetricEigen(matrix).values;
    symmetricEigenvalues(matrix).forEach((value, i) => {
      expect(Math.abs(value - expected[i])).toBeLessThan(1e-13 * Math.max(1, expected[0]));
    });
  }
});

test('a tridiagonal matrix of ones and twos has the eigenvalues of the textbook', () => {
  const k = 9;
  const matrix = Array.from({ length: k }, (_, i) =>
    Array.from({ length: k }, (__, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
  );
  symmetricEigenvalues(matrix).forEach((value, i) => {
    const exact = 2 - 2 * Math.cos(((k - i) * Math.PI) / (k + 1));
    expect(value).toBeCloseTo(exact, 13);
  });
  expect(symmetricEigenvalues([])).toEqual([]);
  expect(
    symmetricEigenvalues([
      [0, 0],
      [0, 0],
    ]),
  ).toEqual([0, 0]);
});
