import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { flightDelay } from '../../models/flight-delay/use-case.ts';
import { declaration } from '../contracts/declaration.ts';
import { manifest, probeRows } from '../contracts/manifest.ts';
import { referenceProfile } from '../contracts/profile.ts';
import { loadModel } from '../onnx/runtime/load-model.ts';
import { simulateTable } from '../simulate/simulate-rows.ts';
import { splitTable } from '../table/split-table.ts';
import type { UseCase } from '../use-case/define-use-case.ts';
import { assembleVersion } from './assemble-version.ts';
import { evaluateFallback, evaluateModel } from './evaluate-model.ts';
import { type FileRole, finishTraining } from './finish-training.ts';
import { decodeTrainingState, encodeTrainingState } from './state-bytes.ts';
import { trainUseCase } from './train-use-case.ts';
import { planTraining, type TrainingState } from './training-state.ts';
import { nextTrainingStep, runTrainingStep, trainingStepName } from './training-step.ts';

const sha256 = async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const lineage = {
  version: '0.1.0',
  datasetSha256: 'a'.repeat(64),
  source: 'simulation',
  parentVersion: null,
  runId: null,
} as const;

function train(useCase: UseCase, rows = 500) {
  const table = simulateTable(useCase, { rows, seed: 1 });
  const { training, test } = splitTable(table, { testShare: 0.2, seed: 1 });
  let nowMs = Date.UTC(2026, 0, 1);
  const draft = trainUseCase({
    ...lineage,
    useCase,
    table: training,
    test,
    seed: 7,
    nowMs: () => (nowMs += 1500),
  });
  return { draft, training, test };
}

const json = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));

for (const useCase of [delayPrediction, flightDelay])
  test(`${useCase.id} trains to a version whose manifest and files are what their contracts say`, async () => {
    const { draft, test: held } = train(useCase);
    const version = await assembleVersion(draft, sha256);
    expect(v.parse(manifest, json(version.manifestBytes))).toEqual(version.manifest);
    expect(v.is(referenceProfile, json(version.files.get('reference')))).toBe(true);
    expect(v.parse(declaration, json(version.files.get('declaration'))).id).toBe(useCase.id);
    const probe = v.parse(probeRows, json(version.files.get('probe')));
    expect(probe.rows).toHaveLength(20);
    for (const file of version.manifest.files) {
      const bytes = version.files.get(file.role)!;
      expect([file.sha256, file.sizeBytes]).toEqual([await sha256(bytes), bytes.length]);
    }
    const { metrics, lineage: made } = version.manifest;
    expect(evaluateModel(draft.files.model, held)).toEqual({ ok: true, value: metrics.test });
    expect(metrics.fallback).toEqual(evaluateFallback(useCase.fallback, held));
    expect(made).toMatchObject({ seed: 7, rows: 400, durationMs: 1500, source: 'simulation' });
  });

test('probe rows are answered by the file as the manifest says, missing and unknown values among them', () => {
  const { draft } = train(delayPrediction);
  const loaded = loadModel(draft.files.model);
  const { rows, tolerance } = v.parse(probeRows, json(draft.files.probe));
  const answers = loaded.ok ? loaded.value.predict(rows.map(({ row }) => row)) : [];
  rows.forEach(({ value }, i) => {
    expect(Math.abs(answers[i] - value)).toBeLessThan(tolerance / 100);
  });
  const cells = rows.flatMap(({ row }) => Object.values(row));
  expect(cells).toContain(null);
  expect(cells).toContain('never seen before');
});

test('training in steps, each from the bytes of the one before, gives the same model byte for byte', () => {
  for (const useCase of [delayPrediction, flightDelay]) {
    const { draft, training } = train(useCase);
    let state: TrainingState = planTraining(useCase, training, 7);
    const names: string[] = [];
    for (let step = nextTrainingStep(state); step; step = nextTrainingStep(state)) {
      names.push(trainingStepName(step));
      runTrainingStep(state, training);
      const decoded = decodeTrainingState(encodeTrainingState(state));
      if (!decoded.ok) throw new Error(decoded.error.detail);
      expect(decoded.value).toEqual(state);
      state = decoded.value;
    }
    expect(new Set(names).size).toBe(names.length);
    const { createdAt } = draft.manifest;
    const stepwise = finishTraining({
      ...lineage,
      state,
      declaration: json(draft.files.declaration),
      fallback: useCase.fallback,
      table: training,
      test: splitTable(simulateTable(useCase, { rows: 500, seed: 1 }), { testShare: 0.2, seed: 1 })
        .test,
      createdAt,
      durationMs: draft.manifest.lineage.durationMs,
    });
    expect(stepwise).toEqual(draft);
  }
});

test('a boosting step grows fifty trees at most, and its last piece ends the fold', () => {
  const table = simulateTable(delayPrediction, { rows: 400, seed: 3 });
  const boostingOnly = {
    ...delayPrediction,
    search: { algorithms: ['hist-gradient-boosting' as const], folds: 3 },
  };
  const state = planTraining(boostingOnly, table, 1);
  let before = 0;
  for (let step = nextTrainingStep(state); step; step = nextTrainingStep(state)) {
    runTrainingStep(state, table);
    const trees = state.fits.reduce((sum, fit) => sum + fit.losses.length, 0);
    expect(trees - before).toBeLessThanOrEqual(50);
    before = trees;
  }
  expect(state.model?.type).toBe('hist-gradient-boosting');
});

test('the choice is the candidate with the least cross-validated error', () => {
  const table = simulateTable(delayPrediction, { rows: 600, seed: 2 });
  const errors = (['ridge', 'hist-gradient-boosting'] as const).map((algorithm) => {
    const search = { algorithms: [algorithm], folds: 5 };
    const { metrics } = trainUseCase({
      ...lineage,
      useCase: { ...delayPrediction, search },
      table,
      test: null,
      seed: 7,
      nowMs: () => 0,
    }).manifest;
    return metrics.crossValidation.mae;
  });
  const both = trainUseCase({
    ...lineage,
    useCase: delayPrediction,
    table,
    test: null,
    seed: 7,
    nowMs: () => 0,
  }).manifest;
  expect(both.metrics.crossValidation.mae).toBe(Math.min(...errors));
  expect(both.metrics.test).toBeNull();
});

test('rows in time order are folded in blocks of time, others are shuffled by the seed', () => {
  const flights = simulateTable(flightDelay, { rows: 100, seed: 1 });
  const blocks = [...planTraining(flightDelay, flights, 1).plan.foldOf];
  expect(blocks).toEqual([...blocks].sort((a, b) => a - b));
  const deliveries = simulateTable(delayPrediction, { rows: 100, seed: 1 });
  const shuffled = [1, 1, 2].map((seed) => [
    ...planTraining(delayPrediction, deliveries, seed).plan.foldOf,
  ]);
  expect(shuffled[0]).toEqual(shuffled[1]);
  expect(shuffled[0]).not.toEqual(shuffled[2]);
  expect(shuffled[0].filter((fold) => fold === 4)).toHaveLength(20);
});

test('too few rows to cross-validate are a bug of the caller', () => {
  const table = simulateTable(delayPrediction, { rows: 49, seed: 1 });
  expect(() => planTraining(delayPrediction, table, 1)).toThrowError(/49 rows, 50 needed/);
});

test('bytes that are no training state are refused', () => {
  for (const bytes of [[], [1, 2], [255, 255, 255, 255, 1], [2, 0, 0, 0, 123, 125]])
    expect(decodeTrainingState(Uint8Array.from(bytes))).toMatchObject({
      ok: false,
      error: { reason: 'invalid_training_state' },
    });
});

test('a file larger than a chunk is listed by its chunks', async () => {
  const { draft } = train(delayPrediction, 100);
  const model = new Uint8Array(600 * 1024).fill(7);
  const files: Record<FileRole, Uint8Array<ArrayBuffer>> = { ...draft.files, model };
  const version = await assembleVersion({ ...draft, files }, sha256);
  const [file] = version.manifest.files;
  expect(file.chunks).toHaveLength(3);
  expect(file.chunks[0]).toBe(file.chunks[1]);
  expect(file.chunks[2]).toBe(await sha256(model.slice(0, 600 * 1024 - 2 * 256 * 1024)));
});
