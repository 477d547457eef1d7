import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import {
  type Golden,
  type GoldenTarget,
  goldenData,
  largestDifference,
} from '../linear/golden-data.ts';
import type { Parameters } from '../search/space.ts';
import { ONLINE_ALGORITHMS } from './algorithms.ts';
import {
  learnBySgd,
  learnPassiveAggressive,
  solveOnlineMargins,
  solveOnlineRegression,
} from './fit-online.ts';
import { createFtrlState, ftrlSolution, updateFtrl } from './ftrl-proximal.ts';
import { createSgdState, updateSgd } from './stochastic-gradient.ts';

const golden: Golden = JSON.parse(
  readFileSync(new URL('../linear/golden.json', import.meta.url), 'utf8'),
);
const options = { rng: createRng(1) };

/** At the default rate these are chaotic: rounding decides where they go. */
const CURVED = ['modified-huber', 'squared-hinge'];
const SMALL_STEPS = { learningRate: 'constant', eta0: 0.01 };

const LOSSES: [string, GoldenTarget, Parameters][] = ['', ' weighted'].flatMap((suffix) => [
  ...['squared-error', 'huber', 'epsilon-insensitive', 'squared-epsilon-insensitive'].map(
    (loss): [string, GoldenTarget, Parameters] => [
      `sgd-regressor ${loss.replaceAll('-', '_')}${suffix}`,
      'y',
      { loss },
    ],
  ),
  ...['hinge', 'log-loss', 'modified-huber', 'squared-hinge', 'perceptron'].map(
    (loss): [string, GoldenTarget, Parameters] => [
      `sgd-classifier ${loss.replaceAll('-', '_')}${suffix}`,
      'binary',
      { loss, alpha: 0.01, ...(CURVED.includes(loss) ? SMALL_STEPS : {}) },
    ],
  ),
]);

const CASES: [string, GoldenTarget, Parameters][] = [
  ...LOSSES,
  ['sgd-regressor elastic-net', 'y', { penalty: 'elastic-net', l1Ratio: 0.6, alpha: 0.05 }],
  ['sgd-regressor l1', 'y', { penalty: 'l1', alpha: 0.05 }],
  ['sgd-regressor average', 'y', { average: true }],
  ['sgd-regressor constant', 'y', { learningRate: 'constant' }],
  ['sgd-regressor stopped', 'y', { tol: 0.01, maxIter: 1000 }],
  ['sgd-classifier multiclass', 'classes', { alpha: 0.01 }],
  ['perceptron', 'binary', {}],
  ['passive-aggressive-classifier', 'binary', { C: 0.3 }],
  ['passive-aggressive-classifier pa2', 'binary', { C: 0.3, variant: 'pa2' }],
  ['passive-aggressive-regressor', 'y', { C: 0.3 }],
  ['passive-aggressive-regressor pa2', 'y', { C: 0.3, variant: 'pa2' }],
];

test.each(CASES)('%s of %s goes where scikit-learn 1.2.1 goes', (result, target, parameters) => {
  const { name, defaults } = ONLINE_ALGORITHMS.find((own) => own.name === result.split(' ')[0])!;
  const data = goldenData(golden, target, result.endsWith('weighted'));
  const fixed = { shuffle: false, maxIter: 7, tol: 0, scaleTarget: false };
  const given = { parameters: { ...defaults, ...fixed, ...parameters }, options };
  const learner = name.startsWith('passive') ? learnPassiveAggressive : learnBySgd;
  const solve = target === 'y' ? solveOnlineRegression : solveOnlineMargins;
  const { coefficients, intercepts } = solve(learner, data, given);
  const found = [...coefficients.flatMap((slopes) => [...slopes]), ...intercepts];
  const expected = golden.results[result];
  expect(
    largestDifference(found, [...expected.coefficients.flat(), ...expected.intercepts]),
  ).toBeLessThan(1e-9);
});

test('a learner that is kept and read back goes on as if it had not been', () => {
  const { matrix, target } = goldenData(golden, 'y', false);
  const sgd = {
    loss: { name: 'squared-error', epsilon: 0 },
    alpha: 1e-4,
    l1Ratio: 0.5,
    learningRate: 'invscaling',
    eta0: 0.01,
    powerT: 0.25,
  } as const;
  const exampleOf = (row: number) => ({
    data: matrix.data,
    at: 4 * row,
    target: target[row],
    weight: 1,
  });
  const nothing = () => ({ weights: new Float64Array(4), intercept: 0 });
  const whole = createSgdState(nothing());
  for (let row = 0; row < 48; row++) updateSgd(whole, exampleOf(row), sgd);
  const first = createSgdState(nothing());
  for (let row = 0; row < 20; row++) updateSgd(first, exampleOf(row), sgd);
  const second = structuredClone(first);
  for (let row = 20; row < 48; row++) updateSgd(second, exampleOf(row), sgd);
  expect(second).toEqual(whole);
});

/** McMahan et al. 2013, algorithm 1, as it is printed. */
test('the first two steps of FTRL-Proximal are those of its paper', () => {
  const given = { alpha: 0.5, beta: 1, lambda1: 0.1, lambda2: 2 };
  const state = createFtrlState({ columns: 1, outputs: 1 }, given);
  const learn = (value: number, target: number) =>
    updateFtrl(state, { data: Float32Array.of(value), at: 0, target, weight: 1 }, given);
  expect(learn(2, 1)).toBeCloseTo(Math.LN2, 12);
  // g = (0.5 - 1) 2 = -1, n = 1, z = -1; w = (1 - 0.1) / ((1 + 1) / 0.5 + 2) = 0.15.
  // Intercept: g = -0.5, n = 0.25, z = -0.5; w = 0.5 / ((1 + 0.5) / 0.5) = 1 / 6.
  expect(ftrlSolution(state).coefficients[0][0]).toBeCloseTo(0.15, 12);
  expect(ftrlSolution(state).intercepts[0]).toBeCloseTo(1 / 6, 12);
  const chance = 1 / (1 + Math.exp(-(0.15 * 1 + 1 / 6)));
  expect(learn(1, 0)).toBeCloseTo(-Math.log(1 - chance), 12);
  const n = 1 + chance ** 2;
  const z = -1 + chance - ((Math.sqrt(n) - 1) / 0.5) * 0.15;
  expect(ftrlSolution(state).coefficients[0][0]).toBeCloseTo(
    (-Math.sign(z) * (Math.abs(z) - 0.1)) / ((1 + Math.sqrt(n)) / 0.5 + 2),
    12,
  );
});

test('FTRL-Proximal that starts from weights has them before its first row', () => {
  const given = { alpha: 0.5, beta: 1, lambda1: 0.1, lambda2: 2 };
  const weights = Float64Array.of(0.3, -0.2, 0, 1.5);
  const state = createFtrlState({ columns: 3, outputs: 1 }, given, weights.slice());
  // A row whose gradient is next to nothing: weights are computed anew from the sums.
  const row = { data: Float32Array.of(1e-12, 1e-12, 1e-12), at: 0, target: 1, weight: 1e-12 };
  updateFtrl(state, row, given);
  weights.forEach((weight, i) => {
    expect(state.weights[i]).toBeCloseTo(weight, 9);
  });
});

test('online logistic regression of three classes finds them', () => {
  const algorithm = ONLINE_ALGORITHMS.find(({ name }) => name === 'ftrl-proximal')!;
  const data = goldenData(golden, 'classes', false);
  const fitted = algorithm.fit(data, { ...algorithm.defaults, lambda2: 0 }, options);
  if (fitted.type !== 'linear') throw new Error('not linear');
  const best = (row: number) => {
    const scores = [0, 1, 2].map((k) =>
      [0, 1, 2, 3].reduce(
        (sum, j) => sum + fitted.coefficients[4 * k + j] * data.matrix.data[4 * row + j],
        fitted.intercepts[k],
      ),
    );
    return scores.indexOf(Math.max(...scores));
  };
  const right = Array.from(data.target).filter((code, row) => best(row) === code).length;
  expect(right / 48).toBeGreaterThan(0.6);
});

test.each([
  ['sgd-classifier', { penalty: 'none' }],
  ['perceptron', { learningRate: 'optimal' }],
])('the optimal rate of %s falls by alpha where nothing is penalised, too', (name, given) => {
  const algorithm = ONLINE_ALGORITHMS.find((own) => own.name === name)!;
  const data = goldenData(golden, 'binary', false);
  const fitted = algorithm.fit(data, { ...algorithm.defaults, ...given }, options);
  if (fitted.type !== 'linear') throw new Error('not linear');
  expect([...fitted.coefficients, ...fitted.intercepts].every(Number.isFinite)).toBe(true);
});
