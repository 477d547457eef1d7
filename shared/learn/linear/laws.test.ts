import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import { solveCholesky } from '../../stats/linear/cholesky.ts';
import type { Algorithm, LearningData } from '../algorithm.ts';
import { BAYES_ALGORITHMS } from '../bayes/algorithms.ts';
import { DISCRIMINANT_ALGORITHMS } from '../discriminant/algorithms.ts';
import { scoreRows } from '../fitted-estimator.ts';
import { ONLINE_ALGORITHMS } from '../online/algorithms.ts';
import type { Parameters } from '../search/space.ts';
import { SVM_ALGORITHMS } from '../svm/algorithms.ts';
import type { Task } from '../task.ts';
import { LINEAR_ALGORITHMS } from './algorithms.ts';
import { minimiseLbfgs } from './l-bfgs.ts';
import { solveLeastSquares } from './least-squares.ts';
import { matrixMoments } from './matrix-moments.ts';
import { solveQuantile } from './quantile-regression.ts';
import { spatialMedian } from './theil-sen.ts';

const ALL = [
  ...[...LINEAR_ALGORITHMS, ...BAYES_ALGORITHMS, ...DISCRIMINANT_ALGORITHMS],
  ...[...SVM_ALGORITHMS, ...ONLINE_ALGORITHMS],
];
const CLASSES: Record<string, number> = { binary: 2, multiclass: 3 };
const cases = ALL.flatMap((algorithm) =>
  algorithm.tasks.map((task) => [algorithm.name, task, algorithm] as const),
);

/** Columns of one's choice, and a target that the first two of them tell, above 0. */
function dataOf(task: Task, rng: Rng, columns: ((row: number[]) => number)[]): LearningData {
  const rows = 40;
  const width = columns.length;
  const data = new Float32Array(rows * width);
  const target = new Float64Array(rows);
  const classes = CLASSES[task] ?? 0;
  for (let row = 0; row < rows; row++) {
    const cells = [normal(rng), normal(rng), normal(rng)];
    columns.forEach((column, j) => {
      data[row * width + j] = column(cells);
    });
    const score = 3 + cells[0] - 0.5 * cells[1] + 0.3 * normal(rng);
    target[row] =
      classes === 0
        ? Math.max(0.1, score)
        : Math.max(0, Math.min(classes - 1, Math.round(score - 2)));
  }
  const matrix: Matrix = { rows, names: columns.map((_, j) => `c${j}`), data, categories: [] };
  return { task, matrix, target, classes, weights: null };
}

const plain = [0, 1, 2].map((j) => (cells: number[]) => cells[j]);

/** Defaults by which the answer is not the only one, or is not looked for to the end. */
const EXACT: Record<string, Parameters> = {
  'quantile-regression': { alpha: 0.01 },
};

const predictionsOf = (algorithm: Algorithm, data: LearningData, matrix = data.matrix) => {
  const parameters = { ...algorithm.defaults, ...EXACT[algorithm.name] };
  return scoreRows(algorithm.fit(data, parameters, { rng: createRng(3) }), matrix);
};

const gap = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

test.each(cases)(
  '%s (%s) is finite with constant, equal and huge columns',
  (_, task, algorithm) => {
    const columns = [
      ...[...plain, () => 1, () => 0],
      ...[(cells: number[]) => cells[0], (cells: number[]) => 1e4 * cells[1]],
      (cells: number[]) => (cells[2] > 2.5 ? 1 : 0),
    ];
    const predictions = predictionsOf(algorithm, dataOf(task, createRng(11), columns));
    expect(predictions.every(Number.isFinite)).toBe(true);
  },
);

/**
 * Drawn rows, passes in random order or folds: a row twice is then not the same run. A kernel's gamma
 * follows the variance of the rows as they stand, as scikit-learn's.
 */
const RANDOM = new Set([
  ...['theil-sen', 'ransac', 'kernel-ridge', 'kernel-svc', 'linear-svc', 'ridge-classifier'],
  ...['kernel-svr', 'gaussian-process', 'linear-svr', ...ONLINE_ALGORITHMS.map(({ name }) => name)],
]);

test.each(cases.filter(([name]) => !RANDOM.has(name)))(
  '%s (%s) takes a weight of 2 for the row twice',
  (_, task, algorithm) => {
    const data = dataOf(task, createRng(5), plain);
    const weights = Float64Array.from(data.target, (__, row) => 1 + (row % 2));
    const rows = Array.from(weights).flatMap((weight, row) => (weight === 2 ? [row, row] : [row]));
    const twice = {
      ...data,
      matrix: takeMatrixRows(data.matrix, rows),
      target: Float64Array.from(rows, (row) => data.target[row]),
    };
    const weighted = predictionsOf(algorithm, { ...data, weights });
    const repeated = predictionsOf(algorithm, twice, data.matrix);
    expect(gap(weighted, repeated)).toBeLessThan(2e-3);
    expect(gap(weighted, predictionsOf(algorithm, data))).toBeGreaterThan(0);
  },
);

/** No penalty, or each column measured against itself. */
const SCALE_FREE = [
  ...['linear-regression', 'linear-discriminant', 'quadratic-discriminant'],
  ...['multinomial-naive-bayes', 'complement-naive-bayes', 'categorical-naive-bayes'],
];

test.each(cases.filter(([name]) => SCALE_FREE.includes(name)))(
  '%s (%s) does not mind a column’s unit',
  (_, task, algorithm) => {
    const scaled = plain.map((column, j) => (cells: number[]) => column(cells) * 2 ** (3 * j - 2));
    const before = predictionsOf(algorithm, dataOf(task, createRng(8), plain));
    const after = predictionsOf(algorithm, dataOf(task, createRng(8), scaled));
    expect(gap(before, after)).toBeLessThan(1e-4);
  },
);

test.each(ALL.filter(({ tasks }) => tasks.includes('multiclass')).map((a) => [a.name, a] as const))(
  '%s answers for a class that no row has',
  (_, algorithm) => {
    const data = {
      ...dataOf('binary', createRng(2), plain),
      task: 'multiclass' as const,
      classes: 3,
    };
    const predictions = predictionsOf(algorithm, data);
    expect(predictions).toHaveLength(120);
    expect(predictions.every((share) => share >= 0 && share <= 1)).toBe(true);
  },
);

test('least squares of collinear columns has the least norm', () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const columns = [plain[0], plain[1], plain[0], () => 2];
      const { matrix, target } = dataOf('regression', createRng(seed), columns);
      const { coefficients } = solveLeastSquares(matrixMoments(matrix, [target], null), 0);
      const [first, , third, constant] = coefficients[0];
      expect(Math.abs(first - third)).toBeLessThan(1e-6);
      expect(Math.abs(constant)).toBeLessThan(1e-9);
    }),
    { numRuns: 20 },
  );
});

test('moments of columns far from zero keep their digits', () => {
  const far = [(cells: number[]) => 4096 + Math.round(8 * cells[0]) / 8];
  const { matrix } = dataOf('regression', createRng(4), far);
  const mean = matrix.data.reduce((sum, value) => sum + value, 0) / matrix.rows;
  const squares = matrix.data.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  expect(matrixMoments(matrix, [], null).gram[0]).toBeCloseTo(squares, 9);
});

test('a quantile regression has about that share of the targets below it', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.constantFrom(0.1, 0.25, 0.5, 0.9), (seed, quantile) => {
      const data = dataOf('regression', createRng(seed), plain);
      const options = { quantile, alpha: 0, maxIter: 100 };
      const { coefficients, intercepts } = solveQuantile(data, options);
      const { matrix, target } = data;
      let below = 0;
      let above = 0;
      for (let row = 0; row < matrix.rows; row++) {
        let residual = target[row] - intercepts[0];
        for (let j = 0; j < 3; j++) residual -= coefficients[0][j] * matrix.data[row * 3 + j];
        if (residual < -1e-6) below++;
        if (residual > 1e-6) above++;
      }
      expect(below).toBeLessThanOrEqual(quantile * matrix.rows + 1e-9);
      expect(above).toBeLessThanOrEqual((1 - quantile) * matrix.rows + 1e-9);
    }),
    { numRuns: 20 },
  );
});

test('L-BFGS finds the minimum of a quadratic and of Rosenbrock’s valley', () => {
  const a = Float64Array.of(4, 1, 0, 1, 3, 1, 0, 1, 5);
  const b = Float64Array.of(1, 2, 3);
  const quadratic = (x: Float64Array, gradient: Float64Array) => {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      let ax = 0;
      for (let j = 0; j < 3; j++) ax += a[3 * i + j] * x[j];
      gradient[i] = ax - b[i];
      value += x[i] * (ax / 2 - b[i]);
    }
    return value;
  };
  const options = { maxIter: 500, tol: 1e-10 };
  const found = minimiseLbfgs(quadratic, new Float64Array(3), options);
  expect(gap(Float32Array.from(found), Float32Array.from(solveCholesky(a, b)!))).toBeLessThan(1e-7);
  const valley = minimiseLbfgs(
    ([x, y], gradient) => {
      gradient[0] = -400 * x * (y - x * x) - 2 * (1 - x);
      gradient[1] = 200 * (y - x * x);
      return 100 * (y - x * x) ** 2 + (1 - x) ** 2;
    },
    Float64Array.of(-1.2, 1),
    options,
  );
  expect(valley[0]).toBeCloseTo(1, 8);
  expect(valley[1]).toBeCloseTo(1, 8);
});

test('outliers do not move what is robust', () => {
  const data = dataOf('regression', createRng(9), plain);
  const spoilt = data.target.map((value, row) => (row % 10 === 0 ? value + 50 : value));
  const named = (name: string) => ALL.find((algorithm) => algorithm.name === name)!;
  const moved = (name: string) =>
    predictionsOf(named(name), { ...data, target: spoilt }).reduce(
      (sum, value, row) => sum + Math.abs(value - predictionsAt[row]) / 40,
      0,
    );
  const predictionsAt = predictionsOf(named('linear-regression'), data);
  expect(moved('linear-regression')).toBeGreaterThan(3);
  for (const name of ['huber', 'theil-sen', 'ransac']) expect(moved(name)).toBeLessThan(1);
});

test('the spatial median of points on a line is their median', () => {
  const points = [1, 2, 3, 10, 500].map((x) => Float64Array.of(x, -x));
  const found = spatialMedian(points, { maxIter: 2000, tol: 1e-10 });
  expect(found[0]).toBeCloseTo(3, 3);
  expect(found[1]).toBeCloseTo(-3, 3);
});
