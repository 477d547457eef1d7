import { Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../shared/core/rng.ts';
import {
  encodeModel,
  floatsAttribute,
  type Graph,
  intAttribute,
  intsAttribute,
  type Node,
  stringAttribute,
  tensorInfo,
} from '../../shared/onnx/graph.ts';
import { removeZipMap } from '../../shared/onnx/rewrite/remove-zip-map.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import {
  COLUMNS,
  classifierFile,
  integers,
  type Leaves,
  logisticPipeline,
  ml,
  NAMES,
  ROWS,
  texts,
  treeAttributes,
  trees,
} from '../support/converter-files.ts';
import { greatestError, labelsOf } from '../support/onnx-judges.ts';
import { runTensors } from '../support/onnxruntime.ts';

/** Whole and half numbers, so that thresholds are met exactly; some missing. */
function randomRows(rng: Rng, hasMissing: boolean): Float32Array {
  return Float32Array.from({ length: ROWS * COLUMNS.length }, () =>
    hasMissing && rng() < 0.15 ? Number.NaN : Math.round(8 * normal(rng)) / 2,
  );
}

const file = (nodes: Node[], outputs: Graph['outputs']): Uint8Array =>
  encodeModel({
    ...{ name: 'converted', nodes, outputs },
    inputs: [tensorInfo('float_input', 'float', COLUMNS.length)],
  });

async function judge(given: Uint8Array, rows: Float32Array): Promise<void> {
  const cut = removeZipMap(given);
  if (!cut.ok) throw new Error(cut.error.detail);
  const dims = [ROWS, COLUMNS.length];
  const theirs = await runTensors(cut.value, { float_input: new OrtTensor('float32', rows, dims) });
  const loaded = loadModel(cut.value);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const ours = loaded.value.runAll({ float_input: { type: 'float', dims, data: rows } });
  for (const [name, { dims: shape, data }] of Object.entries(theirs)) {
    expect([name, ours[name].dims]).toEqual([name, shape]);
    if (data instanceof Float32Array)
      expect(greatestError(ours[name].data as Float32Array, data)).toBeLessThan(1e-5);
    else expect(Array.from(ours[name].data, String)).toEqual(Array.from(data as never[], String));
  }
}

test.each(['BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE'])(
  'an XGBoost or scikit-learn regressor that branches by %s runs, thresholds and missing values included',
  async (mode) => {
    const rng = createRng(3);
    const leaves: Leaves = { prefix: 'target', outputs: [0], weightOf: normal };
    const node = ml(
      'TreeEnsembleRegressor',
      ['float_input'],
      ['variable'],
      [
        intAttribute('n_targets', 1),
        floatsAttribute('base_values', [0.5]),
        ...treeAttributes(rng, 9, mode, [leaves]),
      ],
    );
    await judge(file([node], [tensorInfo('variable', 'float', 1)]), randomRows(rng, true));
  },
);

test('a scikit-learn forest that averages several targets runs', async () => {
  const rng = createRng(4);
  const leaves: Leaves = { prefix: 'target', outputs: [0, 1], weightOf: normal };
  const attributes = [
    intAttribute('n_targets', 2),
    stringAttribute('aggregate_function', 'AVERAGE'),
    ...treeAttributes(rng, 10, 'BRANCH_LEQ', [leaves]),
  ];
  const node = ml('TreeEnsembleRegressor', ['float_input'], ['variable'], attributes);
  await judge(file([node], [tensorInfo('variable', 'float', 2)]), randomRows(rng, false));
});

test.each([0, 1])(
  'a LightGBM or XGBoost classifier of two classes whose leaves name class %i runs',
  async (output) => {
    const rng = createRng(5);
    const leaves: Leaves = { prefix: 'class', outputs: [output], weightOf: normal };
    const node = trees('float_input', [
      texts(2),
      stringAttribute('post_transform', 'LOGISTIC'),
      ...treeAttributes(rng, 8, 'BRANCH_LEQ', [leaves]),
    ]);
    await judge(classifierFile([node], texts(2)), randomRows(rng, true));
  },
);

test('a gradient boosting classifier with a base value of its own runs', async () => {
  const rng = createRng(6);
  const leaves: Leaves = { prefix: 'class', outputs: [0], weightOf: normal };
  const node = trees('float_input', [
    integers(2),
    floatsAttribute('base_values', [-0.75]),
    stringAttribute('post_transform', 'LOGISTIC'),
    ...treeAttributes(rng, 8, 'BRANCH_LT', [leaves]),
  ]);
  await judge(classifierFile([node], integers(2)), randomRows(rng, true));
});

test.each(['SOFTMAX', 'LOGISTIC', 'NONE'])(
  'a classifier of three classes through %s runs',
  async (link) => {
    const rng = createRng(7);
    const leaves = [0, 1, 2].map(
      (k): Leaves => ({ prefix: 'class', outputs: [k], weightOf: normal }),
    );
    const node = trees('float_input', [
      integers(3),
      floatsAttribute('base_values', [0.1, -0.2, 0.3]),
      stringAttribute('post_transform', link),
      ...treeAttributes(rng, 9, 'BRANCH_LEQ', leaves),
    ]);
    await judge(classifierFile([node], integers(3)), randomRows(rng, true));
  },
);

test.each(['NONE', 'LOGISTIC', 'SOFTMAX'])(
  'two classes of which leaves name one answer as onnxruntime does, by %s',
  async (link) => {
    for (const output of [0, 1])
      for (const base of [[], [0.25]])
        for (const weightOf of [normal, (random: Rng) => random() / 8]) {
          const rng = createRng(16);
          const node = trees('float_input', [
            integers(2),
            floatsAttribute('base_values', base),
            stringAttribute('post_transform', link),
            ...treeAttributes(rng, 8, 'BRANCH_LEQ', [
              { prefix: 'class', outputs: [output], weightOf },
            ]),
          ]);
          await judge(classifierFile([node], integers(2)), randomRows(rng, true));
        }
  },
);

test('a scikit-learn forest of three classes with a share per leaf and class runs', async () => {
  const rng = createRng(8);
  const leaves: Leaves = {
    prefix: 'class',
    outputs: [0, 1, 2],
    weightOf: (random) => random() / 10,
  };
  const node = trees('float_input', [texts(3), ...treeAttributes(rng, 10, 'BRANCH_LEQ', [leaves])]);
  await judge(classifierFile([node], texts(3)), randomRows(rng, false));
});

test('two classes that leaves name both have the scores of onnxruntime, and the label of the greater', async () => {
  const rng = createRng(8);
  const leaves: Leaves = { prefix: 'class', outputs: [0, 1], weightOf: (random) => random() / 10 };
  const node = trees('float_input', [texts(2), ...treeAttributes(rng, 10, 'BRANCH_LEQ', [leaves])]);
  const cut = removeZipMap(classifierFile([node], texts(2)));
  if (!cut.ok) throw new Error(cut.error.detail);
  const rows = randomRows(rng, false);
  const dims = [ROWS, COLUMNS.length];
  const theirs = await runTensors(cut.value, { float_input: new OrtTensor('float32', rows, dims) });
  const loaded = loadModel(cut.value);
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const feeds = { float_input: { type: 'float', dims, data: rows } } as const;
  const { label, output_probability } = loaded.value.runAll(feeds);
  const scores = output_probability.data as Float32Array;
  expect(greatestError(scores, theirs.output_probability.data as Float32Array)).toBeLessThan(1e-5);
  expect(label.data).toEqual(labelsOf(scores, NAMES.slice(0, 2)));
});

test('a single tree of two classes, whose leaves hold the share of one, runs', async () => {
  const rng = createRng(9);
  const leaves: Leaves = { prefix: 'class', outputs: [1], weightOf: (random) => random() };
  const node = trees('float_input', [texts(2), ...treeAttributes(rng, 1, 'BRANCH_LEQ', [leaves])]);
  await judge(classifierFile([node], texts(2)), randomRows(rng, false));
});

test.each([2, 3])(
  'a scikit-learn pipeline that ends in a logistic regression of %i classes runs',
  async (classes) => {
    const rng = createRng(10);
    await judge(logisticPipeline(rng, classes), randomRows(rng, true));
  },
);

test.each(['MAX', 'L1', 'L2'])(
  'rows are divided by their %s norm, rows of zeros included',
  async (norm) => {
    const rows = randomRows(createRng(11), false).fill(0, 0, 6);
    const node = ml('Normalizer', ['float_input'], ['variable'], [stringAttribute('norm', norm)]);
    await judge(file([node], [tensorInfo('variable', 'float', COLUMNS.length)]), rows);
  },
);

test('columns that a converter takes apart and puts together again run', async () => {
  const rng = createRng(12);
  const constant = (name: string, values: number[]) => ({
    name,
    dims: [BigInt(values.length)],
    dataType: 7,
    int64Data: values.map(BigInt),
  });
  const bytes = encodeModel({
    name: 'columns',
    nodes: [
      ml('ArrayFeatureExtractor', ['float_input', 'firsts'], ['taken'], []),
      { opType: 'Reshape', input: ['taken', 'shape'], output: ['reshaped'] },
      {
        opType: 'Cast',
        input: ['reshaped'],
        output: ['whole'],
        attribute: [intAttribute('to', 7)],
      },
      ml(
        'OneHotEncoder',
        ['whole'],
        ['hot'],
        [intsAttribute('cats_int64s', [-1, 0, 1]), intAttribute('zeros', 1)],
      ),
      { opType: 'Reshape', input: ['hot', 'flat'], output: ['variable'] },
    ],
    constants: [constant('firsts', [2, 0]), constant('shape', [-1, 2]), constant('flat', [-1, 6])],
    inputs: [tensorInfo('float_input', 'float', COLUMNS.length)],
    outputs: [tensorInfo('variable', 'float', 6)],
  });
  await judge(bytes, randomRows(rng, false));
});

test('a model without a ZipMap keeps its bytes', () => {
  const node = ml('Normalizer', ['float_input'], ['variable'], []);
  const bytes = file([node], [tensorInfo('variable', 'float', 3)]);
  expect(removeZipMap(bytes)).toEqual({ ok: true, value: bytes });
});
