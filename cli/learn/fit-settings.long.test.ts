import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;

type Row = { x: number; noise: number; kind: string; shop: number; day: number };

/** Numbers of which one tells, gaps, a category, a group and a time. */
function csv(target: (row: Row) => string | number, rows = 120): string {
  const rng = createRng(5);
  const lines = Array.from({ length: rows }, (_, i) => {
    const row = {
      ...{ x: 10 * rng(), noise: rng(), kind: ['red', 'green', 'blue'][i % 3] },
      ...{ shop: i % 12, day: (i * 37) % rows },
    };
    const day = new Date(Date.UTC(2026, 0, 1 + row.day)).toISOString().slice(0, 10);
    const x = i % 11 === 0 ? '?' : row.x.toFixed(3);
    return `${x},${row.noise.toFixed(3)},${row.kind},shop ${row.shop},${day},${target(row)}`;
  });
  return ['x,noise,kind,shop,day,y', ...lines].join('\n');
}

beforeAll(() => {
  folder = createTestFolder();
  folder.write(
    'size.csv',
    csv(({ x, kind }) => (3 * x + (kind === 'red' ? 5 : 0)).toFixed(3)),
  );
  folder.write(
    'class.csv',
    csv(({ x, noise }) => (x + noise > 5 ? 'yes' : 'no')),
  );
});
afterAll(() => folder.remove());

type Asked = { task?: string; out?: string; more?: readonly string[] };

/** Classes are asked of class.csv, numbers of size.csv. */
function fitBy(settings: unknown, { task = 'regression', out = 'model', more = [] }: Asked = {}) {
  const file = task === 'regression' ? 'size.csv' : 'class.csv';
  const text = typeof settings === 'string' ? settings : JSON.stringify(settings);
  return folder.edgewise(
    ...['fit', file, '--target', 'y', '--task', task, '--out', out, '--json'],
    ...['--settings', text, ...more],
  );
}

const manifestIn = (out: string) => JSON.parse(folder.read(`${out}/manifest.json`));

test('parameters and recipe are fitted, and stand in the manifest, which fits the same bytes again', async () => {
  const settings = {
    algorithm: 'quantile-boosting',
    parameters: { quantile: 0.9, maxIter: 12, monotoneConstraints: { x: 1 } },
    recipe: { encode: 'target', impute: 'mean', winsorise: 'iqr' },
    split: 'random',
  };
  const { exitCode, report } = await fitBy(settings, { out: 'first' });
  expect(exitCode).toBe(0);
  expect(report.metrics.test).toMatchObject({ quantile: 0.9, pinball: expect.any(Number) });
  const manifest = manifestIn('first');
  expect(manifest.settings).toMatchObject(settings);
  expect(manifest.settings.parameters.learningRate).toBe(0.1);
  expect(manifest.members[0].parameters.quantile).toBe(0.9);
  const again = await fitBy('first/manifest.json', { out: 'again' });
  expect(again.exitCode).toBe(0);
  expect(folder.readBytes('again/model.onnx')).toEqual(folder.readBytes('first/model.onnx'));
  expect(manifestIn('again').settings).toEqual(manifest.settings);
});

test.each<[string, unknown, RegExp]>([
  [
    'a level above 1',
    { algorithm: 'quantile-boosting', parameters: { quantile: 1.5 } },
    /quantile: expected a number above 0 and below 1, found 1.5/,
  ],
  [
    'an unknown name',
    { algorithm: 'ridge', parameters: { alfa: 1 } },
    /ridge has no such setting; the nearest are alpha/,
  ],
  [
    'a column that the file lacks',
    { algorithm: 'hist-gradient-boosting', parameters: { monotoneConstraints: { z: 1 } } },
    /monotoneConstraints.z: the file has no such number column; the nearest are x/,
  ],
  [
    'a group column that the file lacks',
    { algorithm: 'ridge', split: 'group:store' },
    /a column named "store"/,
  ],
  [
    'a split by classes of numbers',
    { algorithm: 'ridge', split: 'stratified' },
    /holds out of each class alike, and a regression has none/,
  ],
  ['text that is no JSON', '{"algorithm": ', /--settings is no JSON/],
  ['no such file', 'nowhere.json', /There is no file nowhere.json/],
  [
    'what the command line says otherwise',
    { ensemble: { type: 'voting', members: [{ algorithm: 'lasso' }] } },
    /the command line names one algorithm, ridge/,
  ],
])('%s is refused', async (what, settings, told) => {
  const more = what.startsWith('what') ? ['--algorithm', 'ridge'] : [];
  const { exitCode, report } = await fitBy(settings, { more });
  expect(exitCode).toBeGreaterThan(0);
  expect(JSON.stringify(report.error).replaceAll('\\"', '"')).toMatch(told);
});

const LINES = { algorithm: 'logistic-regression' };
const TREE = { algorithm: 'decision-tree', parameters: { maxDepth: 3 } };

test.each<[string, Record<string, unknown>]>([
  ['voting', { voting: 'soft', weights: [2, 1], members: [LINES, TREE] }],
  ['voting', { voting: 'hard', members: [LINES, TREE, { ...TREE, seed: 4 }] }],
  ['bagging', { nEstimators: 3, maxSamples: 0.7, members: [TREE] }],
  [
    'stacking',
    { folds: 3, members: [LINES, { ensemble: { type: 'voting', members: [TREE, LINES] } }] },
  ],
  ['blending', { holdOut: 0.3, members: [LINES, TREE] }],
  ['model-averaging', { folds: 3, members: [LINES, TREE] }],
  ['dynamic-selection', { folds: 3, members: [LINES, TREE] }],
])('an ensemble by %s is fitted, measured, and has a graph', async (type, rest) => {
  const { exitCode, report, stderr } = await fitBy(
    { ensemble: { type, ...rest } },
    { task: 'binary', out: 'joined' },
  );
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('Fitted')]);
  expect(report.metrics.test.roc_auc).toBeGreaterThan(0.8);
  expect(report.files.onnx).not.toBeNull();
  expect(report.members.length).toBeGreaterThan(0);
  expect(manifestIn('joined').settings.ensemble).toMatchObject({ type });
  if (type !== 'stacking') return;
  await folder.edgewise('predict', 'joined', '--data', 'class.csv', '--out', 'p.csv');
  const [, ...lines] = folder.read('p.csv').trimEnd().split('\n');
  expect(lines).toHaveLength(120);
  for (const line of lines) {
    const [, no, yes] = line.split(',').map(Number);
    expect(no + yes).toBeCloseTo(1, 5);
  }
});

test('classes weigh as said, and a calibrated ensemble says so', async () => {
  const scoreOf = async (classWeight: unknown) => {
    await fitBy({ ...LINES, parameters: { classWeight } }, { task: 'binary' });
    await folder.edgewise('predict', 'model', '--data', 'class.csv', '--out', 'p.csv');
    const [, ...lines] = folder.read('p.csv').trimEnd().split('\n');
    return lines.reduce((sum, line) => sum + Number(line.split(',')[2]), 0) / lines.length;
  };
  expect(await scoreOf({ yes: 20 })).toBeGreaterThan((await scoreOf('none')) + 0.02);
  const ensemble = { type: 'voting', members: [LINES, TREE] };
  const { report } = await fitBy(
    { ensemble },
    { task: 'binary', more: ['--calibrate', 'sigmoid'] },
  );
  expect(report.calibration).toBe('sigmoid');
});

test('whole groups or the newest rows are held out, and a group is no input', async () => {
  const byShop = await fitBy({ algorithm: 'ridge', split: 'group:shop' });
  // 3 of 12 shops of 10 rows.
  expect(byShop.report).toMatchObject({ rows: 90, columnsLeftOut: [{ column: 'shop' }] });
  const byDay = await fitBy({
    algorithm: 'ridge',
    split: 'time:day',
    columns: { noise: 'left_out' },
  });
  expect(byDay.report.metrics.test.rows).toBe(24);
  expect(manifestIn('model').inputs.map(({ name }: { name: string }) => name)).not.toContain(
    'noise',
  );
  expect(manifestIn('model').settings).toMatchObject({
    ...{ split: 'time:day', columns: { noise: 'left_out' } },
  });
});

test.each([
  ['nearest', { impute: 'nearest', scale: 'robust' }],
  ['chained', { impute: 'chained', transform: 'power' }],
  ['selected', { impute: 'most-frequent', select: { by: 'shap', keep: 3 }, encode: 'ordinal' }],
  ['eliminated', { impute: 'constant', select: { by: 'rfe', keep: 0.5 }, encode: 'frequency' }],
  ['projected', { scale: 'min-max', pca: 0.95, encode: 'hashing', transform: 'quantile' }],
])(
  'a recipe of %s columns is fitted, and its graph written or its lack told',
  async (_, recipe) => {
    const { exitCode, report, stderr } = await fitBy({ algorithm: 'ridge', recipe });
    expect(exitCode).toBe(0);
    expect(Number.isFinite(report.metrics.test.rmse)).toBe(true);
    if (report.files.onnx === null) expect(stderr).toContain('There is no ONNX file');
    expect(report.settings.recipe).toMatchObject(recipe);
  },
);

test('flags of a search beside one algorithm are refused', async () => {
  for (const flag of [
    ['--objective', 'nope'],
    ['--budget-mb', '5'],
    ['--trials', '3'],
    ['--threads', '5'],
    ['--budget-seconds', '3'],
  ]) {
    const { exitCode, report } = await fitBy({ algorithm: 'ridge' }, { more: flag });
    expect(exitCode).toBe(2);
    expect(report.error.message).toContain(`${flag[0]} is for a search`);
  }
});
