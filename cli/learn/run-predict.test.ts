import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;

const edgewise = (...commandLine: string[]) => folder.edgewise(...commandLine);
const write = (name: string, text: string) => folder.write(name, text);
const linesOf = (name: string) => folder.read(name).trimEnd().split('\n');

beforeAll(async () => {
  folder = createTestFolder();
  const rng = createRng(5);
  const rows = Array.from({ length: 200 }, (_, i) => {
    const x = 10 * rng();
    const kind = ['red', 'green', 'blue'][i % 3];
    const size = x + (kind === 'red' ? 3 : 0);
    const label = size > 6 ? '"a, ""large"""' : 'small';
    return `${x.toFixed(3)},${i % 11 === 0 ? '?' : kind},${(2 * size).toFixed(3)},${label}`;
  });
  write('a.csv', ['x,kind,size,class', ...rows].join('\n'));
  const learn = (target: string, task: string, algorithm: string) =>
    edgewise(
      ...['fit', 'a.csv', '--target', target, '--task', task],
      ...['--algorithm', algorithm, '--out', target],
    );
  await learn('size', 'regression', 'ridge');
  await learn('class', 'binary', 'random-forest');
  write('new.csv', 'kind,x,note\nred,1,p\n,5,q\nmauve,,r\n');
});
afterAll(() => folder.remove());

const predict = (model: string, data: string) =>
  edgewise('predict', model, '--data', data, '--out', 'p.csv', '--json');

test('a file without its target gets a number a row, in its order, missing values and all', async () => {
  write('new-size.csv', 'class,kind,x\nsmall,red,1\nsmall,,5\nsmall,mauve,\n');
  const { exitCode, report } = await predict('size', 'new-size.csv');
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ rows: 3, runtime: 'own' });
  expect(report.unseen).toEqual([{ column: 'kind', cells: 1, example: 'mauve' }]);
  const [header, ...values] = linesOf('p.csv');
  expect(header).toBe('prediction,lower,upper');
  expect(values.flatMap((line) => line.split(',').map(Number)).every(Number.isFinite)).toBe(true);
  expect(values).toHaveLength(3);
});

test('classes get a label and a probability each, quoted where the label needs it', async () => {
  write('new-class.csv', 'size,kind,x\n8,red,1\n30,,9\n10,mauve,\n');
  const run = (runtime: string) =>
    edgewise(
      ...['predict', 'class', '--data', 'new-class.csv', '--out', `${runtime}.csv`],
      ...['--runtime', runtime],
    );
  expect((await run('own')).exitCode).toBe(0);
  expect((await run('onnxruntime')).exitCode).toBe(0);
  const own = linesOf('own.csv');
  expect(own[0]).toBe('label,"probability_a, ""large""",probability_small');
  expect(own[1]).toMatch(/^small,[\d.e-]+,[\d.e-]+$/);
  expect(own[2]).toMatch(/^"a, ""large""",/);
  const numbers = (lines: string[]) =>
    lines.slice(1).flatMap((line) => line.split(',').slice(-2).map(Number));
  const theirs = numbers(linesOf('onnxruntime.csv'));
  numbers(own).forEach((value, i) => {
    expect(value).toBeCloseTo(theirs[i], 5);
  });
});

test('a file that lacks a column, has no row, or a model that is none are refused by name', async () => {
  const missing = await predict('size', 'new.csv');
  expect(missing.exitCode).toBe(1);
  expect(JSON.stringify(missing.report)).toContain('class');
  write('empty.csv', 'x,kind,class\n');
  const empty = await edgewise('predict', 'size', '--data', 'empty.csv', '--out', 'p.csv');
  expect(empty.stderr).toContain('no row');
  const none = await edgewise('predict', 'nowhere', '--data', 'new.csv', '--out', 'p.csv');
  expect(none.stderr).toContain('There is no folder');
});

test('a file that is refused at its last row leaves earlier predictions as they were', async () => {
  const good = Array.from({ length: 5000 }, () => 'small,red,1').join('\n');
  write('whole.csv', `class,kind,x\n${good}\n`);
  expect((await predict('size', 'whole.csv')).report.rows).toBe(5000);
  const before = folder.read('p.csv');
  write('broken.csv', `class,kind,x\n${good}\nsmall,red,many\n`);
  const { exitCode, report } = await predict('size', 'broken.csv');
  expect(exitCode).toBe(1);
  expect(JSON.stringify(report)).toContain('5001');
  expect(folder.read('p.csv')).toBe(before);
});

test('predictions do not replace the file they are of', async () => {
  write('same.csv', 'x,kind\n1,red\n');
  const { exitCode } = await edgewise('predict', 'size', '--data', 'same.csv', '--out', 'same.csv');
  expect(exitCode).toBe(2);
  expect(linesOf('same.csv')).toHaveLength(2);
});

test('a manifest whose classes or inputs were edited is refused', async () => {
  write('one.csv', 'size,kind,x\n8,red,1\n');
  const path = 'class/manifest.json';
  const text = folder.read(path);
  const edited = (name: 'classes' | 'inputs') => {
    const manifest = JSON.parse(text);
    manifest[name].pop();
    write(path, JSON.stringify(manifest));
  };
  edited('classes');
  expect((await predict('class', 'one.csv')).report.error.message).toContain('has changed');
  edited('inputs');
  const explain = ['explain', 'class', '--data', 'one.csv', '--out', 'e.json', '--json'];
  expect((await edgewise(...explain)).report.error.message).toContain('inputs or classes');
  write(path, text);
  expect((await predict('class', 'one.csv')).exitCode).toBe(0);
});

test('dates with the day first are read so by predict as well', async () => {
  const day = (i: number) => String(1 + (i % 28)).padStart(2, '0');
  const rows = Array.from({ length: 60 }, (_, i) => {
    const month = 1 + Math.floor(i / 6);
    return `${day(7 * i)}.${String(month).padStart(2, '0')}.2026,${100 * month}`;
  });
  write('days.csv', ['day,y', ...rows].join('\n'));
  await edgewise(
    ...['fit', 'days.csv', '--target', 'y', '--task', 'regression'],
    ...['--algorithm', 'ridge', '--out', 'days'],
  );
  write('two.csv', 'day\n02.09.2026\n09.02.2026\n');
  await predict('days', 'two.csv');
  const [, september, february] = linesOf('p.csv').map(Number.parseFloat);
  expect(september).toBeGreaterThan(800);
  expect(february).toBeLessThan(300);
});
