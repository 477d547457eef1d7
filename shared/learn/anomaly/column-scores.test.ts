import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { fitHistogramScore } from './histogram-score.ts';
import { floatBelow } from './sorted-values.ts';
import { fitTailScore } from './tail-score.ts';

const matrixOf = (rows: number[][]) => ({
  rows: rows.length,
  names: rows[0].map((_, column) => `x${column}`),
  data: Float32Array.from(rows.flat()),
  categories: [],
});
const learn = (rows: number[][]) =>
  ({
    task: 'anomaly',
    matrix: matrixOf(rows),
    target: new Float64Array(0),
    classes: 0,
    weights: null,
  }) as const;

const cell = fc.integer({ min: -5, max: 5 });
const few = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 25 });

/** -log of the share of values at most, or at least, as great. */
const tail = (values: number[], x: number, isLeft: boolean): number =>
  -Math.log(values.filter((value) => (isLeft ? value <= x : value >= x)).length / values.length);

function skewedLeft(values: number[]): boolean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 3, 0) < -1e-9;
}

test('tail scores of few rows are those of the definition', () => {
  fc.assert(
    fc.property(few, (rows) => {
      const scores = scoreTrees(fitTailScore(learn(rows), { method: 'tails' }), matrixOf(rows));
      const columns = [0, 1].map((column) => rows.map((row) => row[column]));
      // Rounding decides the skew of a symmetric column.
      fc.pre(columns.every((values) => skewedLeft(values) || skewedLeft(values.map((v) => -v))));
      rows.forEach((row, i) => {
        const sums = [0, 0, 0];
        columns.forEach((values, column) => {
          const left = tail(values, row[column], true);
          const right = tail(values, row[column], false);
          sums[0] += left;
          sums[1] += right;
          sums[2] += skewedLeft(values) ? left : right;
        });
        expect(scores[i]).toBeCloseTo(Math.max(...sums), 4);
      });
    }),
    { numRuns: 80 },
  );
});

test('what lies beyond all rows is stranger than any of them', () => {
  const rows = Array.from({ length: 200 }, (_, i) => [i % 20, (i * 7) % 31]);
  const asked = matrixOf([...rows, [40, 60], [-9, -9]]);
  for (const estimator of [
    fitTailScore(learn(rows), { method: 'tails' }),
    fitHistogramScore(learn(rows), { nBins: 10, bins: 'static' }),
    fitHistogramScore(learn(rows), { nBins: 10, bins: 'dynamic' }),
  ]) {
    const scores = scoreTrees(estimator, asked);
    const most = Math.max(...scores.subarray(0, 200));
    expect(scores[200]).toBeGreaterThan(most);
    expect(scores[201]).toBeGreaterThan(most);
  }
});

test('the copula score is the skewed tail or the mean of both, whichever is greater', () => {
  const rows = Array.from({ length: 100 }, (_, i) => [i < 95 ? 0 : i]);
  const estimator = fitTailScore(learn(rows), { method: 'copula' });
  const [common, rare] = scoreTrees(estimator, matrixOf([[0], [99]]));
  expect(common).toBeCloseTo(-Math.log(0.95) / 2, 5);
  expect(rare).toBeCloseTo(Math.log(100), 5);
});

test('a bin is as strange as it is low beside the highest', () => {
  const rows = [0, 0.1, 0.2, 0.3, 1.9, 2].map((x) => [x]);
  const estimator = fitHistogramScore(learn(rows), { nBins: 4, bins: 'static' });
  const [high, low, empty] = scoreTrees(estimator, matrixOf([[0.4], [1.6], [0.9]]));
  expect(high).toBeCloseTo(0, 6);
  expect(low).toBeCloseTo(Math.log(4 / 2), 5);
  expect(empty).toBeCloseTo(Math.log(4 / 0.5), 5);
});

test('a constant column is ordinary where it is constant', () => {
  const rows = Array.from({ length: 9 }, () => [3]);
  const estimator = fitHistogramScore(learn(rows), { nBins: 10, bins: 'static' });
  const [same, other] = scoreTrees(estimator, matrixOf([[3], [3.1]]));
  expect(same).toBe(0);
  expect(other).toBeCloseTo(Math.log(9 / 0.5), 5);
});

test('the float below is the nearest smaller float32', () => {
  for (const value of [0, 1, -1, 0.1, -3.5e20]) {
    const single = Math.fround(value);
    const below = floatBelow(single);
    expect(below).toBeLessThan(single);
    expect(Math.fround(below)).toBe(below);
    expect([below, single]).toContain(Math.fround((below + single) / 2));
  }
});
