import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import type { Matrix } from './matrix.ts';
import { RESAMPLE_DEFAULTS, type ResampleMethod, resample } from './resample.ts';
import { applyStep } from './step.ts';
import { fitChainedImpute } from './steps/chained-impute.ts';
import { fitNearestImpute } from './steps/nearest-impute.ts';

const NAN = Number.NaN;

const matrixOf = (rows: number[][]): Matrix => ({
  rows: rows.length,
  names: rows[0].map((_, j) => `x${j}`),
  data: Float32Array.from(rows.flat()),
  categories: [],
});

test('a gap gets the mean of its nearest rows, in columns of any unit', () => {
  const rows = [
    [0, 0, 10],
    [0.1, 100, 12],
    [5, 5000, 90],
    [5.1, 5100, 94],
  ];
  const step = fitNearestImpute(matrixOf(rows), 2);
  const { data } = applyStep(
    step,
    matrixOf([
      [0.05, 50, NAN],
      [NAN, 5050, NAN],
    ]),
  );
  expect(data[2]).toBeCloseTo(11, 5);
  expect(data[3]).toBeCloseTo(5.05, 5);
  expect(data[5]).toBeCloseTo(92, 5);
});

test('chained equations find what the other columns say', () => {
  const rng = createRng(1);
  const rows = Array.from({ length: 200 }, () => {
    const [a, b] = [rng(), rng()];
    return [a, b, 3 * a - 2 * b + 1];
  });
  const gaps = rows.map((row, i) =>
    i % 4 === 0 ? [row[0], row[1], NAN] : i % 7 === 0 ? [NAN, row[1], row[2]] : row,
  );
  const step = fitChainedImpute(matrixOf(gaps))!;
  const { data } = applyStep(step, matrixOf(gaps));
  rows.forEach((row, i) => {
    row.forEach((value, j) => {
      expect(Math.abs(data[i * 3 + j] - value)).toBeLessThan(0.05);
    });
  });
  expect(fitChainedImpute(matrixOf(rows))).toBeNull();
});

const cell = fc.oneof(fc.float({ min: -1000, max: 1000, noNaN: true }), fc.constant(NAN));

test('whatever is missing, imputing leaves nothing missing and changes nothing known', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 25 }), (rows) => {
      const matrix = matrixOf(rows as number[][]);
      for (const step of [fitNearestImpute(matrix, 3), fitChainedImpute(matrix)]) {
        if (step === null) continue;
        const { data } = applyStep(step, matrix);
        data.forEach((value, at) => {
          expect(Number.isFinite(value)).toBe(true);
          if (!Number.isNaN(matrix.data[at])) expect(value).toBe(matrix.data[at]);
        });
      }
    }),
    { numRuns: 60 },
  );
});

/** Ninety rows of class 0 around the origin, ten of class 1 around (3, 3). */
function imbalanced() {
  const rng = createRng(2);
  const rows = Array.from({ length: 100 }, (_, i) => {
    const at = i < 90 ? 0 : 3;
    return [at + rng() * 4 - 2, at + rng() * 4 - 2];
  });
  return { matrix: matrixOf(rows), target: Float64Array.from(rows, (_, i) => (i < 90 ? 0 : 1)) };
}

const counts = (target: Float64Array) => [0, 1].map((k) => target.filter((t) => t === k).length);

test.each<[ResampleMethod, number[]]>([
  ['smote', [90, 90]],
  ['borderline-smote', [90, 90]],
  ['under', [10, 10]],
])('%s leaves classes of equal size', (method, expected) => {
  const { matrix, target } = resample(imbalanced(), {
    ...RESAMPLE_DEFAULTS,
    ...{ method, rng: createRng(1) },
  });
  expect(counts(target)).toEqual(expected);
  expect(matrix.data).toHaveLength(matrix.rows * 2);
});

test('new points lie within the box of their class', () => {
  const { matrix, target } = resample(imbalanced(), {
    ...RESAMPLE_DEFAULTS,
    ...{ method: 'smote', rng: createRng(1) },
  });
  for (let row = 100; row < matrix.rows; row++) {
    expect(target[row]).toBe(1);
    for (const j of [0, 1]) {
      expect(matrix.data[2 * row + j]).toBeGreaterThanOrEqual(1);
      expect(matrix.data[2 * row + j]).toBeLessThanOrEqual(5);
    }
  }
});

test('borderline SMOTE builds on rows in danger alone, SMOTE on all of the class', () => {
  const rng = createRng(3);
  const around = (at: number, count: number) =>
    Array.from({ length: count }, () => [at + rng(), at + rng()]);
  const rows = [...around(0, 40), ...around(0.5, 4), ...around(50, 8)];
  const target = Float64Array.from(rows, (_, i) => (i < 40 ? 0 : 1));
  const farPoints = (method: ResampleMethod) => {
    const options = { ...RESAMPLE_DEFAULTS, kNeighbors: 3, method, rng: createRng(1) };
    const { matrix } = resample({ matrix: matrixOf(rows), target }, options);
    return matrix.data.subarray(2 * rows.length).filter((value) => value > 25).length;
  };
  expect(farPoints('borderline-smote')).toBe(0);
  expect(farPoints('smote')).toBeGreaterThan(10);
});
