import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;

const fitTo = (out: string, file: string, ...rest: string[]) =>
  folder.edgewise('fit', file, '--target', 'y', '--out', out, '--json', ...rest);

const boosted = ['--task', 'binary', '--algorithm', 'hist-gradient-boosting'];

function rows(columns: string, labelOf: (x: number) => string): string {
  const rng = createRng(5);
  const lines = Array.from({ length: 150 }, (_, i) => {
    const x = 10 * rng();
    return `${x.toFixed(3)},${['red', 'green', 'blue'][i % 3]},${labelOf(x)}`;
  });
  return [columns, ...lines].join('\n');
}

beforeAll(async () => {
  folder = createTestFolder();
  folder.write(
    'a.csv',
    rows('x,kind,y', (x) => (x > 5 ? 'yes' : 'no')),
  );
  await fitTo('first', 'a.csv', ...boosted);
});
afterAll(() => folder.remove());

test('a fit goes on from a folder: rounds are added, the manifest names what they were added to', async () => {
  const { exitCode, report } = await fitTo(
    ...(['second', 'a.csv', '--task', 'binary', '--warm-start', 'first'] as const),
  );
  expect(exitCode).toBe(0);
  expect(report.algorithm).toBe('hist-gradient-boosting');
  const [before, after] = ['first', 'second'].map((name) =>
    JSON.parse(readFileSync(`${folder.path}/${name}/manifest.json`, 'utf8')),
  );
  const fileOf = (manifest: typeof before, name: string) =>
    manifest.files.find((file: { name: string }) => file.name === name);
  expect(after.warmStart).toBe(fileOf(before, 'model.fitted').sha256);
  expect(before.warmStart).toBeUndefined();
  expect(fileOf(after, 'model.onnx').sizeBytes).toBeGreaterThan(
    1.5 * fileOf(before, 'model.onnx').sizeBytes,
  );
});

type Asked = { task?: string; algorithm?: string };

const goOn = (file: string, { task = 'binary', algorithm = 'auto' }: Asked) =>
  fitTo('third', file, '--task', task, '--algorithm', algorithm, '--warm-start', 'first');

test.each<[string, Asked, string]>([
  ['another algorithm', { algorithm: 'ridge-classifier' }, 'not of ridge-classifier'],
  ['another task', { task: 'multiclass' }, 'is a binary, not a multiclass'],
])('%s is refused with what differs', async (_, asked, said) => {
  const { exitCode, stderr } = await goOn('a.csv', asked);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(said);
});

test('what is to be calibrated begins anew', async () => {
  const given = ['--warm-start', 'first', '--calibrate', 'sigmoid'];
  const { exitCode, stderr } = await fitTo('third', 'a.csv', ...boosted, ...given);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--calibrate needs a model that begins anew');
});

const yesNo = (x: number) => (x > 5 ? 'yes' : 'no');
test.each([
  [
    'a column more',
    rows('x,kind,y', yesNo)
      .replaceAll(/^(.*?),/gm, '$1,$1,')
      .replace('x,x', 'x,z'),
  ],
  ['a column less', rows('x,kind,y', yesNo).replaceAll(/^.*?,/gm, '')],
  ['a class more', rows('x,kind,y', (x) => (x > 5 ? 'maybe' : 'no'))],
])('a file with %s is refused by name', async (what, text) => {
  folder.write('b.csv', text);
  const { exitCode, stderr } = await goOn('b.csv', {});
  expect(exitCode).toBe(2);
  const said = {
    'a column more': 'z is new to it',
    'a column less': 'x is missing in the file',
    'a class more': 'does not know the class "maybe"',
  };
  expect(stderr).toContain(said[what as keyof typeof said]);
  expect(stderr).toContain('Leave out --warm-start');
});

test('a column that is constant in the new rows is no column less', async () => {
  folder.write('b.csv', rows('x,kind,y', yesNo).replaceAll(/(red|green|blue)/g, 'red'));
  const { exitCode, stderr } = await goOn('b.csv', {});
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('from 2 inputs')]);
  expect(stderr).not.toContain('Left out');
});

test('of a grown file no row that was learnt is measured on, under any seed', async () => {
  const text = rows('x,kind,y', yesNo);
  const lines = text.split('\n').slice(1);
  const more = lines.map((line, i) => line.replace(/^[^,]*/, String(20 + i)));
  folder.write('grown.csv', [text, ...more].join('\n'));
  const seeds = await Promise.all(
    ['3', '4'].map((seed) =>
      fitTo(`grown-${seed}`, 'grown.csv', ...boosted, '--warm-start', 'first', '--seed', seed),
    ),
  );
  // 30 rows that the first fit held out, and a fifth of the 150 new ones.
  for (const { report } of seeds) {
    expect(report.metrics.test.rows).toBe(60);
    expect(report.rows).toBe(240);
  }
});

test('a column that the model left out is none that is new, one fit after the other', async () => {
  const out = ['--settings', '{"columns":{"kind":"left_out"}}'];
  await fitTo('apart-0', 'a.csv', ...boosted, ...out);
  for (const fits of [1, 2]) {
    const earlier = ['--warm-start', `apart-${fits - 1}`];
    const { exitCode, stderr } = await fitTo(`apart-${fits}`, 'a.csv', ...boosted, ...earlier);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('from 1 inputs')]);
  }
});

test('rows and a seed of settings, which it would not heed, are refused', async () => {
  for (const settings of ['{"rows":50}', '{"seed":4}']) {
    const given = ['--warm-start', 'first', '--settings', settings];
    const { exitCode, stderr } = await fitTo('third', 'a.csv', ...boosted, ...given);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('a fit that begins anew takes');
  }
});
