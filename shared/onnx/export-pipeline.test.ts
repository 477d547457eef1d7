import fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import type { Row } from '../contracts/manifest.ts';
import { createRng, normal, type Rng } from '../core/rng.ts';
import type { FittedEstimator } from '../learn/fitted-estimator.ts';
import { type FittedPipeline, predictPipeline } from '../learn/pipeline.ts';
import type { TreesEstimator } from '../learn/trees/trees-estimator.ts';
import { type Encoding, encodedWidth, encodingOf } from '../prepare/encoding.ts';
import type { Step } from '../prepare/step.ts';
import { rowAt, type Table } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { exportPipeline } from './export-pipeline.ts';
import { loadModel } from './runtime/load-model.ts';

ort.env.wasm.numThreads = 1;

const inputs = [
  { name: 'km', type: 'number', missing: 'reject' },
  {
    name: 'sky',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'clear' }, { value: 'snö' }],
  },
  { name: 'years', type: 'number', missing: 'impute' },
] as const;

function randomTable(rng: Rng, rows: number): Table {
  const builder = createTableBuilder(inputs);
  const pick = <T>(values: readonly T[]) => values[Math.floor(rng() * values.length)];
  for (let i = 0; i < rows; i++) {
    builder.begin();
    builder.setNumber(0, 20 * rng());
    builder.setCategory(1, pick(['clear', 'snö', 'hail', '']));
    builder.setNumber(2, pick([Number.NaN, 3 * normal(rng), 1e6 * rng(), 3e38, -3.4e38]));
    builder.commit(normal(rng), 0);
  }
  return builder.build();
}

const pipelineOf = (encoding: Encoding, estimator: FittedEstimator): FittedPipeline => ({
  ...{ type: 'pipeline', task: 'regression', inputs, classes: [], algorithm: 'random' },
  ...{ parameters: {}, preparation: { encoding, steps: [] }, estimator },
});

function randomLinear(rng: Rng, table: Table): FittedPipeline {
  const encoding = encodingOf(table);
  const width = encodedWidth(encoding);
  /** The numbers, then the categories' columns, which stay as they are. */
  const columns = (numbers: number[], rest: number) =>
    Float32Array.from({ length: width }, (_, i) => numbers[i] ?? rest);
  const coefficients = Float32Array.from({ length: width }, () => normal(rng));
  const intercepts = Float32Array.of(40 * normal(rng));
  const pipeline = pipelineOf(encoding, {
    ...{ type: 'linear', outputs: 1, coefficients, intercepts, link: 'identity' },
  });
  const steps: Step[] = [
    { type: 'clip', low: columns([0, -1e7], 0), high: columns([20, 1e7], 1) },
    { type: 'impute', values: columns([5, 1], 0) },
    { type: 'scale', offset: columns([10.1, -2.7], 0), scale: columns([0.31, 1.7], 1) },
  ];
  return { ...pipeline, preparation: { encoding, steps } };
}

function exported(pipeline: FittedPipeline): Uint8Array<ArrayBuffer> {
  const bytes = exportPipeline(pipeline);
  if (!bytes.ok) throw new Error(bytes.error.detail);
  return bytes.value;
}

/** Full trees of depth 3 that split on random columns. */
function randomTrees(rng: Rng, table: Table, trees: number): FittedPipeline {
  const encoding = encodingOf(table);
  const width = encodedWidth(encoding);
  const nodes = trees * 15;
  const model: TreesEstimator = {
    ...{ type: 'trees', outputs: 1, treeOutput: null, link: 'identity', cover: null },
    base: Float32Array.of(100 * normal(rng)),
    roots: Int32Array.from({ length: trees }, (_, tree) => tree * 15),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
  };
  for (let node = 0; node < nodes; node++) {
    const inTree = node % 15;
    if (inTree >= 7) model.value[node] = normal(rng);
    else {
      model.feature[node] = Math.floor(rng() * width);
      model.threshold[node] = model.feature[node] < 2 ? 20 * rng() : 0.5;
      model.left[node] = node - inTree + 2 * inTree + 1;
      model.right[node] = node - inTree + 2 * inTree + 2;
      model.missingLeft[node] = rng() < 0.5 ? 1 : 0;
    }
  }
  return pipelineOf(encoding, model);
}

async function runOnnxruntime(bytes: Uint8Array, rows: Row[]): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(bytes);
  const feeds = Object.fromEntries(
    inputs.map(({ name, type }) => {
      const dims = [rows.length, 1];
      const values = rows.map((row) => row[name]);
      return type === 'number'
        ? [
            name,
            new ort.Tensor(
              'float32',
              values.map((x) => Number(x ?? Number.NaN)),
              dims,
            ),
          ]
        : [
            name,
            new ort.Tensor(
              'string',
              values.map((x) => String(x ?? '')),
              dims,
            ),
          ];
    }),
  );
  expect(session.inputNames).toEqual(inputs.map((input) => input.name));
  const { variable } = await session.run(feeds);
  expect(variable.dims).toEqual([rows.length, 1]);
  await session.release();
  return variable.data as Float32Array;
}

const load = (bytes: Uint8Array) => {
  const loaded = loadModel(bytes);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  return loaded.value;
};

for (const [name, modelOf] of [
  ['a linear model', randomLinear],
  ['trees', (rng: Rng, table: Table) => randomTrees(rng, table, 40)],
] as const)
  test(`${name}: trainer, our runtime and onnxruntime give the same answers, missing and unknown values included`, async () => {
    const rng = createRng(7);
    const table = randomTable(rng, 500);
    const model = modelOf(rng, table);
    const rows = Array.from({ length: table.rows }, (_, i) => rowAt(table, i));
    const bytes = exported(model);
    const trainer = predictPipeline(model, table);
    const ours = load(bytes).predict(rows);
    const theirs = await runOnnxruntime(bytes, rows);
    for (let i = 0; i < rows.length; i++) {
      const scale = Math.max(1, Math.abs(theirs[i]));
      expect(Math.abs(ours[i] - theirs[i]) / scale).toBeLessThan(1e-5);
      expect(Math.abs(trainer[i] - ours[i]) / scale).toBeLessThan(1e-5);
    }
  });

test('the same model gives the same bytes', () => {
  const rng = createRng(3);
  const table = randomTable(rng, 10);
  const model = randomTrees(rng, table, 2);
  expect(exported(model)).toEqual(exported(structuredClone(model)));
});

test('bytes that are cut or changed are refused or answer, and never throw', () => {
  const rng = createRng(5);
  const bytes = exported(randomTrees(rng, randomTable(rng, 10), 3));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), (at, byte, isCut) => {
      const broken = isCut ? bytes.slice(0, at) : bytes.slice();
      if (!isCut) broken[at] = byte;
      const loaded = loadModel(broken);
      if (!loaded.ok) expect(loaded.error.detail.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});
