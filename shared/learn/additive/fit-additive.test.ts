import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { fitAdditive } from './fit-additive.ts';

/** Numbers a and b, b with gaps, and a one-hot block of three levels. */
function madeData(seed: number, rows: number, answer: (row: Float32Array) => number) {
  const rng = createRng(seed);
  const data = new Float32Array(rows * 5);
  for (let row = 0; row < rows; row++) {
    const level = Math.floor(rng() * 4);
    data.set([4 * rng() - 2, rng() < 0.1 ? Number.NaN : 4 * rng() - 2], row * 5);
    if (level < 3) data[row * 5 + 2 + level] = 1;
  }
  const categories = [{ start: 2, levels: 3 }];
  const matrix: Matrix = { rows, names: ['a', 'b', 'c=0', 'c=1', 'c=2'], data, categories };
  const target = Float64Array.from(
    { length: rows },
    (_, row) => answer(data.subarray(row * 5, row * 5 + 5)) + 0.1 * normal(rng),
  );
  return { matrix, target };
}

const regression = (made: ReturnType<typeof madeData>): LearningData => ({
  ...{ task: 'regression', classes: 0, weights: null },
  ...made,
});

const additive = ([a, b, first]: Float32Array) =>
  Math.abs(a) + (Number.isNaN(b) ? 3 : b > 0.5 ? 1 : 0) + (first === 1 ? 2 : 0);
const crossed = ([a, b]: Float32Array) => (Number.isNaN(b) ? 0 : a > 0 !== b > 0 ? 2 : 0);

const errorOf = (data: LearningData, predictions: Float32Array) =>
  Math.sqrt(
    data.target.reduce((sum, y, i) => sum + (y - predictions[i]) ** 2, 0) / data.matrix.rows,
  );

const QUICK = { maxRounds: 300, outerBags: 2, learningRate: 0.1 };

test('an additive answer is learnt: a bend, a step, what missing means, a level', () => {
  const data = regression(madeData(1, 600, additive));
  const model = fitAdditive(data, { ...QUICK, interactions: 0 }, { rng: createRng(1) });
  const fresh = regression(madeData(2, 300, additive));
  expect(errorOf(fresh, scoreTrees(model, fresh.matrix))).toBeLessThan(0.25);
});

test('what only two inputs together tell takes an interaction', () => {
  const data = regression(madeData(3, 800, crossed));
  const fresh = regression(madeData(4, 300, crossed));
  const error = (interactions: number) => {
    const model = fitAdditive(data, { ...QUICK, interactions }, { rng: createRng(1) });
    return errorOf(fresh, scoreTrees(model, fresh.matrix));
  };
  expect(error(0)).toBeGreaterThan(0.8);
  expect(error(1)).toBeLessThan(0.4);
});

test('without interactions a change of one input moves the raw score alike, whatever the others', () => {
  const made = madeData(5, 200, additive);
  const target = made.target.map((y) => (y > 2 ? 1 : 0));
  const data: LearningData = { ...regression(made), task: 'binary', classes: 2, target };
  const model = fitAdditive(data, { ...QUICK, interactions: 0 }, { rng: createRng(2) });
  const raw = (rows: number[][]) => {
    const matrix = { ...made.matrix, rows: rows.length, data: Float32Array.from(rows.flat()) };
    return scoreTrees({ ...model, link: 'identity' }, matrix);
  };
  const number = fc.float({ min: -3, max: 3, noNaN: true });
  fc.assert(
    fc.property(number, number, number, fc.constantFrom(Number.NaN, -1, 1), (a, other, b, c) => {
      const scores = raw([
        [a, b, 1, 0, 0],
        [other, b, 1, 0, 0],
        [a, c, 0, 0, 1],
        [other, c, 0, 0, 1],
      ]);
      expect(scores[0] - scores[1]).toBeCloseTo(scores[2] - scores[3], 4);
    }),
  );
});

test('terms have mean 0 over the training rows: the mean answer is the base and the levels’ rest', () => {
  const data = regression(madeData(6, 300, additive));
  const model = fitAdditive(data, QUICK, { rng: createRng(3) });
  const mean = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i];
    return sum / values.length;
  };
  expect(mean(scoreTrees(model, data.matrix))).toBeCloseTo(mean(data.target), 1);
});

test('each tree looks at one input, or at the two of an interaction', () => {
  const data = regression(madeData(7, 300, crossed));
  const model = fitAdditive(data, { ...QUICK, interactions: 2 }, { rng: createRng(3) });
  const inputOf = (column: number) => Math.min(column, 2);
  model.roots.forEach((root, tree) => {
    const end = model.roots[tree + 1] ?? model.feature.length;
    const seen = new Set<number>();
    for (let node = root; node < end; node++)
      if (model.feature[node] >= 0) seen.add(inputOf(model.feature[node]));
    expect(seen.size).toBeLessThanOrEqual(2);
  });
});

test('cover counts the rows, and time being up still gives an answer', () => {
  const data = regression(madeData(8, 120, additive));
  const options = { rng: createRng(1), isTimeUp: () => true };
  const model = fitAdditive(data, QUICK, options);
  for (const root of model.roots) expect(model.cover?.[root]).toBe(120);
  expect(scoreTrees(model, data.matrix).every(Number.isFinite)).toBe(true);
});

/** Three classes: what a says, and what a and b say together. */
const classOf = ([a, b]: Float32Array) =>
  a > 1 ? 2 : Number.isNaN(b) ? 0 : a > 0 !== b > 0 ? 1 : 0;

function threeClasses(seed: number, rows: number): LearningData {
  const made = madeData(seed, rows, () => 0);
  const { data, names } = made.matrix;
  const target = made.target.map((_, row) =>
    classOf(data.subarray(row * names.length, (row + 1) * names.length)),
  );
  return { ...made, target, task: 'multiclass', classes: 3, weights: null };
}

function shareRight({ target }: LearningData, shares: Float32Array): number {
  const right = target.filter((code, row) => {
    const own = shares.subarray(3 * row, 3 * row + 3);
    return own.indexOf(Math.max(...own)) === code;
  });
  return right.length / target.length;
}

test('three classes are told apart by single inputs, and by two together', () => {
  const data = threeClasses(9, 800);
  const fresh = threeClasses(10, 300);
  const right = (interactions: number) => {
    const model = fitAdditive(data, { ...QUICK, interactions }, { rng: createRng(1) });
    return shareRight(fresh, scoreTrees(model, fresh.matrix));
  };
  expect(right(0)).toBeLessThan(0.85);
  expect(right(1)).toBeGreaterThan(0.92);
});

test('a class’s raw score is the sum of its own trees', () => {
  const data = threeClasses(11, 300);
  const model = fitAdditive(data, { ...QUICK, interactions: 2 }, { rng: createRng(4) });
  expect(model.link).toBe('softmax');
  const raw = scoreTrees({ ...model, link: 'identity' }, data.matrix);
  const alone = Array.from({ length: 3 }, (_, k) => {
    const roots = model.roots.filter((_, t) => model.treeOutput?.[t] === k);
    const outputs = { outputs: 1, treeOutput: new Int32Array(roots.length) };
    const own = { ...model, ...outputs, roots, base: model.base.slice(k, k + 1) };
    return scoreTrees({ ...own, link: 'identity' }, data.matrix);
  });
  for (let row = 0; row < data.matrix.rows; row++)
    for (let k = 0; k < 3; k++) expect(alone[k][row]).toBe(raw[3 * row + k]);
});
