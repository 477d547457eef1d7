import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { selectEnsemble } from '../ensemble/greedy-selection.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { type Candidate, crossValidate } from './cross-validate.ts';
import { objectiveLoss } from './objective.ts';
import { type AutoMlOptions, type AutoMlSession, startAutoMl } from './session.ts';

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

function start(data: PipelineData, options: Partial<AutoMlOptions> = {}): AutoMlSession {
  const session = startAutoMl(data, {
    ...{ objective: 'roc_auc', seed: 1, algorithms: NAMES, maxMembers: 4, ...options },
  });
  if (!session.ok) throw new Error(session.error.reason);
  return session.value;
}

function runTrials(session: AutoMlSession, data: PipelineData, trials: number): Candidate[] {
  const { repeats, folds } = session;
  return Array.from({ length: trials }, () => {
    const candidate = session.next()!;
    session.add(
      candidate,
      crossValidate(data, candidate, { repeats, folds, objective: 'roc_auc' }),
    );
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

test('with few rows each algorithm that cannot be told from the best has its share', () => {
  const data = dataOf(150);
  const alike = ['logistic-regression', 'ridge-classifier', 'linear-discriminant'];
  const session = start(data, { algorithms: ['baseline', ...alike] });
  runTrials(session, data, 10);
  const choice = session.choose()!;
  const algorithms = choice.members.map(({ candidate }) => candidate.algorithm);
  expect(new Set(algorithms)).toEqual(new Set(alike));
  expect(algorithms).toHaveLength(alike.length);
  for (const weight of choice.weights) expect(weight).toBeGreaterThan(0.16);
});

test('what a search proposes after the portfolio comes nearer to the best, and never twice', () => {
  const data = dataOf(120);
  const session = start(data, { algorithms: ['nearest-neighbours'] });
  const tried = Array.from({ length: 25 }, () => {
    const candidate = session.next()!;
    const { nNeighbors = 5 } = candidate.parameters;
    // As if many neighbours were best, whatever the data.
    const evaluation = crossValidate(data, candidate, {
      ...{ repeats: session.repeats.slice(0, 1), folds: session.folds, objective: 'roc_auc' },
    })!;
    session.add(candidate, { ...evaluation, loss: 1 / Number(nNeighbors) });
    return candidate;
  });
  const known = tried.map(({ parameters, recipe }) => JSON.stringify([parameters, recipe]));
  expect(new Set(known).size).toBeGreaterThan(22);
  const meanOf = (candidates: Candidate[]) =>
    candidates.reduce((sum, { parameters }) => sum + Number(parameters.nNeighbors), 0) / 10;
  expect(meanOf(tried.slice(15))).toBeGreaterThan(meanOf(tried.slice(1, 11)));
});

test('memory leaves out what cannot fit, and gives fewer rows where a model outgrows it', () => {
  const data = dataOf(600);
  const MB = 2 ** 20;
  const options = { algorithms: ['extra-trees', 'logistic-regression'], maxMembers: 4 };
  const none = start(data, { ...options, memory: { fitBytes: 6 * MB, modelBytes: MB } });
  expect(none.next()?.algorithm).toBe('logistic-regression');
  expect(none.limited()).toEqual([{ algorithm: 'extra-trees', rows: 0 }]);
  const fewer = start(data, { ...options, memory: { fitBytes: 15 * MB, modelBytes: MB } });
  const candidates = [fewer.next()!, fewer.next()!];
  const trees = candidates.find(({ algorithm }) => algorithm === 'extra-trees')!;
  expect(trees.rows).toBeLessThan(600);
  expect(fewer.limited()).toEqual([{ algorithm: 'extra-trees', rows: trees.rows }]);
  const { repeats, folds } = fewer;
  const evaluation = crossValidate(data, trees, { repeats, folds, objective: 'roc_auc' })!;
  fewer.add(trees, { ...evaluation, modelBytes: 2 * MB });
  expect(fewer.evaluations()).toEqual([]);
  expect(fewer.limited()[0].rows).toBe(Math.floor(trees.rows! / 2));
  fewer.addTooLarge(trees);
  expect(fewer.limited()[0].rows).toBe(0);
});

test('members that do not fit together are left out, the lightest first', () => {
  const data = dataOf(150);
  const alike = ['logistic-regression', 'ridge-classifier', 'linear-discriminant'];
  const session = start(data, { algorithms: alike, memory: { fitBytes: 1e9, modelBytes: 900 } });
  runTrials(session, data, 3);
  const [best] = session.evaluations();
  expect(best.modelBytes).toBeGreaterThan(450);
  expect(session.choose()!.members).toEqual([best]);
});

test('one member at most is the best candidate alone', () => {
  const data = dataOf(90);
  const session = start(data, { maxMembers: 1 });
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
  const { repeats, folds } = start(data);
  const candidate = { algorithm: 'baseline', parameters: {}, recipe: null, seed: 1 };
  const options = { repeats, folds, objective: 'roc_auc' } as const;
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
