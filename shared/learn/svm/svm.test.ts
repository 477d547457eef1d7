import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import type { Algorithm } from '../algorithm.ts';
import { scoreRows } from '../fitted-estimator.ts';
import {
  everySixth,
  type Golden,
  type GoldenTarget,
  goldenData,
  largestDifference,
} from '../linear/golden-data.ts';
import type { Parameters } from '../search/space.ts';
import { SVM_ALGORITHMS } from './algorithms.ts';
import { gramOf, posteriorOf } from './gaussian-process.ts';
import { kernelMargins, kernelOf, solveKernelSvc } from './kernel-machine.ts';
import { solveLinearSvc } from './linear-machine.ts';

const golden: Golden = JSON.parse(
  readFileSync(new URL('../linear/golden.json', import.meta.url), 'utf8'),
);

const named = (name: string): Algorithm =>
  SVM_ALGORITHMS.find((algorithm) => algorithm.name === name)!;
const options = { rng: createRng(1) };
const suffixes = ['', ' weighted'];
const kernels = ['rbf', 'poly', 'sigmoid'];
const POLY = { degree: 2, coef0: 0.5 };

function fitCase(result: string, target: GoldenTarget, parameters: Parameters) {
  const algorithm = named(result.split(' ')[0]);
  const data = goldenData(golden, target, result.endsWith('weighted'));
  return { data, fitted: algorithm.fit(data, { ...algorithm.defaults, ...parameters }, options) };
}

const MARGINS: [name: string, target: GoldenTarget, loss: string][] = [
  ['linear-svc margins', 'binary', 'squared-hinge'],
  ['linear-svc margins hinge', 'binary', 'hinge'],
  ['linear-svc margins multiclass', 'classes', 'squared-hinge'],
];

test.each(MARGINS)('%s are scikit-learn 1.2.1’s, weighted or not', (name, target, loss) => {
  for (const suffix of suffixes) {
    const data = goldenData(golden, target, suffix !== '');
    const parameters = { C: 0.5, loss, maxIter: 10_000, tol: 1e-10, classWeight: 'none' };
    const found = solveLinearSvc(data, parameters, options);
    const { coefficients, intercepts } = golden.results[name + suffix];
    const expected = [...coefficients.flat(), ...intercepts];
    const all = [...found.coefficients.flatMap((c) => [...c]), ...found.intercepts];
    expect(largestDifference(all, expected)).toBeLessThan(1e-6);
  }
});

test.each([
  ['linear-svr', 'epsilon-insensitive'],
  ['linear-svr squared', 'squared-epsilon-insensitive'],
])('%s has scikit-learn 1.2.1’s coefficients, weighted or not', (name, loss) => {
  for (const suffix of suffixes) {
    const parameters = { C: 0.5, epsilon: 0.2, loss, tol: 1e-10, maxIter: 10_000 };
    const { fitted } = fitCase(name + suffix, 'y', { ...parameters, scaleTarget: false });
    if (fitted.type !== 'linear') throw new Error('not linear');
    const { coefficients, intercepts } = golden.results[name + suffix];
    const expected = [...coefficients.flat(), ...intercepts];
    const found = [...fitted.coefficients, ...fitted.intercepts];
    expect(largestDifference(found, expected)).toBeLessThan(2e-6);
  }
});

test.each(kernels)('regression with a %s kernel predicts as scikit-learn 1.2.1', (kernel) => {
  for (const suffix of suffixes) {
    const name = `kernel-svr ${kernel}${suffix}`;
    const parameters = { kernel, C: 2, epsilon: 0.2, tol: 1e-9, scaleTarget: false, ...POLY };
    const { data, fitted } = fitCase(name, 'y', parameters);
    const found = everySixth(scoreRows(fitted, data.matrix), data.matrix.rows);
    expect(largestDifference(found, golden.results[name].predictions.flat())).toBeLessThan(1e-5);
  }
});

// Sigmoid: not positive definite, so that there are several local optima.
test.each(['rbf', 'poly'])('margins with a %s kernel are scikit-learn 1.2.1’s', (kernelName) => {
  for (const suffix of suffixes) {
    const data = goldenData(golden, 'binary', suffix !== '');
    const parameters = {
      ...{ ...named('kernel-svc').defaults, kernel: kernelName, C: 2, tol: 1e-9 },
      ...POLY,
    };
    const kernel = kernelOf(parameters, data.matrix);
    const solution = solveKernelSvc(data, { kernel, parameters, options });
    const { matrix } = data;
    const margins = kernelMargins(solution, { kernel, training: matrix, rows: matrix });
    const expected = golden.results[`kernel-svc margins ${kernelName}${suffix}`].predictions.flat();
    expect(largestDifference(everySixth(margins, matrix.rows), expected)).toBeLessThan(1e-6);
  }
});

test.each(['rbf', 'poly'])(
  'kernel ridge with a %s kernel predicts as scikit-learn 1.2.1',
  (kernel) => {
    const name = `kernel-ridge ${kernel}`;
    const { data, fitted } = fitCase(name, 'y', { kernel, alpha: 0.5, ...POLY });
    const found = everySixth(scoreRows(fitted, data.matrix), data.matrix.rows);
    expect(largestDifference(found, golden.results[name].predictions.flat())).toBeLessThan(1e-5);
  },
);

test('kernel ridge on fewer vectors than rows stays near that on all of them', () => {
  const exact = fitCase('kernel-ridge', 'y', { alpha: 0.5 });
  const few = fitCase('kernel-ridge', 'y', { alpha: 0.5, maxVectors: 36 });
  const all = scoreRows(exact.fitted, exact.data.matrix);
  const some = scoreRows(few.fitted, few.data.matrix);
  const mean = some.reduce((sum, value, row) => sum + Math.abs(value - all[row]), 0) / some.length;
  expect(mean).toBeGreaterThan(0);
  expect(mean).toBeLessThan(0.3);
});

test('a kernel machine’s probabilities follow its margins', () => {
  const { data, fitted } = fitCase('kernel-svc', 'binary', {});
  const probabilities = scoreRows(fitted, data.matrix);
  let right = 0;
  data.target.forEach((code, row) => {
    if (probabilities[2 * row + 1] > 0.5 === (code === 1)) right++;
  });
  expect(right / data.matrix.rows).toBeGreaterThan(0.85);
});

test('a Gaussian process has scikit-learn 1.2.1’s marginal likelihood and posterior mean', () => {
  const { matrix, target } = goldenData(golden, 'y', false);
  const mean = target.reduce((sum, value) => sum + value, 0) / matrix.rows;
  const gram = gramOf({ type: 'rbf', gamma: 0.1 }, matrix);
  const precision = new Float64Array(matrix.rows).fill(1);
  const centred = target.map((value) => value - mean);
  const { coefficients, evidence } = posteriorOf(gram, centred, { noise: 0.3, precision })!;
  expect(evidence).toBeCloseTo(-117.8706070692553, 8);
  const predictions = [0, 1, 2].map((row) =>
    coefficients.reduce((sum, value, i) => sum + value * gram[row * matrix.rows + i], 0),
  );
  expect(
    largestDifference(predictions, [2.5989619808466196, 0.30978569198432027, -2.367219537629558]),
  ).toBeLessThan(1e-9);
});

test('a Gaussian process takes smooth targets for smooth and noise for noise', () => {
  const { fitted, data } = fitCase('gaussian-process', 'y', {});
  const found = scoreRows(fitted, data.matrix);
  const squares = (values: (row: number) => number) =>
    data.target.reduce((sum, value, row) => sum + (value - values(row)) ** 2, 0);
  const mean = data.target.reduce((sum, value) => sum + value, 0) / data.matrix.rows;
  // The target is linear but for noise of variance 1 and one outlier of 12.
  const share = squares((row) => found[row]) / squares(() => mean);
  expect(share).toBeGreaterThan(0.05);
  expect(share).toBeLessThan(0.5);
});
