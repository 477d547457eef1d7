import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { TREE_ALGORITHMS } from './algorithms.ts';
import { scoreTrees } from './trees-estimator.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const matrixOf = (rows: number[][]) => ({
  rows: rows.length,
  names: rows[0].map((_, column) => `x${column}`),
  data: Float32Array.from(rows.flat()),
  categories: [],
});

/** Rows without ties; the same are made in Python for the golden numbers below. */
const rowAt = (i: number) => [
  ((i * 37) % 101) / 101,
  ((i * 53) % 103) / 103,
  ((i * 71) % 107) / 107,
];
const X = matrixOf(range(60).map(rowAt));
const QUESTIONS = matrixOf(range(8).map((i) => rowAt(8 + i)));
const x = (row: number, column: number) => X.data[row * 3 + column];
const NUMBERS = Float64Array.from(range(60), (i) => Math.sin(6 * x(i, 0)) + x(i, 1) ** 2);
const CLASSES = Float64Array.from(range(60), (i) =>
  Math.min(2, Math.floor((3 * (x(i, 0) + x(i, 1) * 0.7 + ((i * 29) % 11) / 40)) / 2)),
);

function grow(data: Partial<LearningData> & Pick<LearningData, 'task'>, parameters: Parameters) {
  const algorithm = TREE_ALGORITHMS.find(({ tasks }) => tasks.includes(data.task))!;
  const given = { matrix: X, target: NUMBERS, classes: 0, weights: null, ...data };
  const fitted = algorithm.fit(
    given,
    { ...algorithm.defaults, ...parameters },
    { rng: createRng(3) },
  );
  if (fitted.type !== 'trees') throw new Error('expected trees');
  return fitted;
}

// scikit-learn 1.2.1, DecisionTreeRegressor and DecisionTreeClassifier, alike for six random states.
test('a regression tree predicts as the reference does', () => {
  const tree = grow({ task: 'regression' }, { maxDepth: 4, minSamplesLeaf: 3 });
  const golden = [
    -0.620951, 1.028376, -0.415549, 0.298169, 0.554617, -0.468774, 1.028376, 0.554617,
  ];
  scoreTrees(tree, QUESTIONS).forEach((value, i) => {
    expect(value).toBeCloseTo(golden[i], 5);
  });
});

test('limited leaves are split in the order of what they gain, as the reference does', () => {
  const tree = grow({ task: 'regression' }, { maxLeafNodes: 7 });
  const golden = [
    -0.706601, 0.962241, -0.706601, 0.962241, 0.554617, -0.337281, 0.962241, 0.554617,
  ];
  expect(tree.feature.filter((feature) => feature < 0)).toHaveLength(7);
  scoreTrees(tree, QUESTIONS).forEach((value, i) => {
    expect(value).toBeCloseTo(golden[i], 5);
  });
});

test.each([
  [
    'gini',
    [
      ...[0.0, 0.9375, 0.0625, 0.0, 0.9375, 0.0625, 0.0, 0.9375, 0.0625, 1.0, 0.0, 0.0],
      ...[0.0, 0.9375, 0.0625, 0.0, 0.9375, 0.0625, 1.0, 0.0, 0.0, 0.0, 0.9375, 0.0625],
    ],
  ],
  [
    'entropy',
    [
      ...[0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.6, 0.4, 0.0],
      ...[0.0, 1.0, 0.0, 0.0, 0.3, 0.7, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
    ],
  ],
])('a tree of three classes by %s gives the shares of the reference', (criterion, golden) => {
  const data = { task: 'multiclass', target: CLASSES, classes: 3 } as const;
  const tree = grow(data, { criterion, maxDepth: 3, minSamplesLeaf: 4 });
  scoreTrees(tree, QUESTIONS).forEach((value, i) => {
    expect(value).toBeCloseTo(golden[i], 5);
  });
});

test('balanced classes weigh the same, as in the reference', () => {
  const target = CLASSES.map((k) => Math.min(k, 1));
  const limits = { classWeight: 'balanced', maxDepth: 3, minSamplesLeaf: 4 };
  const tree = grow({ task: 'binary', target, classes: 2 }, limits);
  const ones = scoreTrees(tree, QUESTIONS).filter((_, i) => i % 2 === 1);
  [1.0, 1.0, 1.0, 0.142857, 1.0, 1.0, 0.0, 1.0].forEach((golden, i) => {
    expect(ones[i]).toBeCloseTo(golden, 5);
  });
});

const BINARY = CLASSES.map((k) => Math.min(k, 1));

// scikit-learn 1.2.1, ccp_alpha and min_impurity_decrease, alike for eight random states.
test.each([
  [
    { task: 'regression', target: NUMBERS, classes: 0 },
    { ccpAlpha: 0.01 },
    6,
    [-0.706601, 0.962241, -0.706601, 0.962241, 0.554617, -0.213838, 0.962241, 0.554617],
  ],
  [
    { task: 'regression', target: NUMBERS, classes: 0 },
    { minImpurityDecrease: 0.02 },
    4,
    [-0.706601, 0.777794, -0.706601, 0.777794, 0.777794, -0.213838, 0.777794, 0.777794],
  ],
  [
    { task: 'multiclass', target: CLASSES, classes: 3 },
    { ccpAlpha: 0.02 },
    10,
    [
      0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0,
      0.0, 0.0, 0.0, 1.0, 0.0,
    ],
  ],
  [
    { task: 'binary', target: BINARY, classes: 2 },
    { ccpAlpha: 0.02 },
    6,
    [0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0],
  ],
  [
    { task: 'multiclass', target: CLASSES, classes: 3 },
    { ccpAlpha: 0.05, criterion: 'entropy' },
    9,
    [
      0.043478, 0.956522, 0.0, 0.0, 1.0, 0.0, 0.043478, 0.956522, 0.0, 1.0, 0.0, 0.0, 0.043478,
      0.956522, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0,
    ],
  ],
] as const)('%o with %o keeps the leaves of the reference', (data, parameters, leaves, golden) => {
  const tree = grow(data, parameters);
  expect(tree.feature.filter((feature) => feature < 0)).toHaveLength(leaves);
  scoreTrees(tree, QUESTIONS).forEach((value, i) => {
    expect(value).toBeCloseTo(golden[i], 5);
  });
});

const number = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const cases = fc.record({
  rows: fc.array(fc.tuple(number, number, fc.integer({ min: 0, max: 3 })), {
    minLength: 2,
    maxLength: 24,
  }),
  minSamplesLeaf: fc.integer({ min: 1, max: 4 }),
});

/** Every cut of every column, missing values left and right: the least sum of squares. */
function leastSquares(rows: number[][], target: Float64Array, minSamplesLeaf: number): number {
  let least = squaresOf([...target]);
  for (const column of [0, 1])
    for (const threshold of [...range(9).map((i) => i - 4), Number.POSITIVE_INFINITY])
      for (const missingLeft of [false, true]) {
        const isLeft = rows.map((row) =>
          Number.isNaN(row[column]) ? missingLeft : row[column] <= threshold,
        );
        const left = [...target].filter((_, i) => isLeft[i]);
        const right = [...target].filter((_, i) => !isLeft[i]);
        if (Math.min(left.length, right.length) < minSamplesLeaf) continue;
        least = Math.min(least, squaresOf(left) + squaresOf(right));
      }
  return least;
}

function squaresOf(values: number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

test('one split is the best there is, missing values included', () => {
  fc.assert(
    fc.property(cases, ({ rows, minSamplesLeaf }) => {
      const matrix = matrixOf(rows.map(([a, b]) => [a, b]));
      const target = Float64Array.from(rows, (row) => row[2]);
      const stump = grow({ task: 'regression', matrix, target }, { maxDepth: 1, minSamplesLeaf });
      const predicted = scoreTrees(stump, matrix);
      const squares = target.reduce((sum, y, i) => sum + (y - predicted[i]) ** 2, 0);
      expect(squares).toBeCloseTo(leastSquares(rows, target, minSamplesLeaf), 4);
    }),
    { numRuns: 150 },
  );
});

test.each(['best', 'random'])('no leaf of a tree with %s splits has too few rows', (splitter) => {
  fc.assert(
    fc.property(cases, ({ rows, minSamplesLeaf }) => {
      const matrix = matrixOf(rows.map(([a, b]) => [a, b]));
      const target = Float64Array.from(rows, (row) => row[2]);
      const data = { task: 'multiclass', matrix, target, classes: 4 } as const;
      const tree = grow(data, { splitter, minSamplesLeaf });
      const least = Math.min(minSamplesLeaf, rows.length);
      tree.feature.forEach((feature, node) => {
        if (feature < 0) expect(tree.cover![node]).toBeGreaterThanOrEqual(least);
        else
          expect(tree.cover![node]).toBe(
            tree.cover![tree.left[node]] + tree.cover![tree.right[node]],
          );
      });
    }),
    { numRuns: 60 },
  );
});

test('a tree without limits answers its own rows exactly where they differ', () => {
  for (const splitter of ['best', 'random']) {
    const tree = grow({ task: 'regression' }, { splitter });
    scoreTrees(tree, X).forEach((value, i) => {
      expect(value).toBeCloseTo(NUMBERS[i], 6);
    });
  }
});

test('rows of weight 0 count for nothing, and a constant column is never split', () => {
  const matrix = matrixOf(range(20).map((i) => [1, i]));
  const target = Float64Array.from(range(20), (i) => (i < 10 ? 0 : 1));
  const weights = Float64Array.from(range(20), (i) => (i < 5 || i >= 15 ? 0 : 1));
  const tree = grow({ task: 'regression', matrix, target, weights }, { maxFeatures: 0.5 });
  expect([...tree.feature]).toEqual([1, -1, -1]);
  expect(tree.cover![0]).toBe(10);
  expect(tree.threshold[0]).toBe(9.5);
});
