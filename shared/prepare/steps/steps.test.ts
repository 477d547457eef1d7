import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Matrix } from '../matrix.ts';
import { scoreColumns } from '../score-columns.ts';
import { applyStep } from '../step.ts';
import { fitFences, flagOutliers } from './clip.ts';
import { fitImpute } from './impute.ts';
import { fitIndicators } from './indicators.ts';
import { fitPower } from './power.ts';
import { fitProducts } from './products.ts';
import { fitPca } from './project.ts';
import { fitQuantile } from './quantile.ts';
import { fitScale, type ScaleMethod } from './scale.ts';
import { selectColumns } from './select.ts';

const matrixOf = (rows: number[][], categories: Matrix['categories'] = []): Matrix => ({
  rows: rows.length,
  names: rows[0].map((_, j) => `x${j + 1}`),
  data: Float32Array.from(rows.flat()),
  categories,
});

const ROWS = [
  [1, 10, 0.5],
  [2, -3, 0.25],
  [4, 7, 8],
  [8, 0, 0.125],
  [16, 5, 3],
  [3, 1, 2],
];
const MATRIX = matrixOf(ROWS);

const expectClose = (found: ArrayLike<number>, expected: readonly number[], digits = 5) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
};

const firstRows = (matrix: Matrix, rows: number) =>
  matrix.data.subarray(0, rows * matrix.names.length);

// scikit-learn 1.2.1's scalers on the same rows, first two rows of each.
test.each<[ScaleMethod, number[]]>([
  ['standard', [-0.911322, 1.507557, -0.660058, -0.716039, -1.432179, -0.7511]],
  ['min-max', [0, 1, 0.047619, 0.066667, 0, 0.015873]],
  ['max-abs', [0.0625, 1, 0.0625, 0.125, -0.3, 0.03125]],
  ['robust', [-0.526316, 1.12, -0.307692, -0.315789, -0.96, -0.410256]],
])('the %s scaler answers as scikit-learn does', (method, expected) => {
  expectClose(firstRows(applyStep(fitScale(MATRIX, method), MATRIX), 2), expected);
});

test('Yeo-Johnson lambdas and values are those of scikit-learn', () => {
  const step = fitPower(MATRIX);
  expectClose(step.lambdas, [-0.348218, 0.850768, -0.554346], 3);
  const expected = [0.615839, 7.86468, 0.363128, 0.91289, -3.410396, 0.209894];
  expectClose(firstRows(applyStep(step, MATRIX), 2), expected, 3);
});

test('quantiles are those of scikit-learn, values beyond the ends included', () => {
  const rows = matrixOf([
    [3, 2, 0.2],
    [100, -9, 1],
  ]);
  const expected = [0.4, 0.45, 0.12, 1, 0, 0.466667];
  expectClose(applyStep(fitQuantile(MATRIX), rows).data, expected);
});

test('principal components are those of scikit-learn up to their signs', () => {
  const step = fitPca(MATRIX, 1)!;
  const found = firstRows(applyStep(step, MATRIX), 2).map(Math.abs);
  expectClose(found, [3.961976, 6.344874, 3.681399, 4.654851, 5.991957, 0.488137], 4);
});

test('a share of the variance keeps the fewest components that hold it', () => {
  const step = fitPca(MATRIX, 0.4)!;
  expect(step.components.length).toBe(3);
  expect(fitPca(matrixOf([[1], [1]]), 0.9)).toBeNull();
});

test('scores of columns are those of scikit-learn', () => {
  const target = Float64Array.from([0, 1, 0, 1, 1, 0]);
  const classes = { target, classes: 2 };
  expectClose(scoreColumns('f', MATRIX, classes), [2.090323, 2.285714, 0.920136]);
  const numbers = { target: Float64Array.from([3, 1, 4, 1, 5, 9]), classes: 0 };
  expectClose(scoreColumns('f', MATRIX, numbers), [0.018293, 0.119108, 0.407054]);
  const positive = { ...MATRIX, data: MATRIX.data.map(Math.abs) };
  expectClose(scoreColumns('chi2', positive, classes), [9.529412, 3.846154, 3.658784]);
});

test('mutual information tells a column that decides the target from noise', () => {
  const rows = Array.from({ length: 400 }, (_, i) => [i % 4, (i * 7919) % 101]);
  const target = Float64Array.from(rows, ([x]) => (x > 1 ? 1 : 0));
  const [decides, noise] = scoreColumns('mutual-information', matrixOf(rows), {
    ...{ target, classes: 2 },
  });
  expect(decides).toBeCloseTo(Math.LN2, 1);
  expect(noise).toBeLessThan(0.05);
});

test('imputing knows the mean, the median and the most frequent value', () => {
  const matrix = matrixOf([
    [1, Number.NaN],
    [1, Number.NaN],
    [Number.NaN, Number.NaN],
    [7, Number.NaN],
  ]);
  expect([...fitImpute(matrix, 'mean').values]).toEqual([3, 0]);
  expect([...fitImpute(matrix, 'median').values]).toEqual([1, 0]);
  expect([...fitImpute(matrix, 'most-frequent').values]).toEqual([1, 0]);
});

test('indicators are appended for the columns that miss values, and only those', () => {
  const matrix = matrixOf([
    [1, 2],
    [Number.NaN, 4],
  ]);
  const step = fitIndicators(matrix)!;
  const { names, data } = applyStep(step, matrix);
  expect(names).toEqual(['x1', 'x2', 'x1 is missing']);
  expect([...data]).toEqual([1, 2, 0, Number.NaN, 4, 1]);
  expect(fitIndicators(MATRIX)).toBeNull();
});

test('values beyond the fences become the fence, and their rows are flagged', () => {
  const matrix = matrixOf([...Array.from({ length: 20 }, (_, i) => [i % 5]), [1000]]);
  for (const rule of ['iqr', 'mad'] as const) {
    const step = fitFences(matrix, rule);
    const { data } = applyStep(step, matrix);
    expect(Math.max(...data)).toBeLessThan(20);
    expect([...flagOutliers(step, matrix)].lastIndexOf(1)).toBe(20);
  }
});

test('products square and cross numbers, not the columns of a category', () => {
  const matrix = matrixOf([[2, 3, 1, 0]], [{ start: 2, levels: 2 }]);
  const { data, names } = applyStep(fitProducts(matrix, 'polynomial')!, matrix);
  expect([...data]).toEqual([2, 3, 1, 0, 4, 6, 9]);
  expect(names.slice(4)).toEqual(['x1 x x1', 'x1 x x2', 'x2 x x2']);
  expect(fitProducts(matrix, 'interaction')!.terms).toEqual([[0, 1]]);
});

test('a selection keeps whole categories as categories and parts of them as columns', () => {
  const matrix = matrixOf([[5, 1, 0, 0]], [{ start: 1, levels: 3 }]);
  expect(applyStep(selectColumns([1, 2, 3]), matrix).categories).toEqual([{ start: 0, levels: 3 }]);
  const part = applyStep(selectColumns([0, 2]), matrix);
  expect(part.categories).toEqual([]);
  expect([...part.data]).toEqual([5, 0]);
});

const cell = fc.oneof(
  { weight: 5, arbitrary: fc.float({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constant(7) },
);
const matrices = fc
  .array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 })
  .map((rows) => matrixOf(rows as number[][]));

test('no step makes a known value missing, or a missing one known, unless it imputes', () => {
  fc.assert(
    fc.property(matrices, (matrix) => {
      const steps = [
        ...(['standard', 'min-max', 'max-abs', 'robust'] as const).map((m) => fitScale(matrix, m)),
        ...[fitPower(matrix), fitQuantile(matrix), fitFences(matrix, 'iqr')],
        fitFences(matrix, 'mad'),
      ];
      for (const step of steps) {
        const { data } = applyStep(step, matrix);
        for (let i = 0; i < data.length; i++)
          expect(Number.isNaN(data[i]), `${step.type} ${i}`).toBe(Number.isNaN(matrix.data[i]));
      }
      const imputed = applyStep(fitImpute(matrix, 'median'), matrix);
      expect(imputed.data.some(Number.isNaN)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

test('subnormal numbers are scaled to what float32 can tell apart', () => {
  const matrix = matrixOf([[1e-40], [3e-40], [2e-40]]);
  const { data } = applyStep(fitScale(matrix, 'standard'), matrix);
  expect(data.every(Number.isFinite)).toBe(true);
  expect(data[1] - data[0]).toBeGreaterThan(0.01);
});
