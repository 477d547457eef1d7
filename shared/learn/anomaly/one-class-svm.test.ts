import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { scoreKernel } from '../svm/kernel-estimator.ts';
import { fitOneClassSvm } from './one-class-svm.ts';

const rowAt = (i: number) => [
  ((i * 37) % 101) / 101,
  ((i * 53) % 103) / 103,
  ((i * 71) % 107) / 107,
];
const matrixOf = (rows: number[][]) => ({
  rows: rows.length,
  names: ['a', 'b', 'c'],
  data: Float32Array.from(rows.flat()),
  categories: [],
});
const rows = Array.from({ length: 86 }, (_, i) => rowAt(i));
const matrix = matrixOf(rows.slice(0, 80));
const data = { task: 'anomaly', matrix, target: new Float64Array(0), classes: 0 } as const;
const parameters = { kernel: 'rbf', gammaScale: 1, degree: 3, coef0: 0, tol: 1e-8, maxIter: 1e6 };

// scikit-learn 1.2.1, minus OneClassSVM(nu, tol=1e-8).decision_function; its support vectors.
test.each([
  [0.5, [1.070798, -1.468509, 0.677171, 0.681647, -0.641016, -0.651312, 8.51956], 45],
  [0.13, [-0.025054, -0.312394, 0.041585, 0.090906, -0.065362, -0.080911, 1.709113], 24],
])('with nu = %d it finds the support and the margin of the reference', (nu, golden, support) => {
  const machine = fitOneClassSvm(
    { ...data, weights: null },
    { ...parameters, nu },
    { rng: createRng(1) },
  );
  expect(machine.count).toBe(support);
  scoreKernel(machine, matrixOf([...rows.slice(80), [3, 3, 3]])).forEach((score, i) => {
    expect(score).toBeCloseTo(golden[i], 4);
  });
});

test('at most a share nu of the rows is strange, and at least that many support', () => {
  const machine = fitOneClassSvm(
    { ...data, weights: null },
    { ...parameters, nu: 0.2 },
    { rng: createRng(1) },
  );
  const strange = scoreKernel(machine, matrix).filter((score) => score > 1e-4);
  expect(strange.length).toBeGreaterThan(0);
  expect(strange.length).toBeLessThanOrEqual(16);
  expect(machine.count).toBeGreaterThanOrEqual(16);
});
