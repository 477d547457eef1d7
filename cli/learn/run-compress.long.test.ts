import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;

beforeAll(async () => {
  folder = createTestFolder();
  const rng = createRng(8);
  const rows = Array.from({ length: 240 }, () => {
    const [x, y, z] = [10 * rng(), 10 * rng(), 10 * rng()];
    return [x, y, z, x * y + 2 * z + 3 * rng()].map((value) => value.toFixed(3)).join(',');
  });
  const header = 'x,y,z,size';
  folder.write('a.csv', [header, ...rows.slice(0, 160)].join('\n'));
  folder.write('new.csv', [header, ...rows.slice(160)].join('\n'));
  folder.write('bare.csv', 'x,y,z\n1,2,3\n');
  const learn = (algorithm: string) =>
    folder.edgewise(
      ...['fit', 'a.csv', '--target', 'size', '--task', 'regression'],
      ...['--algorithm', algorithm, '--out', algorithm],
    );
  await learn('gaussian-process');
  await learn('hist-gradient-boosting');
  await learn('ridge');
});
afterAll(() => folder.remove());

const compress = (model: string, ...flags: string[]) =>
  folder.edgewise(
    ...['compress', model, '--out', `${model}-small`, '--json'],
    ...(flags.includes('--data') ? [] : ['--data', 'new.csv']),
    ...flags,
  );
type Told = {
  methods: string[];
  bytes: { before: number; after: number };
  score: { before: number; after: number };
  microsecondsPerRow: { before: number; after: number };
  isGood: boolean;
};
const manifestIn = (out: string) => JSON.parse(folder.read(`${out}/manifest.json`));
const rmseOf = async (model: string) => {
  await folder.edgewise('predict', model, '--data', 'new.csv', '--out', 'p.csv');
  const column = (name: string, at: number) =>
    folder
      .read(name)
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',')[at]));
  const found = column('p.csv', 0);
  const squares = column('new.csv', 3).map((size, row) => (size - found[row]) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
};

test('weights in fewer bits are measured, and the smallest good one is a folder that predicts', async () => {
  const { exitCode, report } = await compress(
    'gaussian-process',
    '--methods',
    'float16,int8',
    '--most-loss',
    '0.2',
  );
  expect(exitCode).toBe(0);
  expect(report).toMatchObject({ metric: 'rmse', rows: 80 });
  const told: Told[] = report.methods;
  expect(told.map(({ methods }) => methods)).toEqual([['float16'], ['int8']]);
  const chosen = told.find(({ methods }) => methods[0] === report.chosen[0]);
  const written = folder.readBytes('gaussian-process-small/model.onnx').length;
  expect(chosen?.bytes.after).toBe(written);
  expect(written).toBeLessThan(chosen?.bytes.before ?? 0);
  expect(await rmseOf('gaussian-process-small')).toBeCloseTo(chosen?.score.after ?? 0, 3);
  for (const { microsecondsPerRow } of told) {
    expect(microsecondsPerRow.before).toBeGreaterThan(0);
    expect(microsecondsPerRow.after).toBeGreaterThan(0);
  }
});

test('trees are pruned as far as the loss allowed goes, and further where more is', async () => {
  const little = await compress('hist-gradient-boosting', '--methods', 'merge,prune');
  const much = await compress('hist-gradient-boosting', '--methods', 'prune', '--most-loss', '0.5');
  const [merged, pruned]: Told[] = little.report.methods;
  const [further]: Told[] = much.report.methods;
  expect(merged.score.after).toBeCloseTo(merged.score.before, 4);
  expect(pruned.score.after).toBeLessThanOrEqual(pruned.score.before * 1.01);
  expect(further.bytes.after).toBeLessThan(pruned.bytes.after);
  expect(await rmseOf('hist-gradient-boosting-small')).toBeCloseTo(further.score.after, 3);
});

test('figures and interval are those of the smaller model, on rows that were not learnt', async () => {
  const flags = ['--methods', 'prune', '--most-loss', '5'];
  const { report } = await compress('hist-gradient-boosting', ...flags);
  const before = manifestIn('hist-gradient-boosting');
  const after = manifestIn('hist-gradient-boosting-small');
  expect(after.metrics.test).toMatchObject({ rows: 80, rmse: expect.any(Number) });
  expect(after.metrics.test.rmse).toBeCloseTo(await rmseOf('hist-gradient-boosting-small'), 3);
  expect(after.interval.radius).not.toBe(before.interval.radius);
  expect(report).toMatchObject({ metrics: after.metrics, interval: after.interval });
  await compress('hist-gradient-boosting', ...flags, '--data', 'a.csv');
  // Of 160 rows 128 were learnt.
  expect(manifestIn('hist-gradient-boosting-small').metrics.test.rows).toBe(32);
});

test('a smaller model has no threshold of the scores before', async () => {
  await folder.edgewise(
    ...['fit', 'a.csv', '--task', 'anomaly', '--algorithm', 'isolation-forest', '--out', 'odd'],
  );
  expect(manifestIn('odd').anomaly.threshold).toBeGreaterThan(0);
  const { report, stderr } = await compress('odd', '--methods', 'prune', '--most-loss', '1');
  expect([report.chosen, stderr]).toEqual([
    ['prune'],
    expect.stringContaining('leaves out what was measured of the model before: threshold'),
  ]);
  expect(manifestIn('odd-small')).not.toHaveProperty('anomaly');
  await folder.edgewise('predict', 'odd-small', '--data', 'new.csv', '--out', 'odd.csv');
  expect(folder.read('odd.csv').split('\n')[0]).toBe('prediction');
});

test('a model that nothing makes smaller is left, and each method is told', async () => {
  const { exitCode, report } = await compress('ridge');
  expect(exitCode).toBe(1);
  expect(report.error.message).toContain('Nothing makes the model smaller');
  expect(report.error.details).toHaveLength(4);
});

test('rows without the target say nothing of the loss, and the model’s own folder is not written over', async () => {
  const bare = await folder.edgewise(
    ...['compress', 'ridge', '--data', 'bare.csv', '--out', 'none', '--json'],
  );
  expect(bare.exitCode).toBe(1);
  symlinkSync('ridge', join(folder.path, 'link'));
  for (const out of ['ridge', 'link']) {
    const own = await folder.edgewise(
      ...['compress', 'ridge', '--data', 'new.csv', '--out', out, '--json'],
    );
    expect(own.exitCode).toBe(2);
    expect(own.report.error.message).toContain('name another one');
  }
});

test('rows of one class measure no model that tells two apart', async () => {
  const rows = folder.read('a.csv').split('\n').slice(1);
  const labelled = rows.map((row) =>
    row.replace(/[^,]*$/, (size) => (+size > 30 ? 'big' : 'small')),
  );
  const header = 'x,y,z,size';
  folder.write('labels.csv', [header, ...labelled].join('\n'));
  folder.write('one.csv', [header, ...labelled.filter((row) => row.endsWith('big'))].join('\n'));
  await folder.edgewise(
    ...['fit', 'labels.csv', '--target', 'size', '--task', 'binary', '--out', 'labels'],
    ...['--algorithm', 'hist-gradient-boosting'],
  );
  const one = ['--data', 'one.csv'];
  for (const asked of [
    () => compress('labels', ...one),
    () => folder.edgewise('explain', 'labels', ...one, '--importance', '--out', 'e.json', '--json'),
  ]) {
    const { exitCode, report } = await asked();
    expect(exitCode).toBe(1);
    expect(report.error.message).toContain('All rows of one.csv are of one class');
  }
});
