import { Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../shared/core/rng.ts';
import {
  type Attribute,
  encodeModel,
  floatAttribute,
  floatsAttribute,
  type Graph,
  intAttribute,
  intsAttribute,
  type Node,
  stringAttribute,
  stringsAttribute,
  tensorInfo,
} from '../../shared/onnx/graph.ts';
import { adoptModel } from '../../shared/onnx/rewrite/adopt-model.ts';
import { removeZipMap } from '../../shared/onnx/rewrite/remove-zip-map.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import { greatestError, labelsOf } from '../support/onnx-judges.ts';
import { runTensors } from '../support/onnxruntime.ts';

const COLUMNS = ['age', 'income', 'debt'];
const ROWS = 64;

const ml = (opType: string, input: string[], output: string[], attribute: Attribute[]): Node => ({
  ...{ opType, domain: 'ai.onnx.ml', input, output, attribute },
});

/** Whole and half numbers, so that thresholds are met exactly; some missing. */
function randomRows(rng: Rng, hasMissing: boolean): Float32Array {
  return Float32Array.from({ length: ROWS * COLUMNS.length }, () =>
    hasMissing && rng() < 0.15 ? Number.NaN : Math.round(8 * normal(rng)) / 2,
  );
}

type Leaves = { prefix: 'class' | 'target'; outputs: number[]; weightOf(rng: Rng): number };

/** Full trees of depth 3 as the converters number them: parents before children, from 0 in each. */
function treeAttributes(rng: Rng, trees: number, mode: string, leaves: Leaves[]): Attribute[] {
  const lists: Record<string, number[]> = {};
  const push = (name: string, value: number) => {
    lists[name] = [...(lists[name] ?? []), value];
  };
  const modes: string[] = [];
  for (let tree = 0; tree < trees; tree++)
    for (let node = 0; node < 15; node++) {
      const isLeaf = node >= 7;
      modes.push(isLeaf ? 'LEAF' : mode);
      push('nodes_treeids', tree);
      push('nodes_nodeids', node);
      push('nodes_featureids', isLeaf ? 0 : Math.floor(rng() * COLUMNS.length));
      push('nodes_truenodeids', isLeaf ? 0 : 2 * node + 1);
      push('nodes_falsenodeids', isLeaf ? 0 : 2 * node + 2);
      push('nodes_missing_value_tracks_true', !isLeaf && rng() < 0.5 ? 1 : 0);
      const values = `${leaves[0].prefix}_weights`;
      push('nodes_values', isLeaf ? 0 : Math.round(4 * normal(rng)) / 2);
      if (!isLeaf) continue;
      const { prefix, outputs, weightOf } = leaves[tree % leaves.length];
      for (const output of outputs) {
        push(`${prefix}_treeids`, tree);
        push(`${prefix}_nodeids`, node);
        push(`${prefix}_ids`, output);
        push(values, weightOf(rng));
      }
    }
  return [
    stringsAttribute('nodes_modes', modes),
    ...Object.entries(lists).map(([name, list]) =>
      /values|weights/.test(name) ? floatsAttribute(name, list) : intsAttribute(name, list),
    ),
  ];
}

const zipMap = (labels: Attribute): Node =>
  ml('ZipMap', ['scores'], ['output_probability'], [labels]);

/** A classifier's file as skl2onnx ends it: a label, and a list of dictionaries. */
function classifierFile(nodes: Node[], labels: Attribute): Uint8Array {
  const isText = labels.name === 'classlabels_strings';
  const sequence = tensorInfo('output_probability', 'float', null);
  return encodeModel({
    name: 'converted',
    nodes: [...nodes, zipMap(labels)],
    inputs: [tensorInfo('float_input', 'float', COLUMNS.length)],
    outputs: [
      tensorInfo('label', isText ? 'string' : 'int64', null),
      { ...sequence, type: undefined },
    ],
  });
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

const NAMES = ['low', 'middle', 'high'];
const texts = (count: number) => stringsAttribute('classlabels_strings', NAMES.slice(0, count));
const integers = (count: number) =>
  intsAttribute(
    'classlabels_int64s',
    NAMES.slice(0, count).map((_, i) => i),
  );

const trees = (input: string, attributes: Attribute[]) =>
  ml('TreeEnsembleClassifier', [input], ['label', 'scores'], attributes);

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

/** A pipeline of scikit-learn: imputer, scaler, logistic regression, in the converter's shape. */
function logisticPipeline(rng: Rng, classes: number): Uint8Array {
  const numbers = (length: number) => Array.from({ length }, () => normal(rng));
  const weights = numbers(COLUMNS.length * (classes === 2 ? 1 : classes));
  const intercepts = numbers(classes === 2 ? 1 : classes);
  const both = (values: number[]) =>
    classes === 2 ? [...values.map((x) => -x), ...values] : values;
  return classifierFile(
    [
      ml(
        'Imputer',
        ['float_input'],
        ['imputed'],
        [
          floatsAttribute('imputed_value_floats', [1, 2, 3]),
          floatAttribute('replaced_value_float', Number.NaN),
        ],
      ),
      ml(
        'Scaler',
        ['imputed'],
        ['scaled'],
        [floatsAttribute('offset', [0.5, 1, -1]), floatsAttribute('scale', [0.25, 1.5, 2])],
      ),
      ml(
        'LinearClassifier',
        ['scaled'],
        ['label', 'raw'],
        [
          texts(classes),
          floatsAttribute('coefficients', both(weights)),
          floatsAttribute('intercepts', both(intercepts)),
          intAttribute('multi_class', 1),
          stringAttribute('post_transform', classes === 2 ? 'LOGISTIC' : 'SOFTMAX'),
        ],
      ),
      ml('Normalizer', ['raw'], ['scores'], [stringAttribute('norm', 'L1')]),
    ],
    texts(classes),
  );
}

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

test('a model without a ZipMap keeps its bytes', () => {
  const node = ml('Normalizer', ['float_input'], ['variable'], []);
  const bytes = file([node], [tensorInfo('variable', 'float', 3)]);
  expect(removeZipMap(bytes)).toEqual({ ok: true, value: bytes });
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
