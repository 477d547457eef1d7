import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeMatrixRows } from '../../prepare/matrix.ts';
import { fitNeighbourDistance, fitNeighbours, fitOutlierFactor } from './fit-neighbours.ts';
import { buildKdTree } from './kd-tree.ts';
import { createSearch, findNearest } from './nearest-rows.ts';
import { scoreNeighbours } from './neighbours-estimator.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const ALL = {
  rows: 90,
  names: ['a', 'b', 'c'],
  data: Float32Array.from(
    range(90).flatMap((i) => [
      ((i * 37) % 101) / 101,
      ((i * 53) % 103) / 103,
      ((i * 71) % 107) / 107,
    ]),
  ),
  categories: [],
};
const matrix = takeMatrixRows(ALL, range(80));
const queries = takeMatrixRows(ALL, [80, 81, 82, 83, 84, 85]);
const target = Float64Array.from(range(80), (row) => Math.sin(6 * matrix.data[3 * row]));
const regression = { task: 'regression', matrix, target, classes: 0, weights: null } as const;
const anomaly = { ...regression, task: 'anomaly' } as const;

function expectClose(found: ArrayLike<number>, golden: number[], digits = 5): void {
  expect(found).toHaveLength(golden.length);
  golden.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
}

// scikit-learn 1.2.1: KNeighborsRegressor, KNeighborsClassifier, LocalOutlierFactor.
test('means of neighbours are those of the reference', () => {
  const meansBy = (weights: string) => fitNeighbours(regression, { nNeighbors: 5, weights });
  expectClose(
    scoreNeighbours(meansBy('uniform'), queries),
    [0.759718, -0.460353, 0.581677, 0.695958, -0.71958, 0.651833],
  );
  expectClose(
    scoreNeighbours(meansBy('distance'), queries),
    [0.775293, -0.497315, 0.588817, 0.683864, -0.745788, 0.632973],
  );
});

test('shares of classes are those of the reference', () => {
  const codes = Float64Array.from(range(80), (row) => (row * 7) % 3);
  const data = { ...regression, task: 'multiclass', target: codes, classes: 3 } as const;
  const fitted = fitNeighbours(data, { nNeighbors: 4, weights: 'distance' });
  expectClose(
    scoreNeighbours(fitted, queries),
    [
      0.0, 0.0, 1.0, 0.50913, 0.49087, 0.0, 0.0, 0.47999, 0.52001, 0.0, 0.0, 1.0, 0.50913, 0.49087,
      0.0, 0.0, 0.50913, 0.49087,
    ],
  );
});

test('local outlier factors are those of the reference', () => {
  const asked = { ...queries, rows: 7, data: Float32Array.from([...queries.data, 3, 3, 3]) };
  const fitted = fitOutlierFactor(anomaly, { nNeighbors: 7 });
  expectClose(
    scoreNeighbours(fitted, asked),
    [1.011073, 0.975859, 1.019665, 0.982456, 0.956939, 0.96105, 10.7355995],
    6,
  );
});

test('the search finds what comparing with every row finds, ties by the order of rows', () => {
  const cell = fc.integer({ min: -3, max: 3 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 120 }),
      fc.integer({ min: 1, max: 9 }),
      (rows, wanted) => {
        const k = Math.min(wanted, rows.length);
        const tree = buildKdTree(Float32Array.from(rows.flat()), 3);
        const found = findNearest(createSearch(tree, k), Float32Array.from([0, 1, 0]), 0);
        const sorted = rows
          .map(([a, b, c], row) => ({ row, squared: a * a + (b - 1) ** 2 + c * c }))
          .sort((a, b) => a.squared - b.squared || a.row - b.row);
        expect([...found.position].map((position) => tree.given[position])).toEqual(
          sorted.slice(0, k).map(({ row }) => row),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('a row that is there is its own answer where distances weigh', () => {
  const fitted = fitNeighbours(regression, { nNeighbors: 5, weights: 'distance' });
  expectClose(scoreNeighbours(fitted, matrix), [...target], 6);
});

test('rows of weight 0 are no neighbours, and heavier rows count for more', () => {
  const weights = new Float64Array(80);
  weights[3] = 1;
  weights[4] = 3;
  const fitted = fitNeighbours({ ...regression, weights }, { nNeighbors: 5, weights: 'uniform' });
  expect(fitted.nNeighbors).toBe(2);
  expectClose(scoreNeighbours(fitted, queries).subarray(0, 1), [(target[3] + 3 * target[4]) / 4]);
});

test('rows further away are stranger by every measure of distance', () => {
  const near = { ...queries, rows: 2, data: Float32Array.from([0.5, 0.5, 0.5, 4, 4, 4]) };
  for (const method of ['largest', 'mean', 'median']) {
    const [inside, outside] = scoreNeighbours(
      fitNeighbourDistance(anomaly, { nNeighbors: 5, method }),
      near,
    );
    expect(outside).toBeGreaterThan(5 * inside);
  }
});

test('rows that coincide have a finite outlier factor', () => {
  const same = { ...matrix, data: new Float32Array(240).fill(1) };
  const fitted = fitOutlierFactor({ ...anomaly, matrix: same }, { nNeighbors: 20 });
  expect(scoreNeighbours(fitted, same)[0]).toBeCloseTo(1, 5);
  expect(Number.isFinite(scoreNeighbours(fitted, queries)[0])).toBe(true);
});
