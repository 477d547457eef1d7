import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { selectEnsemble } from '../ensemble/greedy-selection.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { type Candidate, crossValidate } from './cross-validate.ts';
import { objectiveLoss } from './objective.ts';
import { type AutoMlSession, startAutoMl } from './session.ts';

const INPUTS = [
  { name: 'x', type: 'number', missing: 'impute' },
  { name: 'z', type: 'number', missing: 'impute' },
] as const;

function dataOf(rows: number): PipelineData {
  const rng = createRng(3);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    const [x, z] = [rng(), rng()];
    builder.begin();
    builder.setNumber(0, x);
    builder.setNumber(1, z);
    builder.commit(x + 0.3 * rng() > 0.65 ? 1 : 0, 0);
  }
  return {
    task: 'binary',
    inputs: INPUTS,
    table: builder.build(),
    classes: ['no', 'yes'],
    weights: null,
  };
}

const NAMES = ['baseline', 'logistic-regression', 'decision-tree'];

function start(data: PipelineData, maxMembers = 4): AutoMlSession {
  const session = startAutoMl(data, {
    ...{ objective: 'roc_auc', seed: 1, algorithms: NAMES, maxMembers },
  });
  if (!session.ok) throw new Error(session.error.reason);
  return session.value;
}

function runTrials(session: AutoMlSession, data: PipelineData, trials: number): Candidate[] {
  const { foldOf, folds } = session;
  return Array.from({ length: trials }, () => {
    const candidate = session.next();
    session.add(crossValidate(data, candidate, { foldOf, folds, objective: 'roc_auc' }));
    return candidate;
  });
}

test('a search tries every algorithm’s defaults first, then other preparations and parameters', () => {
  const data = dataOf(120);
  const candidates = runTrials(start(data), data, 12);
  expect(new Set(candidates.slice(0, 3).map(({ algorithm }) => algorithm))).toEqual(new Set(NAMES));
  for (const { parameters, recipe } of candidates.slice(3))
    expect([parameters, recipe]).not.toEqual([{}, null]);
  expect(candidates.some(({ recipe }) => recipe?.transform === 'power')).toBe(true);
  expect(candidates.some(({ parameters }) => Object.keys(parameters).length > 0)).toBe(true);
});

test('the same answers in the same order give the same search and the same ensemble', () => {
  const data = dataOf(90);
  const once = () => {
    const session = start(data);
    return { candidates: runTrials(session, data, 6), choice: session.choose() };
  };
  expect(once()).toEqual(once());
});

test('with few rows the ensemble holds the best of several algorithms', () => {
  const data = dataOf(150);
  const session = start(data);
  runTrials(session, data, 6);
  const choice = session.choose()!;
  const algorithms = choice.members.map(({ candidate }) => candidate.algorithm);
  expect(new Set(algorithms).size).toBeGreaterThan(1);
  expect(choice.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
});

test('one member at most is the best candidate alone', () => {
  const data = dataOf(90);
  const session = start(data, 1);
  runTrials(session, data, 4);
  const choice = session.choose()!;
  expect(choice.members).toEqual([session.evaluations()[0]]);
  expect([...choice.weights]).toEqual([1]);
});

test('nothing was tried: there is nothing to choose, and too few rows are refused', () => {
  expect(start(dataOf(30)).choose()).toBeNull();
  const refused = startAutoMl(dataOf(4), {
    ...{ objective: 'roc_auc', seed: 1, algorithms: null, maxMembers: 3 },
  });
  expect(refused).toMatchObject({ ok: false, error: { reason: 'too_few' } });
});

test('a candidate far behind the best on the first folds is given up', () => {
  const data = dataOf(120);
  const { foldOf, folds } = start(data);
  const candidate = { algorithm: 'baseline', parameters: {}, recipe: null, seed: 1 };
  const options = { foldOf, folds, objective: 'roc_auc' } as const;
  expect(
    crossValidate(data, candidate, { ...options, bestFoldLosses: Array(5).fill(0.01) }),
  ).toBeNull();
  expect(
    crossValidate(data, candidate, { ...options, bestFoldLosses: Array(5).fill(0.5) }),
  ).not.toBeNull();
  expect(crossValidate(data, candidate, { ...options, isTimeUp: () => true })).toBeNull();
});

test('two models whose errors cancel are chosen together', () => {
  const target = Float64Array.of(1, 2, 3, 4);
  const library = [
    Float32Array.of(2, 3, 4, 5),
    Float32Array.of(0, 1, 2, 3),
    Float32Array.of(9, 9, 9, 9),
  ];
  const { weights, loss } = selectEnsemble(library, {
    lossOf: (mean) => objectiveLoss('rmse', target, mean),
    ...{ rounds: 10, maxMembers: 3 },
  });
  expect([...weights]).toEqual([0.5, 0.5, 0]);
  expect(loss).toBeCloseTo(0, 6);
});
