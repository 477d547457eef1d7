import { Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { encodeModel, intAttribute, stringAttribute, tensorInfo } from '../../shared/onnx/graph.ts';
import { adoptModel } from '../../shared/onnx/rewrite/adopt-model.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import {
  COLUMNS,
  classifierFile,
  integers,
  type Leaves,
  logisticPipeline,
  treeAttributes,
  trees,
} from '../support/converter-files.ts';
import { greatestError } from '../support/onnx-judges.ts';
import { runTensors } from '../support/onnxruntime.ts';

test('an adopted model takes columns by name and answers label and probabilities', () => {
  const rng = createRng(13);
  const adopted = adoptModel(logisticPipeline(rng, 3), { columns: COLUMNS });
  if (!adopted.ok) throw new Error(adopted.error.detail);
  const loaded = loadModel(adopted.value);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  expect(loaded.value.inputs).toEqual(
    COLUMNS.map((name) => ({ name, type: 'number', columns: 1 })),
  );
  expect(loaded.value.outputs).toEqual(['label', 'probabilities']);
  const shares = loaded.value.predict([{ age: 1, income: null, debt: 3 }]);
  expect(shares).toHaveLength(3);
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
});

test('integer labels of an adopted model become text, and its file still runs in onnxruntime', async () => {
  const rng = createRng(14);
  const leaves: Leaves = { prefix: 'class', outputs: [0], weightOf: normal };
  const node = trees('float_input', [
    integers(2),
    stringAttribute('post_transform', 'LOGISTIC'),
    ...treeAttributes(rng, 4, 'BRANCH_LEQ', [leaves]),
  ]);
  const adopted = adoptModel(classifierFile([node], integers(2)), { columns: COLUMNS });
  if (!adopted.ok) throw new Error(adopted.error.detail);
  const feeds = COLUMNS.map((name) => [name, new OrtTensor('float32', [1, 2], [2, 1])]);
  const { label } = await runTensors(adopted.value, Object.fromEntries(feeds));
  expect(label.data).toEqual(expect.arrayContaining([expect.stringMatching(/^[01]$/)]));
});

test('a matrix without names for its columns is refused by its name', () => {
  expect(adoptModel(logisticPipeline(createRng(15), 2))).toMatchObject({
    error: { reason: 'unsupported_signature', detail: expect.stringContaining('float_input') },
  });
});

const FEEDS = { age: 1.5, income: -2, debt: 0.5 };

/** Answers of onnxruntime and of our own runtime to one row, which must agree. */
async function answersOf(
  bytes: Uint8Array,
): Promise<{ outputs: readonly string[]; values: number[] }> {
  const loaded = loadModel(bytes);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const ours = Array.from(loaded.value.predict([FEEDS]));
  const feeds = Object.entries(FEEDS).map(([name, x]) => [
    name,
    new OrtTensor('float32', [x], [1, 1]),
  ]);
  const theirs = await runTensors(bytes, Object.fromEntries(feeds));
  const values = theirs[loaded.value.output].data as Float32Array;
  expect(greatestError(Float32Array.from(ours), values)).toBeLessThan(1e-5);
  return { outputs: loaded.value.outputs, values: ours };
}

const adopted = (...call: Parameters<typeof adoptModel>): Uint8Array => {
  const result = adoptModel(...call);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};

test('a probability that comes alone, as of a network, is completed by its complement', async () => {
  const nodes = [
    { opType: 'ReduceSum', input: ['float_input', 'axes'], output: ['sum'] },
    { opType: 'Sigmoid', input: ['sum'], output: ['dense_1'] },
  ];
  const axes = { name: 'axes', dims: [1n], dataType: 7, int64Data: [1n] };
  const bytes = encodeModel({
    ...{ name: 'network', nodes, constants: [axes] },
    inputs: [tensorInfo('float_input', 'float', 3)],
    outputs: [tensorInfo('dense_1', 'float', 1)],
  });
  const { outputs, values } = await answersOf(adopted(bytes, { columns: COLUMNS, isBinary: true }));
  expect(outputs).toEqual(['probabilities']);
  expect(values[1]).toBeCloseTo(0.5, 6);
  expect(values[0] + values[1]).toBeCloseTo(1, 6);
});

test('classes that come the other way round change places', async () => {
  const given = logisticPipeline(createRng(21), 2);
  const { values } = await answersOf(adopted(given, { columns: COLUMNS }));
  const { values: turned } = await answersOf(
    adopted(given, { columns: COLUMNS, isTurned: true, isBinary: true }),
  );
  expect(turned).toEqual(values.toReversed());
});

test('a matrix of float64 is given as float32 columns, and cast', async () => {
  const nodes = [
    {
      opType: 'Cast',
      input: ['doubles'],
      output: ['floats'],
      attribute: [intAttribute('to', 1)],
    },
    { opType: 'ReduceSum', input: ['floats', 'axes'], output: ['output'] },
  ];
  const axes = { name: 'axes', dims: [1n], dataType: 7, int64Data: [1n] };
  const bytes = encodeModel({
    ...{ name: 'doubles', nodes, constants: [axes] },
    inputs: [tensorInfo('doubles', 'double', 3)],
    outputs: [tensorInfo('output', 'float', 1)],
  });
  const given = adopted(bytes, { columns: COLUMNS });
  const feeds = Object.entries(FEEDS).map(([name, x]) => [
    name,
    new OrtTensor('float32', [x], [1, 1]),
  ]);
  const { variable } = await runTensors(given, Object.fromEntries(feeds));
  expect(variable.data).toEqual(Float32Array.of(0));
});

test('whole numbers of a converter are given as float32 columns, and cast', async () => {
  const inputs = COLUMNS.map((name) => tensorInfo(name, 'int64', 1));
  const nodes = [
    { opType: 'Concat', input: COLUMNS, output: ['all'], attribute: [intAttribute('axis', 1)] },
    { opType: 'Cast', input: ['all'], output: ['floats'], attribute: [intAttribute('to', 1)] },
    { opType: 'ReduceSum', input: ['floats', 'axes'], output: ['output'] },
  ];
  const axes = { name: 'axes', dims: [1n], dataType: 7, int64Data: [1n] };
  const outputs = [tensorInfo('output', 'float', 1)];
  const given = adopted(encodeModel({ name: 'ints', nodes, constants: [axes], inputs, outputs }));
  const { values } = await answersOf(given);
  // 1.5 and 0.5 are cut to whole numbers, as int64 has none between.
  expect(values).toEqual([-1]);
});
