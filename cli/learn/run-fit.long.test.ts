import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const edgewise = (...commandLine: string[]) => folder.edgewise(...commandLine);

const learn = (task: string, ...rest: string[]) =>
  edgewise(
    ...['fit', 'a.csv', '--target', 'y', '--task', task, '--json'],
    ...(rest.includes('--out') ? rest : ['--out', 'model', ...rest]),
  );

const ridge = ['--algorithm', 'ridge'];
const logistic = ['--algorithm', 'logistic-regression'];

/** A number, a category with gaps, and a target that both decide. */
function rows(target: (x: number, kind: string) => string, count = 120): string {
  const rng = createRng(5);
  const lines = Array.from({ length: count }, (_, i) => {
    const x = 10 * rng();
    const kind = ['red', 'green', 'blue'][i % 3];
    return `${x.toFixed(3)},${i % 11 === 0 ? '?' : kind},${target(x, kind)}`;
  });
  return ['x,kind,y', ...lines].join('\n');
}

const write = (text: string, name = 'a.csv') => folder.write(name, text);

test('a regression is fitted, measured on a fifth and left as a graph with its manifest', async () => {
  write(rows((x, kind) => String(3 * x + (kind === 'red' ? 5 : 0))));
  const { exitCode, report } = await learn('regression', ...ridge);
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ task: 'regression', algorithm: 'ridge', rows: 96, features: 2 });
  expect(Object.keys(report.metrics.test)).toEqual(expect.arrayContaining(['rmse', 'mae', 'r2']));
  expect(report.metrics.test.r2).toBeGreaterThan(0.9);
  const manifest = JSON.parse(readFileSync(report.files.manifest, 'utf8'));
  expect(manifest).toMatchObject({ kind: 'fit', task: 'regression', isDeterministic: true });
  expect(manifest.files.map(({ name }: { name: string }) => name)).toContain('model.onnx');
});

test('the same file, seed and algorithm give the same bytes', async () => {
  write(rows((x) => (x > 5 ? 'yes' : 'no')));
  const bytes = async () => {
    await learn('binary', '--algorithm', 'hist-gradient-boosting');
    return readFileSync(`${folder.path}/model/model.onnx`).toString('base64');
  };
  expect(await bytes()).toBe(await bytes());
});

test('a binary target is measured by its second class, several classes by all', async () => {
  write(rows((x) => (x > 5 ? 'yes' : 'no')));
  const binary = await learn('binary', ...logistic);
  const names = ['roc_auc', 'pr_auc', 'accuracy', 'f1', 'log_loss', 'brier'];
  expect(Object.keys(binary.report.metrics.test)).toEqual(expect.arrayContaining(names));
  expect(binary.report.metrics.test.positive).toBe('yes');
  write(rows((x) => (x > 6 ? 'high' : x > 3 ? 'middle' : 'low')));
  const several = await learn('multiclass', ...logistic);
  expect(several.report.metrics.test.accuracy).toBeGreaterThan(0.7);
});

test('a test file is measured on whole, its unseen categories included', async () => {
  write(rows((x) => String(x)));
  write('kind,y,x,extra\nviolet,4,4,1\nred,?,4,1\nred,2,2,1', 'b.csv');
  const { report, stderr } = await learn('regression', ...ridge, '--test', 'b.csv');
  expect(report.rows).toBe(120);
  expect(report.metrics.test.rows).toBe(2);
  expect(report.testFile).toEqual({
    unseen: [{ column: 'kind', cells: 1, example: 'violet', row: 1 }],
    columnsIgnored: ['extra'],
    rowsLeftOut: { column: 'y', rows: 1, first: [2] },
  });
  expect(stderr).toContain('1 cell is of no category that the model learns, as "violet" in row 1');
  expect(stderr).toContain('column extra is not in the file to learn from');
});

test('of a test file it is said how many rows are among those to learn from', async () => {
  const text = rows((x) => String(x));
  write(text);
  const [header, ...lines] = text.trimEnd().split('\n');
  write([header, ...lines.slice(0, 30), '20.5,red,20.5'].join('\n'), 'b.csv');
  const { report, stderr } = await learn('regression', ...ridge, '--test', 'b.csv');
  expect(report.metrics.test).toMatchObject({ rows: 31, rows_learnt: 30 });
  expect(stderr).toContain('on 31 rows, of which 30 equal rows to learn from.');
  expect(stderr).not.toContain('it has not seen');
});

test('settings that learn from fewer rows are told as these', async () => {
  write(rows((x) => String(x)));
  const settings = ['--settings', JSON.stringify({ algorithm: 'ridge', rows: 40 })];
  const { report, stderr } = await learn('regression', ...settings);
  expect(report.rows).toBe(40);
  expect(JSON.parse(folder.read('model/manifest.json')).rows).toBe(40);
  expect(stderr).toContain('40 rows to learn from (of 96), 24 to measure on');
});

test.each([
  [{ columns: { y: 'category' } }, '"columns" of the settings names y, which is the target'],
  [{ split: 'group:y' }, 'The settings hold out groups by y, which is the target'],
])('settings that take the target for an input are refused: %o', async (settings, told) => {
  write(rows((x) => String(x)));
  const { exitCode, report } = await learn(
    'regression',
    ...['--settings', JSON.stringify({ algorithm: 'ridge', ...settings })],
  );
  expect(exitCode).toBe(2);
  expect(report.error.message).toContain(told);
});

test('a stack of one member is told as an ensemble', async () => {
  write(rows((x) => (x > 5 ? 'yes' : 'no')));
  const ensemble = { type: 'stacking', folds: 3, members: [{ algorithm: 'logistic-regression' }] };
  const { stderr } = await learn('binary', '--settings', JSON.stringify({ ensemble }));
  expect(stderr).toContain('Fitted an ensemble (logistic-regression)');
});

test('rows without a target and columns that tell nothing are named', async () => {
  write(rows((x) => (x > 7 ? '' : String(x))).replaceAll(/,(red|green|blue|\?),/g, ',red,'));
  const { report, stderr } = await learn('regression', ...ridge);
  const { column, rows: left, first } = report.rowsLeftOut;
  expect([column, first.length]).toEqual(['y', 5]);
  expect(report.rows + report.metrics.test.rows).toBe(120 - left);
  expect(stderr).toContain(
    `${left} rows have no target in column y (rows ${first.join(', ')}, ...)`,
  );
  expect(report.columnsLeftOut).toEqual([{ column: 'kind', why: expect.any(String) }]);
});

test('a regression of one algorithm has an interval, and relative errors', async () => {
  write(rows((x) => (1 + x).toFixed(3)));
  const { report } = await learn('regression', ...ridge);
  expect(report.interval).toMatchObject({ level: 0.9, radius: expect.any(Number) });
  expect(report.metrics.test.mape).toBeLessThan(0.5);
  expect(report.metrics.test.median_ape).toBeLessThanOrEqual(report.metrics.test.mape);
});

test('auto tries several and tells how they did', async () => {
  write(rows((x) => (x > 5 ? 'yes' : 'no')));
  const { exitCode, report, stderr } = await learn(
    ...(['binary', '--budget-seconds', '20', '--trials', '3', '--threads', '1'] as const),
  );
  expect(exitCode).toBe(0);
  expect(report.metrics.test.roc_auc).toBeGreaterThan(0.9);
  expect(
    report.members.reduce((sum: number, m: { weight: number }) => sum + m.weight, 0),
  ).toBeCloseTo(1);
  expect(stderr).toContain('Tried 3 candidates');
  // What the manifest says of the members is enough to fit them again.
  const again = ['--settings', 'model/manifest.json', '--out', 'again'];
  const refitted = await learn('binary', ...again);
  expect(refitted.report.settings).toEqual(report.settings);
  expect(refitted.report.metrics.test).toEqual(report.metrics.test);
});

test('a search within a memory budget says what it held, and a budget for nothing is refused', async () => {
  write(rows((x) => (x > 5 ? 'yes' : 'no')));
  const within = (mb: string) =>
    learn('binary', '--trials', '3', '--threads', '4', '--budget-mb', mb);
  const { report, stderr } = await within('90');
  expect(report.memory).toMatchObject({ budgetMb: 90, threads: 1 });
  expect(report.memory.peakMb).toBeGreaterThan(20);
  expect(report.memory.peakMb).toBeLessThanOrEqual(90);
  expect(stderr).toContain('of 90 MB were held, by 1 thread');
  const refused = await within('20');
  expect(refused.exitCode).toBe(1);
  expect(refused.report.error.message).toMatch(/too little for this file: it takes \d+ at least/);
});

test('auto without time for any comparison leaves a model all the same, and says so', async () => {
  write(rows((x) => (x > 5 ? 'yes' : 'no')));
  const { exitCode, report, stderr } = await learn(
    ...(['binary', '--budget-seconds', '0.001', '--threads', '1'] as const),
  );
  expect(exitCode).toBe(0);
  expect(report.algorithm).toBe('logistic-regression');
  expect(stderr).toContain('no time to compare');
});

const twoClasses = rows((x) => (x > 5 ? 'yes' : 'no'));
const refused: [what: string, text: string, task: string, named: RegExp][] = [
  ['no rows', 'x,kind,y', 'binary', /at least one row/],
  ['one target', rows(() => '5'), 'regression', /column y: every target is 5/],
  ['one class', rows(() => 'yes'), 'binary', /column y: expected two classes.*"yes"/],
  ['three classes for two', rows((_, kind) => kind), 'binary', /column y: expected two classes/],
  ['text for a number', twoClasses, 'regression', /column y: expected numbers.*"(yes|no)"/],
  ['no such target', twoClasses.replace('kind,y', 'kind,z'), 'binary', /named "y"/],
  ['two columns of one name', twoClasses.replace('x,kind', 'kind,kind'), 'binary', /kind/],
  [
    'a short row',
    twoClasses.replace(/\n([^\n]*),yes/, '\n$1'),
    'binary',
    /row \d+ .*expected 3 cells/,
  ],
  ['a target that is always missing', rows(() => 'NA'), 'regression', /column y/],
  ['an infinite number', twoClasses.replace(/\n[\d.]+/, '\n1e999'), 'binary', /row 1 .*column x/],
  ['a huge number', twoClasses.replace(/\n[\d.]+/, '\n3e38'), 'binary', /row 1 .*column x.*1e\+38/],
  ['UTF-16', [...twoClasses].map((c) => `${c}\0`).join(''), 'binary', /UTF-16/],
  ['lines of CR alone', twoClasses.replaceAll('\n', '\r'), 'binary', /line 1.*LF or CRLF/],
  ['classes of one row each', rows((x) => `c${x}`), 'multiclass', /no class has two rows/],
  ['too few rows', rows((x) => (x > 5 ? 'a' : 'b'), 4), 'binary', /4 rows|needed/],
];

test.each(refused)('%s is refused by name', async (_, text, task, named) => {
  write(text);
  const { exitCode, report } = await learn(task, ...(task === 'regression' ? ridge : logistic));
  expect(exitCode).toBe(1);
  expect(JSON.stringify(report.error).replaceAll('\\"', '"')).toMatch(named);
});

test('targets that an algorithm cannot learn are refused by their column', async () => {
  write(rows((x) => String(x - 5)));
  const { exitCode, report } = await learn('regression', '--algorithm', 'poisson-regression');
  expect(exitCode).toBe(1);
  expect(report.error.message).toMatch(
    /non-negative numbers, but a target is -[\d.]+ \(row \d+, column y\)/,
  );
});

test('a folder that cannot be written to is refused before anything is learnt', async () => {
  write(twoClasses);
  const { exitCode, report, stderr } = await edgewise(
    ...['fit', 'a.csv', '--target', 'y', '--task', 'binary', '--out', 'a.csv', '--json'],
  );
  expect(exitCode).toBe(1);
  expect(report.error.message).toContain('a.csv is not a folder');
  expect(stderr).not.toContain('Learning');
});

test('a test file without an input is refused by that name', async () => {
  write(twoClasses);
  write('x,y\n1,yes', 'b.csv');
  const { exitCode, report } = await learn('binary', ...logistic, '--test', 'b.csv');
  expect(exitCode).toBe(1);
  expect(report.error.details.join()).toContain('column kind');
});

test('an unknown algorithm is wrong usage and names those there are', async () => {
  write(twoClasses);
  const { exitCode, report } = await learn('binary', '--algorithm', 'magic');
  expect(exitCode).toBe(2);
  expect(report.error.message).toContain('logistic-regression');
});

test('constant and empty columns, and ten thousand categories, do no harm', async () => {
  const lines = Array.from({ length: 200 }, (_, i) => `${i % 7},1,,name${i % 150},${i % 2}`);
  write(['x,constant,empty,many,y', ...lines].join('\n'));
  const { exitCode, report } = await learn('binary', ...logistic);
  expect(exitCode).toBe(0);
  expect(Number.isFinite(report.metrics.test.log_loss)).toBe(true);
});

test('each prediction is explained by its columns, which add up to it', async () => {
  write(rows((x, kind) => String(3 * x + (kind === 'red' ? 5 : 0))));
  await learn('regression', '--algorithm', 'random-forest');
  const { exitCode, report } = await edgewise(
    ...['explain', 'model', '--data', 'a.csv', '--out', 'why.json', '--json'],
  );
  expect(exitCode).toBe(0);
  expect(report.rows).toBe(120);
  const [first] = JSON.parse(folder.read('why.json')).rows;
  const { x, kind } = first.contributions;
  expect(first.base + x + kind).toBeCloseTo(first.prediction, 3);
  const few = await edgewise(
    ...['explain', 'model', '--data', 'a.csv', '--rows', '7', '--out', 'few.json', '--json'],
  );
  expect(few.report.rows).toBe(7);
  expect(JSON.parse(folder.read('few.json')).rows[0]).toEqual(first);
});

test('a folder that fit did not write is refused with what to do', async () => {
  write(twoClasses);
  const { exitCode, report } = await edgewise(
    ...['explain', '.', '--data', 'a.csv', '--out', 'why.json', '--json'],
  );
  expect(exitCode).toBe(1);
  expect(report.error.message).toContain('edgewise fit');
});

test('a model whose bytes changed is refused', async () => {
  write(twoClasses);
  await learn('binary', ...logistic);
  folder.write('model/model.fitted', 'x');
  const { report } = await edgewise('explain', 'model', '--data', 'a.csv', '--out', 'o', '--json');
  expect(report.error.message).toContain('bytes, and had');
});

test('anomalies and clusters need no target, and are described without one', async () => {
  write(rows((x) => (x > 9.5 ? 'strange' : 'fine')));
  const unsupervised = (task: string, ...rest: string[]) =>
    edgewise('fit', 'a.csv', '--task', task, '--out', 'model', '--json', ...rest);
  const anomaly = await unsupervised('anomaly');
  expect(anomaly.report).toMatchObject({ algorithm: 'isolation-forest', features: 3 });
  expect(anomaly.report.metrics.test.p99).toBeGreaterThan(anomaly.report.metrics.test.median);
  const measured = await unsupervised('anomaly', '--target', 'y');
  expect(measured.report.features).toBe(2);
  expect(measured.report.metrics.test.roc_auc).toBeGreaterThan(0.5);
  const clusters = await unsupervised('clustering', '--algorithm', 'k-means');
  const { sizes } = clusters.report.metrics.test;
  expect(sizes.reduce((sum: number, size: number) => sum + size, 0)).toBe(24);
  const supervised = await unsupervised('binary');
  expect(supervised.exitCode).toBe(2);
  expect(supervised.report.error.message).toContain('--target');
});

test('a searched regression says how far outcomes lie from predictions, and predict writes it', async () => {
  write(rows((x) => String(3 * x + Math.sin(97 * x))));
  const { report } = await learn('regression', '--trials', '2', '--threads', '1');
  expect(report.interval.level).toBe(0.9);
  await edgewise('predict', 'model', '--data', 'a.csv', '--out', 'p.csv');
  const [header, first] = folder.read('p.csv').split('\n');
  expect(header).toBe('prediction,lower,upper');
  const [prediction, lower, upper] = first.split(',').map(Number);
  expect(upper - prediction).toBeCloseTo(report.interval.radius, 4);
  expect(prediction - lower).toBeCloseTo(report.interval.radius, 4);
});
