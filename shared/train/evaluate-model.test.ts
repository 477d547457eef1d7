import { expect, test } from 'vitest';
import { churn } from '../../models/churn/use-case.ts';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import type { Input, Task } from '../contracts/declaration.ts';
import type { Row } from '../contracts/manifest.ts';
import { encodeModel, intAttribute, tensorInfo } from '../onnx/graph.ts';
import { loadModel } from '../onnx/runtime/load-model.ts';
import { simulateTable } from '../simulate/simulate-rows.ts';
import { rowAt, type Table } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { evaluateModel, fallbackProblem, predictTable } from './evaluate-model.ts';
import { planTraining } from './plan-training.ts';
import { decodeTrainingState, encodeTrainingState } from './state-bytes.ts';
import { trainUseCase } from './train-use-case.ts';
import { nextTrainingStep, runTrainingStep } from './training-step.ts';

test('a table is predicted in blocks as its rows are one by one', async () => {
  const trained = await trainUseCase({
    useCase: { ...delayPrediction, search: { algorithms: ['ridge'], folds: 2, trials: 1 } },
    table: simulateTable(delayPrediction, { rows: 200, seed: 1 }),
    test: null,
    version: '0.1.0',
    seed: 1,
    nowMs: () => 0,
    datasetSha256: 'a'.repeat(64),
    source: 'simulation',
    parentVersion: null,
    runId: null,
  });
  if (!trained.ok) throw new Error(trained.error.detail);
  const loaded = loadModel(trained.value.files.model);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const table = simulateTable(delayPrediction, { rows: 2500, seed: 2 });
  const rows = Array.from({ length: table.rows }, (_, row) => rowAt(table, row));
  expect(predictTable(loaded.value, table)).toEqual(loaded.value.predict(rows));
});

test('bytes that are no model are not evaluated but refused', () => {
  const table = simulateTable(delayPrediction, { rows: 10, seed: 2 });
  expect(evaluateModel(Uint8Array.of(9, 9), table, delayPrediction.task)).toMatchObject({
    ok: false,
    error: { reason: 'invalid_model' },
  });
});

test('a training state keeps text of any script', () => {
  const inputs: Input[] = [
    {
      name: 'himmel',
      label: 'Himmel',
      type: 'category',
      missing: 'impute',
      categories: ['snö', '雨', '🌦'].map((value) => ({ value, label: value })),
    },
  ];
  const builder = createTableBuilder(inputs);
  for (let i = 0; i < 60; i++) {
    builder.begin();
    builder.setCategory(0, ['snö', '雨', '🌦'][i % 3]);
    builder.commit(i % 3, 0);
  }
  const table = builder.build();
  const search = { algorithms: ['ridge' as const], folds: 2 };
  const planned = planTraining({ ...delayPrediction, search }, table, 1);
  if (!planned.ok) throw new Error(planned.error.detail);
  const state = planned.value;
  while (nextTrainingStep(state)) runTrainingStep(state, { inputs, table });
  expect(decodeTrainingState(encodeTrainingState(state))).toEqual({ ok: true, value: state });
});

/** The square root of its one input: NaN where that is negative. */
const squareRoot = (outputs = 1) =>
  encodeModel({
    name: 'root',
    nodes: [
      { opType: 'Sqrt', input: ['x'], output: ['root'] },
      {
        ...{ opType: 'Concat', input: Array(outputs).fill('root'), output: ['variable'] },
        attribute: [intAttribute('axis', 1)],
      },
    ],
    inputs: [tensorInfo('x', 'float', 1)],
    outputs: [tensorInfo('variable', 'float', outputs)],
  });

function tableOf(values: readonly number[]): Table {
  const builder = createTableBuilder([{ name: 'x', type: 'number', missing: 'impute' }]);
  values.forEach((value, row) => {
    builder.begin();
    builder.setNumber(0, value);
    builder.commit(row % 2, 0);
  });
  return builder.build();
}

test('a model that answers no number to some rows has no figures, but their count', () => {
  const regression = { type: 'regression', unit: '' } as const;
  const { task: binary } = churn;
  const evaluated = (values: number[], task: Task) =>
    evaluateModel(squareRoot(), tableOf(values), task);
  expect(evaluated([4, 9], regression)).toMatchObject({ ok: true, value: { rows: 2 } });
  expect(evaluated([4, -1, 9, -2], regression)).toMatchObject({
    error: { reason: 'unanswered_rows', detail: 'it answers no number to 2 of 4 rows' },
  });
  expect(evaluated([1, 4, 0.5, 0.5], binary)).toMatchObject({
    error: { reason: 'unanswered_rows', unanswered: 1, rows: 4 },
  });
});

test('a model that answers three numbers a row is refused, not measured', () => {
  const { task } = delayPrediction;
  expect(evaluateModel(squareRoot(3), tableOf([1, 4]), task)).toMatchObject({
    error: { reason: 'unsupported_model', detail: expect.stringContaining('6 numbers for 2 rows') },
  });
});

test('a heuristic that leaves a row unanswered, or throws, is told by that row', () => {
  const table = tableOf([4, -1]);
  const { task } = delayPrediction;
  const problem = (fallback: (row: Row) => number, of: Task = task) =>
    fallbackProblem(fallback, table, of);
  expect(problem(({ x }) => Number(x))).toBeNull();
  expect(problem(({ x }) => Math.sqrt(Number(x)))).toBe(
    'The fallback answers NaN, which is not a number, to {"x":-1}.',
  );
  expect(problem(({ x }) => Number(x), churn.task)).toContain('answers 4, which is not a proba');
  const broken = problem(() => {
    throw new Error('no weather');
  });
  expect(broken).toBe('The fallback throws "no weather" in answer to {"x":4}.');
});
