import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { objectiveLoss } from '../automl/objective.ts';
import { findAlgorithm } from '../catalogue.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { fitBagging } from './bagging.ts';
import { fitBlending } from './blending.ts';
import { fitDynamicSelection } from './dynamic-selection.ts';
import { memberOf } from './fit-members.ts';
import { weighted } from './fit-model.ts';
import { type FittedEnsemble, predictModel } from './fitted-ensemble.ts';
import { averagingWeights, fitModelAveraging } from './model-averaging.ts';
import { fitStacking } from './stacking.ts';
import { fitVoting } from './voting.ts';

const INPUTS = [
  { name: 'a', type: 'number', missing: 'impute' },
  { name: 'b', type: 'number', missing: 'impute' },
] as const;

function dataOf(task: 'regression' | 'binary', seed = 1): PipelineData {
  const rng = createRng(seed);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < 200; i++) {
    const [a, b] = [rng() * 2 - 1, rng() * 2 - 1];
    builder.begin();
    if (i % 13 !== 0) builder.setNumber(0, a);
    builder.setNumber(1, b);
    const score = a + Math.abs(b) + 0.2 * normal(rng);
    builder.commit(task === 'binary' ? Number(score > 0.5) : score, 0);
  }
  const classes = task === 'binary' ? ['no', 'yes'] : [];
  return { task, inputs: INPUTS, table: builder.build(), classes, weights: null };
}

const chosen = (task: 'regression' | 'binary', ...names: string[]) =>
  names.map((name) => memberOf({ algorithm: findAlgorithm(name, task)! }));

const NUMBERS = chosen('regression', 'ridge', 'decision-tree', 'hist-gradient-boosting');
const RIDGE = { algorithm: findAlgorithm('ridge', 'regression')! };
const CLASSES = chosen('binary', 'logistic-regression', 'decision-tree', 'hist-gradient-boosting');

const rmseOf = (ensemble: FittedEnsemble) => {
  const { table } = dataOf('regression', 2);
  return objectiveLoss('rmse', table.target, predictModel(ensemble, table));
};

const value = (result: { ok: true; value: FittedEnsemble } | { ok: false }): FittedEnsemble => {
  if (result.ok) return result.value;
  throw new Error('no ensemble');
};

test('soft voting is the weighted mean of its members', () => {
  const data = dataOf('regression');
  const ensemble = value(fitVoting(data, NUMBERS, { voting: 'soft', weights: [1, 1, 2], seed: 1 }));
  const members = ensemble.members.map((member) => predictModel(member, data.table));
  predictModel(ensemble, data.table).forEach((found, row) => {
    const [a, b, c] = members.map((own) => own[row]);
    expect(found).toBeCloseTo((a + b + 2 * c) / 4, 5);
  });
});

test('hard voting counts first choices', () => {
  const data = dataOf('binary');
  const ensemble = value(fitVoting(data, CLASSES, { voting: 'hard', weights: null, seed: 1 }));
  const members = ensemble.members.map((member) => predictModel(member, data.table));
  const shares = predictModel(ensemble, data.table);
  const seen = new Set<number>();
  for (let row = 0; row < data.table.rows; row++) {
    const votes = members.filter((own) => own[2 * row + 1] > own[2 * row]).length;
    expect(shares[2 * row + 1]).toBeCloseTo(votes / 3, 6);
    seen.add(votes);
  }
  expect(seen.size, 'rows on which members differ').toBeGreaterThan(2);
});

test('a bagged tree errs less than the tree', () => {
  const data = dataOf('regression');
  const [, tree] = NUMBERS;
  const one = value(fitVoting(data, [tree], { voting: 'soft', weights: null, seed: 1 }));
  const many = value(fitBagging(data, tree, { nEstimators: 15, maxSamples: 1, seed: 1 }));
  expect(rmseOf(many)).toBeLessThan(0.9 * rmseOf(one));
});

test.each([
  [
    'stacking',
    () => fitStacking(dataOf('regression'), NUMBERS, { final: RIDGE, folds: 4, seed: 1 }),
  ],
  [
    'blending',
    () =>
      fitBlending(dataOf('regression'), NUMBERS, {
        ...{ holdOut: 0.3, seed: 1 },
        lossOf: (target, predictions) => objectiveLoss('rmse', target, predictions),
      }),
  ],
  [
    'model averaging',
    () => fitModelAveraging(dataOf('regression'), NUMBERS, { folds: 4, seed: 1 }),
  ],
  [
    'dynamic selection',
    () => fitDynamicSelection(dataOf('regression'), NUMBERS, { folds: 4, seed: 1 }),
  ],
] as const)('%s is about as good as its best member, or better', (_, fitIt) => {
  const members = NUMBERS.map((choice) =>
    rmseOf(
      value(fitVoting(dataOf('regression'), [choice], { voting: 'soft', weights: null, seed: 1 })),
    ),
  );
  expect(rmseOf(value(fitIt()))).toBeLessThan(1.08 * Math.min(...members));
});

test('a stack of classifiers answers probabilities, in several levels too', () => {
  const data = dataOf('binary');
  const final = { algorithm: findAlgorithm('logistic-regression', 'binary')! };
  const options = { final, folds: 3, seed: 1 };
  const stack = value(fitStacking(data, CLASSES, options));
  const tower: FittedEnsemble = {
    ...stack,
    members: [stack, ...stack.members.slice(0, 1)],
    combine: { type: 'average', weights: Float32Array.of(0.5, 0.5) },
  };
  for (const model of [stack, tower]) {
    const shares = predictModel(model, data.table);
    for (let row = 0; row < data.table.rows; row++)
      expect(shares[2 * row] + shares[2 * row + 1]).toBeCloseTo(1, 5);
    expect(objectiveLoss('roc_auc', data.table.target, shares)).toBeLessThan(0.15);
  }
});

test('dynamic selection trusts each member where it is right', () => {
  const data = dataOf('binary');
  const shares = predictModel(
    value(fitDynamicSelection(data, CLASSES, { folds: 3, seed: 1 })),
    data.table,
  );
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect(objectiveLoss('roc_auc', data.table.target, shares)).toBeLessThan(0.1);
  const bent = dataOf('regression');
  const options = { folds: 3, seed: 1 };
  const selected = value(
    fitDynamicSelection(bent, chosen('regression', 'ridge', 'hist-gradient-boosting'), options),
  );
  const [line, trees] = selected.members.map((member) => predictModel(member, bent.table));
  const together = predictModel(selected, bent.table);
  const farFrom = (own: Float32Array) =>
    together.reduce((sum, found, row) => sum + Math.abs(found - own[row]), 0);
  expect(farFrom(trees), 'a line cannot follow |b|').toBeLessThan(0.7 * farFrom(line));
});

test('a model that foresees every row better gets all of the weight, equals share it', () => {
  const good = new Float64Array(50).fill(-0.1);
  const bad = new Float64Array(50).fill(-3);
  expect([...averagingWeights([good, bad], createRng(1))].map(Math.round)).toEqual([1, 0]);
  const [one, other] = averagingWeights([good, good], createRng(1));
  expect(one).toBeCloseTo(other, 6);
});

test('the same seed gives the same ensemble', () => {
  const data = dataOf('regression');
  const make = () => fitBagging(data, NUMBERS[1], { nEstimators: 3, maxSamples: 0.5, seed: 9 });
  expect(make()).toEqual(make());
});

test('a class that settings give no weight weighs 1, called as what every object has too', () => {
  const data = { ...dataOf('binary'), classes: ['constructor', 'toString'] };
  const { weights } = weighted(data, { toString: 2 } as Record<string, number>);
  expect(weights).toEqual(data.table.target.map((code) => (code === 1 ? 2 : 1)));
});
