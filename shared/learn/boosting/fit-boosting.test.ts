import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, shuffle } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import type { Task } from '../task.ts';
import { scoreTrees } from '../trees/trees-estimator.ts';
import { createStopWatch } from './early-stopping.ts';
import { fitBoosting } from './fit-boosting.ts';
import { drawByGradient } from './goss.ts';

const matrixOf = (columns: number[][]): Matrix => {
  const rows = columns[0].length;
  const data = new Float32Array(rows * columns.length);
  columns.forEach((values, j) => {
    values.forEach((value, row) => {
      data[row * columns.length + j] = value;
    });
  });
  return { rows, names: columns.map((_, j) => `x${j}`), data, categories: [] };
};

const FIT = { rng: createRng(1) };
const answers = (data: LearningData, parameters: Parameters) =>
  scoreTrees(fitBoosting(data, parameters, { rng: createRng(3) }), data.matrix);

const SMALL = {
  ...{ maxIter: 10, maxLeafNodes: 6, minSamplesLeaf: 5, l2Regularization: 1 },
  earlyStopping: false,
};

/** Few values a column, so that bins do not hang on how often each comes. */
function randomData(seed: number, task: Task, rows = 80): LearningData {
  const rng = createRng(seed);
  const level = () => Array.from({ length: rows }, () => Math.floor(rng() * 12));
  const columns = [level(), level(), level()];
  const raw = columns[0].map((x, row) => x - columns[1][row] ** 2 / 6 + 2 * normal(rng));
  const classes = task === 'binary' ? 2 : task === 'multiclass' ? 3 : 0;
  const target = Float64Array.from(raw, (y) =>
    classes === 0 ? Math.abs(y) : Math.min(classes - 1, Math.max(0, Math.floor(y / 3) + 1)),
  );
  return { task, matrix: matrixOf(columns), target, classes, weights: null };
}

function takeRows(data: LearningData, rows: readonly number[]): LearningData {
  const columns = data.matrix.names.map((_, j) =>
    rows.map((row) => data.matrix.data[row * data.matrix.names.length + j]),
  );
  const target = Float64Array.from(rows, (row) => data.target[row]);
  return { ...data, matrix: matrixOf(columns), target };
}

const LOSSES: [Task, Parameters][] = [
  ['regression', {}],
  ['regression', { loss: 'poisson', l1Regularization: 0.5 }],
  ['binary', {}],
  ['multiclass', {}],
];
const FREE = { ...SMALL, minSamplesLeaf: 1, minChildWeight: 3 };

test.each(LOSSES)('a row of weight 2 counts as the row twice: %s %o', (task, parameters) => {
  fc.assert(
    fc.property(fc.nat(10_000), (seed) => {
      const data = randomData(seed, task);
      const weights = data.target.map((_, row) => 1 + (row % 2));
      const rows = [...weights.keys()].flatMap((row) => (row % 2 ? [row, row] : [row]));
      const twice = takeRows(data, rows);
      const once = fitBoosting({ ...data, weights }, { ...FREE, ...parameters }, FIT);
      const doubled = fitBoosting(twice, { ...FREE, ...parameters }, FIT);
      const [a, b] = [scoreTrees(once, data.matrix), scoreTrees(doubled, data.matrix)];
      a.forEach((value, i) => {
        expect(value).toBeCloseTo(b[i], 4);
      });
    }),
    { numRuns: 8 },
  );
});

test.each(LOSSES)('a row of weight 0 is as if it were not there: %s %o', (task, parameters) => {
  const data = randomData(5, task);
  const kept = [...data.target.keys()].filter((row) => row % 4 !== 0);
  const weights = data.target.map((_, row) => (row % 4 === 0 ? 0 : 1));
  const options = { ...FREE, ...parameters };
  const zeros = scoreTrees(fitBoosting({ ...data, weights }, options, FIT), data.matrix);
  const without = scoreTrees(fitBoosting(takeRows(data, kept), options, FIT), data.matrix);
  zeros.forEach((value, i) => {
    expect(value).toBeCloseTo(without[i], 4);
  });
});

test.each(LOSSES)('the order of the rows does not matter: %s %o', (task, parameters) => {
  fc.assert(
    fc.property(fc.nat(10_000), (seed) => {
      const data = randomData(seed, task);
      const order = shuffle([...data.target.keys()], createRng(seed + 1));
      const options = { ...SMALL, ...parameters };
      const straight = answers(data, options);
      const mixed = fitBoosting(takeRows(data, order), options, FIT);
      scoreTrees(mixed, data.matrix).forEach((value, i) => {
        expect(value).toBeCloseTo(straight[i], 4);
      });
    }),
    { numRuns: 8 },
  );
});

const KINDS: [string, Task, Parameters][] = [
  ['squared', 'regression', {}],
  ['absolute', 'regression', { loss: 'absolute' }],
  ['poisson', 'regression', { loss: 'poisson' }],
  ['log', 'binary', {}],
  ['squared by dart', 'regression', { boostingType: 'dart', skipDrop: 0, dropRate: 0.3 }],
  ['log by goss', 'binary', { boostingType: 'goss', learningRate: 0.5 }],
  ['log by parts', 'binary', { colsampleByTree: 0.67, colsampleByNode: 0.67, subsample: 0.7 }],
];

test.each(KINDS)('a monotone answer never turns back: %s, %s', (_, task, parameters) => {
  fc.assert(
    fc.property(fc.nat(10_000), (seed) => {
      const data = randomData(seed, task, 100);
      const monotoneConstraints = '{"x0":1,"x1":-1}';
      const options = { ...SMALL, l2Regularization: 0, ...parameters, monotoneConstraints };
      const model = fitBoosting(data, options, { rng: createRng(seed) });
      const steps = Array.from({ length: 12 }, (_value, i) => i);
      const outputs = task === 'binary' ? 2 : 1;
      const along = (columns: number[][]) =>
        [...scoreTrees(model, matrixOf(columns))].filter(
          (_value, i) => i % outputs === outputs - 1,
        );
      const fixed = steps.map(() => seed % 12);
      const rising = along([steps, fixed, fixed]);
      const falling = along([fixed, steps, fixed]);
      for (let i = 1; i < 12; i++) {
        expect(rising[i]).toBeGreaterThanOrEqual(rising[i - 1] - 1e-6);
        expect(falling[i]).toBeLessThanOrEqual(falling[i - 1] + 1e-6);
      }
    }),
    { numRuns: 12 },
  );
});

test('a constraint on a column that is not there is named', () => {
  const data = randomData(1, 'regression');
  const parameters = { ...SMALL, monotoneConstraints: '{"height":1}' };
  expect(() => fitBoosting(data, parameters, FIT)).toThrow('height is no number column');
});

test('early stopping ends at the round of least validation loss', () => {
  const data = randomData(2, 'regression', 400);
  const parameters = { ...SMALL, maxIter: 300, learningRate: 0.3, earlyStopping: true };
  let rounds = 0;
  const isTimeUp = () => ++rounds < 0;
  const model = fitBoosting(data, parameters, { rng: createRng(1), isTimeUp });
  expect(rounds).toBeLessThan(100);
  expect(model.roots.length, 'the rounds after the best are not kept').toBeLessThan(rounds);
  const watch = createStopWatch(3, 0);
  const isOver = [5, 3, 2, 2.5, 2.1, 2.2].map((loss) => watch.isOver(loss));
  expect(watch.best).toBe(2);
  expect(isOver).toEqual([false, false, false, false, false, true]);
});

test('a fit whose time is up returns the rounds it has', () => {
  const options = { rng: createRng(1), isTimeUp: () => true };
  expect(fitBoosting(randomData(1, 'binary'), SMALL, options).roots).toHaveLength(1);
});

test('balanced classes raise the share of a rare class', () => {
  const data = randomData(4, 'binary', 200);
  const rare = { ...data, target: data.target.map((k, row) => (row % 8 === 0 ? k : 0)) };
  const share = (parameters: Parameters) =>
    answers(rare, { ...SMALL, ...parameters }).reduce((sum, p, i) => sum + (i % 2 ? p : 0), 0);
  expect(share({ classWeight: 'balanced' })).toBeGreaterThan(1.5 * share({}));
});

test.each(['dart', 'goss'])('%s answers new rows about as well as plain boosting', (type) => {
  const data = randomData(6, 'regression', 600);
  const rows = [...data.target.keys()];
  const [seen, unseen] = [takeRows(data, rows.slice(0, 400)), takeRows(data, rows.slice(400))];
  const errorOf = (boostingType: string) => {
    const parameters = { ...SMALL, maxIter: 60, boostingType };
    const model = fitBoosting(seen, parameters, { rng: createRng(2) });
    const predictions = scoreTrees(model, unseen.matrix);
    return unseen.target.reduce((sum, y, row) => sum + (predictions[row] - y) ** 2, 0);
  };
  expect(errorOf(type)).toBeLessThan(1.2 * errorOf('gbdt'));
});

test('where every round drops all before it, dart says at a rate of 1 what its first round said', () => {
  const data = randomData(8, 'regression');
  const once = answers(data, { ...SMALL, maxIter: 1, learningRate: 1 });
  const dropping = { boostingType: 'dart', dropRate: 1, skipDrop: 0, maxDrop: 50 };
  answers(data, { ...SMALL, maxIter: 5, learningRate: 1, ...dropping }).forEach((value, row) => {
    expect(value).toBeCloseTo(once[row], 4);
  });
});

test('goss keeps the largest gradients, and the few others that it draws weigh for all of them', () => {
  const rows = Uint32Array.from({ length: 100 }, (_, i) => i);
  const sizes = Float32Array.from(rows, (row) => (row * 37) % 100);
  const options = { topRate: 0.2, otherRate: 0.1, rng: createRng(1) };
  const { kept, factors } = drawByGradient(rows, sizes, options);
  const top = rows.filter((row) => sizes[row] >= 80);
  expect([...top].every((row) => kept?.includes(row) && factors[row] === 1)).toBe(true);
  const drawn = kept?.filter((row) => sizes[row] < 80) ?? [];
  expect(drawn).toHaveLength(10);
  for (const row of drawn) expect(factors[row]).toBeCloseTo(8, 5);
});

test('columns drawn by tree are all that the tree splits on', () => {
  const data = randomData(9, 'regression');
  const model = fitBoosting(data, { ...SMALL, colsampleByTree: 0.34 }, { rng: createRng(1) });
  const splitOn = (node: number): number[] =>
    model.feature[node] < 0
      ? []
      : [model.feature[node], ...splitOn(model.left[node]), ...splitOn(model.right[node])];
  const columns = [...model.roots].map((root) => new Set(splitOn(root)));
  for (const own of columns) expect(own.size).toBe(1);
  expect(new Set(columns.flatMap((own) => [...own])).size).toBeGreaterThan(1);
});

test('cover counts the rows through each node', () => {
  const data = randomData(7, 'regression');
  const { roots, feature, left, right, cover } = fitBoosting(data, SMALL, FIT);
  for (const root of roots) expect(cover?.[root]).toBe(80);
  feature.forEach((f, i) => {
    if (f >= 0 && cover) expect(cover[left[i]] + cover[right[i]]).toBe(cover[i]);
  });
});
