import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { churn } from '../../models/churn/use-case.ts';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { flightDelay } from '../../models/flight-delay/use-case.ts';
import { useCases } from '../../models/registry.ts';
import { declaration } from '../contracts/declaration.ts';
import { binaryMetrics, manifest, probeRows, regressionMetrics } from '../contracts/manifest.ts';
import { referenceProfile } from '../contracts/profile.ts';
import { answersOf } from '../onnx/runtime/answers.ts';
import { loadModel } from '../onnx/runtime/load-model.ts';
import { simulateTable } from '../simulate/simulate-rows.ts';
import { splitTable } from '../table/split-table.ts';
import type { Table } from '../table/table.ts';
import type { UseCase } from '../use-case/define-use-case.ts';
import { assembleVersion } from './assemble-version.ts';
import type { FileRole, VersionDraft } from './draft-version.ts';
import { evaluateFallback, evaluateModel } from './evaluate-model.ts';
import { finishTraining } from './finish-training.ts';
import { planTraining } from './plan-training.ts';
import { decodeTrainingState, encodeTrainingState } from './state-bytes.ts';
import { type TrainOptions, trainUseCase } from './train-use-case.ts';
import type { TrainingState } from './training-state.ts';
import { nextTrainingStep, runTrainingStep, trainingStepName } from './training-step.ts';

const sha256 = async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const SPLIT = { testShare: 0.2, seed: 1 };
const lineage = {
  version: '0.1.0',
  datasetSha256: 'a'.repeat(64),
  source: 'simulation',
  parentVersion: null,
  runId: null,
} as const;

/** As declared, but for a search that takes no time. */
const quick = (useCase: UseCase): UseCase => {
  const linear = useCase.task.type === 'binary' ? 'logistic-regression' : 'ridge';
  return { ...useCase, search: { algorithms: [linear, 'decision-tree'], folds: 3, trials: 2 } };
};

function planned(useCase: Parameters<typeof planTraining>[0], table: Table, seed: number) {
  const state = planTraining(useCase, table, seed);
  if (!state.ok) throw new Error(state.error.detail);
  return state.value;
}

async function trained(options: TrainOptions): Promise<VersionDraft> {
  const made = await trainUseCase(options);
  if (!made.ok) throw new Error(made.error.detail);
  return made.value;
}

async function train(useCase: UseCase, rows = 400) {
  const table = simulateTable(useCase, { rows, seed: 1 });
  const { training, test } = splitTable(table, {
    ...SPLIT,
    isStratified: useCase.task.type === 'binary',
  });
  let nowMs = Date.UTC(2026, 0, 1);
  const draft = await trained({
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

for (const useCase of useCases.map(quick))
  test(`${useCase.id} trains to a version whose manifest and files are what their contracts say`, async () => {
    const { draft, test: held } = await train(useCase);
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
    const { task } = useCase;
    expect(evaluateModel(draft.files.model, held, task)).toEqual({ ok: true, value: metrics.test });
    expect(metrics.fallback).toEqual(evaluateFallback(useCase.fallback, held, task));
    expect(made).toMatchObject({ seed: 7, rows: 320, durationMs: 1500, source: 'simulation' });
  });

test('probe rows are answered by the file as the manifest says, missing and unknown values among them', async () => {
  for (const useCase of [quick(delayPrediction), quick(churn)]) {
    const { draft } = await train(useCase);
    const loaded = loadModel(draft.files.model);
    const { rows, tolerance } = v.parse(probeRows, json(draft.files.probe));
    const output = loaded.ok ? loaded.value.predict(rows.map(({ row }) => row)) : [];
    const answers = answersOf(Float32Array.from(output), rows.length);
    rows.forEach(({ value }, i) => {
      expect(Math.abs(answers[i] - value)).toBeLessThan(tolerance / 100);
    });
    const cells = rows.flatMap(({ row }) => Object.values(row));
    expect(cells).toContain(null);
    expect(cells).toContain('never seen before');
  }
});

test('training in steps, each from the bytes of the one before, gives the same model byte for byte', async () => {
  for (const useCase of [quick(flightDelay), quick(churn)]) {
    const { draft, training, test: held } = await train(useCase);
    let state: TrainingState = planned(useCase, training, 7);
    const names: string[] = [];
    for (let step = nextTrainingStep(state); step; step = nextTrainingStep(state)) {
      names.push(trainingStepName(step, state.plan));
      runTrainingStep(state, { inputs: useCase.inputs, table: training });
      const decoded = decodeTrainingState(encodeTrainingState(state));
      if (!decoded.ok) throw new Error(decoded.error.detail);
      expect(decoded.value).toEqual(state);
      state = decoded.value;
    }
    expect(new Set(names).size).toBe(names.length);
    const stepwise = await finishTraining({
      ...lineage,
      state,
      declaration: json(draft.files.declaration),
      fallback: useCase.fallback,
      table: training,
      test: held,
      createdAt: draft.manifest.createdAt,
      durationMs: draft.manifest.lineage.durationMs,
    });
    expect(stepwise).toEqual({ ok: true, value: draft });
  }
});

test('a classifier has the figures of one, and no interval', async () => {
  const { draft } = await train(quick(churn));
  const { interval, metrics, importance, target } = draft.manifest;
  expect(interval).toBeNull();
  expect(target.unit).toBe('');
  for (const measured of Object.values(metrics)) expect(v.is(binaryMetrics, measured)).toBe(true);
  const sum = Object.values(importance).reduce((total, share) => total + share, 0);
  expect(sum).toBeCloseTo(1, 6);
  const { prediction } = v.parse(referenceProfile, json(draft.files.reference));
  expect(prediction.counts.reduce((total, count) => total + count, 0)).toBe(320);
});

test('the choice is the candidate with the least cross-validated error', async () => {
  const table = simulateTable(delayPrediction, { rows: 300, seed: 2 });
  const algorithms = ['ridge', 'decision-tree'];
  const errorOf = async (names: string[]) => {
    const search = { algorithms: names, folds: 4, trials: 2 };
    const useCase = { ...delayPrediction, search };
    const options = { useCase, table, test: null, seed: 7, nowMs: () => 0 };
    const { metrics } = (await trained({ ...lineage, ...options })).manifest;
    expect(metrics.test).toBeNull();
    return v.parse(regressionMetrics, metrics.crossValidation).mae;
  };
  const errors = [await errorOf([algorithms[0]]), await errorOf([algorithms[1]])];
  expect(await errorOf(algorithms)).toBe(Math.min(...errors));
});

test('a file larger than a chunk is listed by its chunks', async () => {
  const { draft } = await train(quick(delayPrediction), 100);
  const model = new Uint8Array(600 * 1024).fill(7);
  const files: Record<FileRole, Uint8Array<ArrayBuffer>> = { ...draft.files, model };
  const version = await assembleVersion({ ...draft, files }, sha256);
  const [file] = version.manifest.files;
  expect(file.chunks).toHaveLength(3);
  expect(file.chunks[0]).toBe(file.chunks[1]);
  expect(file.chunks[2]).toBe(await sha256(model.slice(0, 600 * 1024 - 2 * 256 * 1024)));
});
