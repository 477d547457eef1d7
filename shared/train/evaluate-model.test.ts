import { expect, test } from 'vitest';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { loadModel } from '../onnx/runtime/load-model.ts';
import { simulateTable } from '../simulate/simulate-rows.ts';
import { rowAt } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { evaluateModel, predictTable } from './evaluate-model.ts';
import { decodeTrainingState, encodeTrainingState } from './state-bytes.ts';
import { trainUseCase } from './train-use-case.ts';
import { planTraining } from './training-state.ts';
import { runTrainingStep } from './training-step.ts';

test('a table is predicted in blocks as its rows are one by one', () => {
  const { files } = trainUseCase({
    useCase: delayPrediction,
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
  const loaded = loadModel(files.model);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const table = simulateTable(delayPrediction, { rows: 2500, seed: 2 });
  const rows = Array.from({ length: table.rows }, (_, row) => rowAt(table, row));
  expect(predictTable(loaded.value, table)).toEqual(loaded.value.predict(rows));
});

test('bytes that are no model are not evaluated but refused', () => {
  const table = simulateTable(delayPrediction, { rows: 10, seed: 2 });
  expect(evaluateModel(Uint8Array.of(9, 9), table)).toMatchObject({
    ok: false,
    error: { reason: 'invalid_model' },
  });
});

test('a training state keeps text of any script', () => {
  const specs = [
    {
      name: 'himmel',
      type: 'category',
      missing: 'impute',
      categories: [{ value: 'snö' }, { value: '雨' }, { value: '🌦' }],
    },
  ] as const;
  const builder = createTableBuilder(specs);
  for (let i = 0; i < 60; i++) {
    builder.begin();
    builder.setCategory(0, ['snö', '雨', '🌦'][i % 3]);
    builder.commit(i % 3, 0);
  }
  const table = builder.build();
  const search = { algorithms: ['ridge' as const], folds: 2 };
  const state = planTraining({ ...delayPrediction, search }, table, 1);
  runTrainingStep(state, table);
  expect(decodeTrainingState(encodeTrainingState(state))).toEqual({ ok: true, value: state });
});
