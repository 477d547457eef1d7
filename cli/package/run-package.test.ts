import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  encodeModel,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  type Node,
  stringAttribute,
  tensorInfo,
} from '../../shared/onnx/graph.ts';
import { loadModel } from '../../shared/onnx/runtime/load-model.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';
import { readVersionFolder } from '../version-folder.ts';

let folder: TestFolder;
beforeEach(async () => {
  folder = createTestFolder();
  folder.write(
    'rows.csv',
    rowsOf((row) => (row % 3 === 0 ? 'gone' : 'here')),
  );
});
afterEach(() => folder.remove());

const ROWS = 60;
const rowsOf = (outcome: (row: number) => string | number) =>
  [
    'months,spend,left',
    ...Array.from({ length: ROWS }, (_, row) => `${row % 12},${row / 2},${outcome(row)}`),
  ].join('\n');

const declare = (...more: string[]) =>
  folder.edgewise(
    ...['declare', 'rows.csv', '--target', 'left', '--id', 'leaving', '--out', 'leaving.json'],
    ...['--json', ...more],
  );
const pack = (file = 'model.onnx', ...more: string[]) =>
  folder.edgewise(
    ...['package', file, '--use-case', 'leaving.json', '--data', 'rows.csv'],
    ...['--version', '1.0.0', '--out', 'made', '--json', ...more],
  );
const manifest = () => JSON.parse(folder.read('made/manifest.json'));

/** The probability of class 1 grows with months; in the converters' shape, labels and ZipMap included. */
function classifier(labels: readonly [number, number] = [0, 1], signs = [-1, 1]): Uint8Array {
  const ml = (opType: string, input: string[], output: string[], attribute: Node['attribute']) => ({
    ...{ opType, domain: 'ai.onnx.ml', input, output, attribute },
  });
  const classes = intsAttribute('classlabels_ints', labels);
  const nodes = [
    ml(
      'LinearClassifier',
      ['float_input'],
      ['label', 'scores'],
      [
        classes,
        floatsAttribute(
          'coefficients',
          signs.flatMap((sign) => [sign, 0]),
        ),
        floatsAttribute(
          'intercepts',
          signs.map((sign) => -5.5 * sign),
        ),
        intAttribute('multi_class', 1),
        stringAttribute('post_transform', 'LOGISTIC'),
      ],
    ),
    ml('ZipMap', ['scores'], ['output_probability'], [intsAttribute('classlabels_int64s', labels)]),
  ];
  return encodeModel({
    ...{ name: 'converted', nodes },
    inputs: [tensorInfo('float_input', 'float', 2)],
    outputs: [
      tensorInfo('label', 'int64', null),
      { ...tensorInfo('output_probability', 'float', null), type: undefined },
    ],
  });
}

/** Answers of the packaged file at few and at many months. */
function probabilities(): number[] {
  const [file] = manifest().files.filter(({ role }: { role: string }) => role === 'model');
  expect(file.sizeBytes).toBeGreaterThan(0);
  const loaded = loadModel(folder.readBytes('made/model.onnx'));
  if (!loaded.ok) throw new Error(loaded.error.detail);
  const rows = [0, 11].map((months) => ({ months, spend: 1 }));
  const values = loaded.value.predict(rows);
  return [values[1], values[3]];
}

test("a converter's classifier becomes a whole version: a ZipMap less, columns by name, figures measured", async () => {
  await declare('--positive', 'gone');
  folder.write('model.onnx', classifier());
  const { exitCode, report, stderr } = await pack();
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('without WebAssembly')]);
  expect(report).toMatchObject({
    ...{ task: 'binary', useCase: 'leaving', version: '1.0.0', runtime: 'own' },
    metrics: { crossValidation: { rows: ROWS, roc_auc: expect.any(Number) } },
  });
  const read = await readVersionFolder(`${folder.path}/made`);
  expect(read.ok && read.value.manifest.interval).toBeNull();
  expect(manifest().lineage).toMatchObject({ rows: ROWS, source: 'file' });
  const [few, many] = probabilities();
  expect(few).toBeLessThan(0.01);
  expect(many).toBeGreaterThan(0.99);
});

test('probabilities whose first is of the positive class are turned', async () => {
  await declare('--positive', 'gone');
  folder.write('model.onnx', classifier([1, 0], [1, -1]));
  const { stderr } = await pack();
  expect(stderr).toContain('turned');
  const [few, many] = probabilities();
  expect(few).toBeLessThan(0.01);
  expect(many).toBeGreaterThan(0.99);
});

test('what fit left can be published: its graph is packaged under a declaration', async () => {
  folder.write(
    'rows.csv',
    rowsOf((row) => 3 * (row % 12) + row / 4),
  );
  await declare();
  await folder.edgewise(
    ...['fit', 'rows.csv', '--target', 'left', '--task', 'regression', '--algorithm', 'ridge'],
    ...['--out', 'fitted', '--json'],
  );
  folder.write('model.onnx', folder.readBytes('fitted/model.onnx'));
  const { exitCode, report } = await pack();
  expect(exitCode).toBe(0);
  expect(report.metrics.crossValidation.r2).toBeGreaterThan(0.99);
  expect(manifest().interval).toMatchObject({ level: 0.9 });
  // A file of ours keeps its bytes, and so its hash.
  expect(folder.readBytes('made/model.onnx')).toEqual(folder.readBytes('model.onnx'));
});

test.each([
  ['a matrix of other width', ['--columns', 'months'], 'it has no input spend'],
  ['a column that nobody declared', ['--columns', 'months,age'], 'age is not declared'],
])('%s is refused by name', async (_, more, why) => {
  await declare('--positive', 'gone');
  folder.write('model.onnx', classifier());
  const { exitCode, stderr } = await pack('model.onnx', ...more);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(why);
});

test('a model that answers no number where an input may be missing is refused with the row', async () => {
  folder.write(
    'rows.csv',
    rowsOf((row) => (row % 3 === 0 ? 'gone' : 'here')).replace('11,5.5', ',5.5'),
  );
  await declare('--positive', 'gone');
  folder.write('model.onnx', classifier());
  const { exitCode, stderr } = await pack();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/answers no number to row 12\. Declare missing values as `reject`/);
});

/** One dense layer as tfjs saves it: two inputs, one sigmoid that grows with the first. */
function writeTfjs(weights: readonly number[], shape = [null, 2]): void {
  const layer = {
    ...{ units: 1, activation: 'sigmoid', use_bias: true, name: 'd', dtype: 'float32' },
    ...{ trainable: true, batch_input_shape: shape },
  };
  const layers = [{ class_name: 'Dense', config: layer }];
  const [paths, dtype] = [['group1-shard1of1.bin'], 'float32'];
  const specs = [
    { name: 'd/kernel', shape: [shape[1], 1], dtype },
    { name: 'd/bias', shape: [1], dtype },
  ];
  folder.write(
    'model.json',
    JSON.stringify({
      format: 'layers-model',
      modelTopology: { class_name: 'Sequential', config: { name: 'linear', layers } },
      weightsManifest: [{ paths, weights: specs }],
    }),
  );
  folder.write('group1-shard1of1.bin', new Uint8Array(Float32Array.from(weights).buffer));
}

test('a tfjs model becomes a version: one file of topology and weights, measured and probed on tfjs', async () => {
  await declare('--positive', 'gone');
  writeTfjs([1, 0, -5.5]);
  const { exitCode, report } = await pack('model.json');
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ runtime: 'tfjs', metrics: { crossValidation: { rows: ROWS } } });
  expect(manifest().format).toBe('tfjs');
  const probe = JSON.parse(folder.read('made/probe.json')).rows[11];
  expect(probe.value).toBeCloseTo(1 / (1 + Math.exp(5.5 - probe.row.months)), 5);
});

test('inputs weigh by the declared objective, of one probability a row too', async () => {
  folder.write(
    'rows.csv',
    rowsOf((row) => (row % 12 > 5 ? 'gone' : 'here')),
  );
  await declare('--positive', 'gone');
  const declared = JSON.parse(folder.read('leaving.json'));
  folder.write('leaving.json', JSON.stringify({ ...declared, objective: 'brier' }));
  writeTfjs([1, 0, -5.5]);
  expect((await pack('model.json')).exitCode).toBe(0);
  expect(manifest().importance).toEqual({ months: 1, spend: 0 });
});

test.each([
  ['weights that are not all there', [1, 0], [null, 2], 'take 12 bytes, its shards hold 8'],
  ['another number of inputs', [1, 0, 0, 0], [null, 3], 'encode to [rows, 2]'],
])('a tfjs model of %s is refused by its reason', async (_, weights, shape, why) => {
  await declare('--positive', 'gone');
  writeTfjs(weights, shape as [null, number]);
  const { exitCode, stderr } = await pack('model.json');
  expect(exitCode).toBe(1);
  expect(stderr).toContain(why);
});

test('a tfjs model that is not whole is refused by its files, with what to do', async () => {
  await declare('--positive', 'gone');
  writeTfjs([1, 0, -5.5]);
  const json = JSON.parse(folder.read('model.json'));
  json.weightsManifest[0].paths = ['shards/one.bin'];
  folder.write('model.json', JSON.stringify(json));
  const { exitCode, stderr } = await pack('model.json');
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    `${folder.path}/shards/one.bin cannot be read: it is not there. ${folder.path}/model.json names it. Copy the whole folder`,
  );
  for (const [text, why] of [
    ['{"format":"layers-model"', 'the whole: Invalid JSON'],
    ['{}', 'modelTopology: '],
  ]) {
    folder.write('model.json', text);
    expect((await pack('model.json')).stderr).toContain(
      `${folder.path}/model.json is not the model.json of a tfjs model: ${why}`,
    );
  }
});

test('--columns is refused where it would say nothing', async () => {
  await declare('--positive', 'gone');
  writeTfjs([1, 0, -5.5]);
  const tfjs = await pack('model.json', '--columns', 'months,spend');
  expect([tfjs.exitCode, tfjs.stderr]).toEqual([2, expect.stringContaining('leave out --columns')]);
  await folder.edgewise(
    ...['fit', 'rows.csv', '--target', 'left', '--task', 'binary', '--algorithm', 'decision-tree'],
    ...['--out', 'fitted', '--json'],
  );
  const named = await pack('fitted/model.onnx', '--columns', 'spend,months');
  expect([named.exitCode, named.stderr]).toEqual([1, expect.stringContaining('leave it out')]);
});

test('a classifier is no regression, and numbers are no probabilities', async () => {
  folder.write(
    'rows.csv',
    rowsOf((row) => 3 * (row % 12) + row / 4),
  );
  await declare();
  folder.write('model.onnx', classifier());
  expect((await pack()).stderr).toContain('answers 2 numbers a row, and a regression one');
  await folder.edgewise(
    ...['fit', 'rows.csv', '--target', 'left', '--task', 'regression', '--algorithm', 'ridge'],
    ...['--out', 'fitted', '--json'],
  );
  folder.write('model.onnx', folder.readBytes('fitted/model.onnx'));
  folder.write(
    'rows.csv',
    rowsOf((row) => (row % 3 === 0 ? 'gone' : 'here')),
  );
  await declare('--positive', 'gone');
  expect((await pack()).stderr).toContain('which is no probability');
});

test('labels that are not the declared classes are refused', async () => {
  await declare('--positive', 'gone');
  folder.write('model.onnx', classifier([3, 7]));
  expect((await pack()).stderr).toContain('are not here and gone');
});

test('a file that is no model, and one that is not there, are refused', async () => {
  await declare('--positive', 'gone');
  expect((await pack()).stderr).toContain('model.onnx cannot be read: it is not there.');
  folder.write('model.onnx', 'no model at all');
  expect((await pack()).stderr).toContain('it is no ONNX file, or a damaged one');
});
