import '@tensorflow/tfjs-backend-wasm';
import { io, setBackend, type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import type { Input } from '../../contracts/declaration.ts';
import { encodeFeatures, featuresOf, rawColumns } from './encode-features.ts';
import { openTfjsModel } from './open-tfjs-model.ts';
import { readTfjsModel, type TfjsFolder } from './read-tfjs-model.ts';
import { decodeTfjsFile } from './tfjs-file.ts';

beforeAll(async () => {
  await setBackend('wasm');
});

const INPUTS: readonly Input[] = [
  { name: 'distance', label: 'Distance', type: 'number', range: [0, 100], missing: 'impute' },
  {
    ...{ name: 'weather', label: 'Weather', type: 'category', missing: 'impute' },
    categories: [
      { value: 'sun', label: 'Sun' },
      { value: 'rain', label: 'Rain' },
    ],
  },
];
const BASELINE = { distance: 5, weather: 'rain' };
const DECLARED = { inputs: INPUTS, baseline: BASELINE };
const ROWS = [
  { distance: 2, weather: 'sun' },
  { distance: null, weather: 'rain' },
  { distance: 7, weather: null },
  { distance: 1, weather: 'hail' },
];
const ENCODED = [2, 1, 0, 5, 0, 1, 7, 0, 1, 1, 0, 0];

test('numbers stand as they are, categories as one number each, the missing as the baseline says', () => {
  const features = featuresOf(INPUTS, BASELINE);
  expect([...encodeFeatures(features, rawColumns(features, ROWS))]).toEqual(ENCODED);
  const bare = featuresOf(INPUTS, {});
  expect([...encodeFeatures(bare, rawColumns(bare, ROWS)).subarray(3, 9)]).toEqual([
    0, 0, 1, 7, 0, 0,
  ]);
});

/** A layers model as `model.save` leaves it, its weights in two shards, and what it answers. */
async function savedLayers(
  outputs: number,
  inputs = 3,
): Promise<{ folder: TfjsFolder; answers: (rows: number) => Float32Array }> {
  const model = sequential();
  const kernelInitializer = initializers.glorotUniform({ seed: 4 });
  model.add(layers.dense({ units: 5, activation: 'elu', inputShape: [inputs], kernelInitializer }));
  model.add(layers.dense({ units: outputs, activation: 'sigmoid', kernelInitializer }));
  let saved: io.ModelArtifacts | null = null;
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  const { modelTopology, weightSpecs, weightData } = saved as unknown as io.ModelArtifacts;
  const bytes = new Uint8Array(weightData as ArrayBuffer);
  const modelJson = JSON.stringify({
    ...{ format: 'layers-model', modelTopology },
    weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights: weightSpecs }],
  });
  const shards = new Map([
    ['a.bin', bytes.slice(0, 30)],
    ['b.bin', bytes.slice(30)],
  ]);
  const answers = (rows: number) =>
    tidy(() =>
      Float32Array.from((model.predict(tensor2d(ENCODED, [rows, inputs])) as Tensor).dataSync()),
    );
  return { folder: { modelJson, shards }, answers };
}

test('a layers model in shards answers raw rows as tfjs answers encoded ones', async () => {
  const { folder, answers } = await savedLayers(1);
  const file = readTfjsModel(folder);
  if (!file.ok) throw new Error(file.error.detail);
  const opened = await openTfjsModel(file.value, DECLARED);
  if (!opened.ok) throw new Error(opened.error.detail);
  expect(opened.value.predict(ROWS)).toEqual(answers(4));
  expect(new Set(opened.value.predict(ROWS)).size).toBe(4);
  opened.value.dispose();
});

/** y = 2 distance + 3 sun + 4 rain, as a graph. */
function graphFolder(): TfjsFolder {
  const dims = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: String(size) })) });
  const [dtype, no] = [{ type: 'DT_FLOAT' }, { b: false }];
  const node = [
    { name: 'x', op: 'Placeholder', attr: { dtype, shape: { shape: dims(-1, 3) } } },
    {
      ...{ name: 'w', op: 'Const' },
      attr: { dtype, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: dims(3, 1) } } },
    },
    {
      ...{ name: 'y', op: 'MatMul', input: ['x', 'w'] },
      attr: { transpose_a: no, transpose_b: no, T: dtype },
    },
  ];
  const weights = [{ name: 'w', shape: [3, 1], dtype: 'float32' }];
  return {
    modelJson: JSON.stringify({
      ...{ format: 'graph-model', modelTopology: { node, versions: { producer: 27 } } },
      weightsManifest: [{ paths: ['w.bin'], weights }],
    }),
    shards: new Map([['w.bin', new Uint8Array(Float32Array.of(2, 3, 4).buffer)]]),
  };
}

test('a graph model answers raw rows', async () => {
  const file = readTfjsModel(graphFolder());
  if (!file.ok) throw new Error(file.error.detail);
  const opened = await openTfjsModel(file.value, DECLARED);
  if (!opened.ok) throw new Error(opened.error.detail);
  expect([...opened.value.predict(ROWS)]).toEqual([7, 14, 18, 2]);
  opened.value.dispose();
});

test('a missing or short shard is named', async () => {
  const { folder } = await savedLayers(1);
  const without = readTfjsModel({ ...folder, shards: new Map() });
  expect(without).toMatchObject({
    error: { reason: 'missing_weights', detail: 'there is no a.bin, b.bin' },
  });
  const short = new Map(folder.shards).set('b.bin', new Uint8Array(2));
  expect(readTfjsModel({ ...folder, shards: short })).toMatchObject({
    error: { detail: 'its weights take 104 bytes, its shards hold 32 (a.bin 30, b.bin 2)' },
  });
});

test('what is no model is refused, and a model of other inputs says what it takes', async () => {
  expect(readTfjsModel({ modelJson: '{}', shards: new Map() })).toMatchObject({
    error: { reason: 'not_a_tfjs_model' },
  });
  expect(decodeTfjsFile(Uint8Array.of(1, 2, 3))).toMatchObject({
    error: { reason: 'not_a_tfjs_model' },
  });
  const { folder } = await savedLayers(1, 4);
  const file = readTfjsModel(folder);
  if (!file.ok) throw new Error(file.error.detail);
  const opened = await openTfjsModel(file.value, DECLARED);
  expect(opened).toMatchObject({ error: { reason: 'unfit_shape' } });
  expect(JSON.stringify(opened)).toContain('the declared inputs encode to [rows, 3]');
});

test('a topology that tfjs cannot build is a problem, not a crash', async () => {
  const folder = graphFolder();
  const broken = { ...folder, modelJson: folder.modelJson.replace('graph-model', 'layers-model') };
  const file = readTfjsModel(broken);
  if (!file.ok) throw new Error(file.error.detail);
  expect(await openTfjsModel(file.value, DECLARED)).toMatchObject({
    error: {
      reason: 'not_a_tfjs_model',
      detail: expect.stringContaining('tfjs cannot build it: '),
    },
  });
});

test('a file of which an end is missing is refused, not opened with weights of 0', async () => {
  const { folder } = await savedLayers(1);
  const file = readTfjsModel(folder);
  if (!file.ok) throw new Error(file.error.detail);
  const { length } = file.value;
  expect(await openTfjsModel(file.value.slice(0, -8), DECLARED)).toMatchObject({
    error: {
      reason: 'not_a_tfjs_model',
      detail: `the model file is damaged, or of another version of edgewise (${length - 8} bytes, ${length} expected): package it again and publish that as a new version`,
    },
  });
});
