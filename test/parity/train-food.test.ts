import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web/wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../cli/run.ts';
import { delayPrediction } from '../../models/delay-prediction/use-case.ts';
import { type FittedPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import { rowAt, type Table } from '../../shared/table/table.ts';
import { fitCandidate } from '../../shared/train/fit-candidate.ts';
import { planTraining } from '../../shared/train/plan-training.ts';
import { readReference, referenceTable, splitReference, splitRows } from './reference-data.ts';

ort.env.wasm.numThreads = 1;

const FOOD = 'data/food-delivery/Food_Delivery_Times.csv';
const { inputs, target } = delayPrediction;
const foodTable = () => referenceTable(FOOD, { inputs, target: target.name });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgewise-food-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes the file's rows of one part of the split, header first. */
function writePart(name: string, rows: Uint32Array): void {
  const [header, ...lines] = readReference(FOOD).trim().split(/\r?\n/);
  const part = Array.from(rows, (row) => lines[row]);
  writeFileSync(join(folder, name), `${[header, ...part].join('\n')}\n`);
}

test('on the food file, test rows of the fixed split: MAE at most 5.9 minutes and R2 at least 0.82', async () => {
  const split = splitRows('food-delivery', foodTable().rows);
  writePart('train.csv', split.training);
  writePart('test.csv', split.test);
  let stdout = '';
  const options = ['--data', 'train.csv', '--test', 'test.csv', '--version', '1.0.0'];
  const exitCode = await runCli(['train', 'delay-prediction', ...options, '--out', 'v', '--json'], {
    environment: {},
    cwd: folder,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
  });
  expect(exitCode).toBe(0);
  const { metrics } = JSON.parse(stdout);
  expect(metrics.test.rows).toBe(200);
  expect(metrics.test.mae).toBeLessThanOrEqual(5.9);
  expect(metrics.test.r2).toBeGreaterThanOrEqual(0.82);
  expect(metrics.test.mae).toBeLessThan(metrics.fallback.mae);
  expect(readFileSync(join(folder, 'v/model.onnx')).length).toBeGreaterThan(500);
});

function train(table: Table, algorithm: string): FittedPipeline {
  const search = { algorithms: [algorithm], folds: 5, trials: 1 };
  const planned = planTraining({ ...delayPrediction, search }, table, 42);
  if (!planned.ok) throw new Error(planned.error.detail);
  return fitCandidate(planned.value.plan, { candidate: 0, inputs, table });
}

async function runOnnxruntime(bytes: Uint8Array, table: Table): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes);
  const rows = Array.from({ length: table.rows }, (_, row) => rowAt(table, row));
  const dims = [rows.length, 1];
  const feeds = inputs.map(({ name, type }) => {
    const cells = rows.map((row) => row[name]);
    return type === 'number'
      ? [
          name,
          new ort.Tensor(
            'float32',
            cells.map((cell) => Number(cell ?? Number.NaN)),
            dims,
          ),
        ]
      : [
          name,
          new ort.Tensor(
            'string',
            cells.map((cell) => String(cell ?? '')),
            dims,
          ),
        ];
  });
  const { variable } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return variable.data as Float32Array;
}

for (const algorithm of ['ridge', 'hist-gradient-boosting'] as const)
  test(`${algorithm} on the food file: onnxruntime and our runtime agree with the trainer to 1e-4 on every row`, async () => {
    const table = foodTable();
    const model = train(splitReference('food-delivery', table).training, algorithm);
    const exported = exportPipeline(model);
    if (!exported.ok) throw new Error(exported.error.detail);
    const trainer = predictPipeline(model, table);
    const theirs = await runOnnxruntime(exported.value, table);
    const loaded = loadModel(exported.value);
    const rows = Array.from({ length: table.rows }, (_, row) => rowAt(table, row));
    const ours = loaded.ok ? loaded.value.predict(rows) : new Float32Array();
    expect(theirs).toHaveLength(1000);
    for (let row = 0; row < table.rows; row++) {
      expect(Math.abs(theirs[row] - trainer[row])).toBeLessThan(1e-4);
      expect(Math.abs(ours[row] - theirs[row])).toBeLessThan(1e-4);
    }
  });
