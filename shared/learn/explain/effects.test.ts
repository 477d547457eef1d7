import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { findAlgorithm } from '../catalogue.ts';
import { fitPipeline } from '../pipeline.ts';
import { findCounterfactuals } from './counterfactuals.ts';
import { accumulatedEffects, partialDependence } from './partial-dependence.ts';

const INPUTS = [
  { name: 'x', type: 'number', missing: 'impute' },
  { name: 'z', type: 'number', missing: 'impute' },
  {
    name: 'kind',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'plain' }, { value: 'gold' }],
  },
] as const;

/** y = 2 x + 3 for gold, with z nearly x and of no effect of its own. */
function tableOf(rows: number, isClass: boolean) {
  const rng = createRng(4);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    const x = 10 * rng();
    builder.begin();
    if (i % 15 !== 0) builder.setNumber(0, x);
    builder.setNumber(1, x + rng());
    builder.setCategory(2, i % 2 === 0 ? 'gold' : 'plain');
    const y = 2 * x + (i % 2 === 0 ? 3 : 0);
    builder.commit(isClass ? Number(y > 12) : y, 0);
  }
  return builder.build();
}

function fitted(algorithm: string, isClass = false) {
  const task = isClass ? 'binary' : 'regression';
  const table = tableOf(300, isClass);
  const data = {
    task,
    inputs: INPUTS,
    table,
    classes: isClass ? ['no', 'yes'] : [],
    weights: null,
  } as const;
  return fitPipeline(data, { algorithm: findAlgorithm(algorithm, task)! }, { rng: createRng(1) });
}

const options = { output: 0, points: 9 };

test('partial dependence of a linear model is its line, and of a category its levels', () => {
  const model = fitted('linear-regression');
  const table = tableOf(300, false);
  const x = partialDependence(model, table, { ...options, input: 'x' });
  const slope = (x.effects[8] - x.effects[0]) / (Number(x.values[8]) - Number(x.values[0]));
  expect(x.values).toHaveLength(9);
  expect(x.rows.reduce((sum, n) => sum + n, 0)).toBe(280);
  const kind = partialDependence(model, table, { ...options, input: 'kind' });
  expect(kind.values).toEqual(['plain', 'gold']);
  expect(kind.effects[1] - kind.effects[0]).toBeCloseTo(3, 1);
  const ale = accumulatedEffects(model, table, { ...options, input: 'x' });
  const aleSlope =
    (ale.effects[8] - ale.effects[0]) / (Number(ale.values[8]) - Number(ale.values[0]));
  expect(aleSlope).toBeCloseTo(slope, 3);
});

test('accumulated effects are centred on the rows', () => {
  const model = fitted('hist-gradient-boosting');
  const { effects } = accumulatedEffects(model, tableOf(300, false), { ...options, input: 'x' });
  expect(Math.min(...effects)).toBeLessThan(0);
  expect(Math.max(...effects)).toBeGreaterThan(0);
  expect(effects.every(Number.isFinite)).toBe(true);
});

test('a counterfactual is answered as wanted, changes what it may, and nothing that it need not', () => {
  const model = fitted('hist-gradient-boosting', true);
  const donors = tableOf(300, true);
  const row = donors.target.indexOf(0);
  const found = findCounterfactuals(
    model,
    { table: donors, row },
    {
      ...{ donors, output: 1, range: [0.5, 1], fixed: ['kind'], count: 3, rng: createRng(1) },
    },
  );
  expect(found.length).toBeGreaterThan(0);
  for (const { changes, prediction, distance } of found) {
    expect(prediction).toBeGreaterThanOrEqual(0.5);
    expect(Object.keys(changes).length).toBeGreaterThan(0);
    expect(changes).not.toHaveProperty('kind');
    expect(distance).toBeGreaterThan(0);
  }
  expect(found.map(({ distance }) => distance)).toEqual(
    found.map(({ distance }) => distance).sort((a, b) => a - b),
  );
});

test('there is no counterfactual when no row is answered as wanted', () => {
  const model = fitted('linear-regression');
  const donors = tableOf(40, false);
  expect(
    findCounterfactuals(
      model,
      { table: donors, row: 0 },
      {
        ...{ donors, output: 0, range: [1e6, 2e6], fixed: [], count: 3, rng: createRng(1) },
      },
    ),
  ).toEqual([]);
});
