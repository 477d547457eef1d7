import { expect, test } from 'vitest';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { flightDelay } from '../../models/flight-delay/use-case.ts';
import { useCases } from '../../models/registry.ts';
import { simulateTable } from '../simulate/simulate-rows.ts';
import type { Table } from '../table/table.ts';
import { algorithmProblems } from './candidates.ts';
import { affordableTable } from './fit-candidate.ts';
import { type Planned, planTraining } from './plan-training.ts';
import { decodeTrainingState } from './state-bytes.ts';
import type { TrainingState } from './training-state.ts';
import { nextTrainingStep, runTrainingStep, trainingStepName } from './training-step.ts';

const { inputs } = delayPrediction;
const deliveries = (rows: number) => simulateTable(delayPrediction, { rows, seed: 1 });
const binary: Planned = {
  task: {
    type: 'binary',
    classes: ['no', 'yes'].map((value) => ({ value, label: value })) as [Class, Class],
    threshold: 0.5,
  },
  search: { algorithms: ['logistic-regression'], folds: 4, trials: 1 },
  objective: 'log_loss',
};
type Class = { value: string; label: string };

const declared = (algorithms: string[], trials = 1): Planned => ({
  ...delayPrediction,
  search: { algorithms, folds: 3, trials },
});

function planned(declaration: Planned, table: Table, seed = 1): TrainingState {
  const state = planTraining(declaration, table, seed);
  if (!state.ok) throw new Error(state.error.detail);
  return state.value;
}

function runAll(state: TrainingState, table: Table): TrainingState {
  while (nextTrainingStep(state)) runTrainingStep(state, { inputs, table });
  return state;
}

const isLate = (table: Table): Table => ({
  ...table,
  target: table.target.map((minutes) => (minutes > 60 ? 1 : 0)),
});

test('rows in time order are folded in blocks of time, others are drawn by the seed', () => {
  const flights = simulateTable(flightDelay, { rows: 100, seed: 1 });
  const blocks = [...planned(flightDelay, flights).plan.foldOf];
  expect(blocks).toEqual([...blocks].sort((a, b) => a - b));
  const drawn = [1, 1, 2].map((seed) => [
    ...planned(delayPrediction, deliveries(100), seed).plan.foldOf,
  ]);
  expect(drawn[0]).toEqual(drawn[1]);
  expect(drawn[0]).not.toEqual(drawn[2]);
  expect(drawn[0].filter((fold) => fold === 4)).toHaveLength(20);
});

test('folds of a binary task hold each class alike', () => {
  const table = isLate(deliveries(200));
  const { foldOf } = planned(binary, table).plan;
  const late = [0, 0, 0, 0];
  table.target.forEach((label, row) => {
    late[foldOf[row]] += label;
  });
  expect(Math.max(...late) - Math.min(...late)).toBeLessThanOrEqual(1);
});

test('every use case that ships declares algorithms that can train it', () => {
  for (const useCase of useCases)
    expect([useCase.id, algorithmProblems(useCase)]).toEqual([useCase.id, []]);
});

test('each algorithm is tried by its defaults first, then by others that the seed draws', () => {
  const { candidates } = planned(declared(['ridge', 'bayesian-ridge'], 3), deliveries(60)).plan;
  expect(candidates.map(({ algorithm }) => algorithm)).toEqual([
    ...['ridge', 'ridge', 'ridge', 'bayesian-ridge'],
  ]);
  expect(candidates[0].parameters).toEqual({ alpha: 1 });
  expect(candidates[1].parameters).not.toEqual(candidates[2].parameters);
  const again = planned(declared(['ridge'], 3), deliveries(60)).plan.candidates;
  expect(again).toEqual(candidates.slice(0, 3));
  expect(planned(declared(['ridge'], 3), deliveries(60), 2).plan.candidates).not.toEqual(again);
});

test('a step fits one algorithm on one fold, and what is far behind is not fitted on every fold', () => {
  const table = deliveries(120);
  const state = planned(declared(['ridge', 'baseline'], 2), table);
  const steps: string[] = [];
  while (nextTrainingStep(state)) {
    steps.push(trainingStepName(nextTrainingStep(state)!, state.plan));
    runTrainingStep(state, { inputs, table });
  }
  expect(steps).toEqual([
    'ridge, candidates 1 to 2 of 3, fold 1 of 3',
    'ridge, candidates 1 to 2 of 3, fold 2 of 3',
    'ridge, candidates 1 to 2 of 3, fold 3 of 3',
    'baseline, candidate 3 of 3, fold 1 of 3',
    'ridge on all rows',
  ]);
  expect(state.tried[2].problem).toMatch(/far behind candidate [12] after 1 fold/);
});

test('dear fits have steps of their own, and make the same model', () => {
  const table = deliveries(120);
  const declaration = declared(['ridge', 'decision-tree'], 3);
  const together = runAll(planned(declaration, table), table);
  const apart = planned(declaration, table);
  for (const name of Object.keys(apart.plan.fitsPerStep)) apart.plan.fitsPerStep[name] = 1;
  let steps = 0;
  for (; nextTrainingStep(apart); steps++) {
    const step = nextTrainingStep(apart)!;
    expect(step.kind === 'final' ? 1 : step.candidates.length).toBe(1);
    runTrainingStep(apart, { inputs, table });
  }
  expect(steps).toBeGreaterThan(7);
  expect(apart.model).toEqual(together.model);
  expect(apart.tried).toEqual(together.tried);
});

test('rows that cannot be trained on, and algorithms that cannot learn from them, are named', () => {
  const detailOf = (declaration: Planned, table: Table) => {
    const state = planTraining(declaration, table, 1);
    return state.ok ? null : state.error;
  };
  expect(detailOf(delayPrediction, deliveries(49))).toEqual({
    reason: 'wrong_rows',
    detail: '49 rows to train on are too few: 50 are needed.',
  });
  const table = deliveries(60);
  expect(detailOf(declared(['rigde']), table)?.detail).toMatch(
    /there is no algorithm "rigde"\. There are: .*ridge/,
  );
  expect(detailOf(declared(['logistic-regression']), table)?.detail).toContain(
    'logistic-regression does not learn a regression task',
  );
  const negative = { ...table, target: table.target.map((value) => -value) };
  expect(detailOf(declared(['poisson-boosting']), negative)?.detail).toMatch(
    /targets of at least 0/,
  );
  const oneClass = { ...table, target: table.target.map(() => 1) };
  expect(detailOf(binary, oneClass)?.detail).toMatch(/of one class alone/);
});

test('when no candidate answers with numbers, the training ends and says so', () => {
  const table = deliveries(60);
  table.target[3] = Number.NaN;
  const state = runAll(planned(declared(['ridge']), table), table);
  expect(state.model).toBeNull();
  expect(state.problem).toMatch(/^No candidate could be fitted\. ridge: /);
});

test('a fit of more rows than are affordable takes the newest, or draws them by the seed', () => {
  const algorithm = { cost: (rows: number) => 1e8 * rows };
  const flights = simulateTable(flightDelay, { rows: 120, seed: 1 });
  const newest = affordableTable(algorithm, flights, 1);
  expect([...newest.order!]).toEqual([...flights.order!].slice(70));
  const drawn = [1, 1, 2].map((seed) => affordableTable(algorithm, deliveries(120), seed).target);
  expect(drawn[0]).toHaveLength(50);
  expect(drawn[0]).toEqual(drawn[1]);
  expect(drawn[0]).not.toEqual(drawn[2]);
  expect(affordableTable(algorithm, deliveries(50), 1)).toEqual(deliveries(50));
});

test('bytes that are no training state are refused', () => {
  for (const bytes of [[], [1, 2], [255, 255, 255, 255, 1], [2, 0, 0, 0, 123, 125]])
    expect(decodeTrainingState(Uint8Array.from(bytes))).toMatchObject({
      ok: false,
      error: { reason: 'invalid_training_state' },
    });
});

test('targets that are one number in float32 are wrong rows, whatever the algorithm', () => {
  const table = deliveries(60);
  const tiny = { ...table, target: table.target.map((minutes) => minutes * 1e-310) };
  expect(planTraining(declared(['ridge']), tiny, 1)).toMatchObject({
    error: { reason: 'wrong_rows', detail: expect.stringMatching(/one number in float32/) },
  });
});
