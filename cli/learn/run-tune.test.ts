import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
  const rng = createRng(1);
  const lines = Array.from({ length: 120 }, () => {
    const [a, b, c] = [normal(rng), normal(rng), normal(rng)];
    return `${a},${b},${c},${2 * a - b + 0.3 * normal(rng)}`;
  });
  folder.write('rows.csv', `a,b,c,y\n${lines.join('\n')}\n`);
});
afterEach(() => folder.remove());

const edgewise = (...rest: string[]) => {
  const line = ['tune', 'rows.csv', '--target', 'y', '--task', 'regression', '--folds', '3'];
  return folder.edgewise(...line, ...rest, '--json');
};

test('the best of the trials is told with its parameters, and measured on rows it has not seen', async () => {
  const { report, exitCode } = await edgewise('--algorithm', 'ridge', '--trials', '14');
  expect(exitCode).toBe(0);
  const { complete, pruned, failed } = report.trials;
  expect(complete + pruned + failed).toBe(14);
  expect(report).toMatchObject({ objective: 'rmse', rows: 96, front: null, stopped: 'trials' });
  expect(report.best).toMatchObject({ algorithm: 'ridge' });
  expect(report.best.rmse).toBeLessThan(0.4);
  expect(report.metrics.test.rmse).toBeLessThan(0.5);
  const few = await edgewise('--algorithm', 'ridge', '--trials', '3');
  expect(few.report.importances).toBe(null);
});

test('a search of several algorithms, stopped and gone on with, is the one that was not stopped', async () => {
  const both = ['--algorithm', 'ridge,decision-tree'];
  const whole = await edgewise(...both, '--trials', '13', '--study', 'whole.json');
  await edgewise(...both, '--trials', '5', '--study', 'parts.json');
  const parts = await edgewise(...both, '--trials', '13', '--study', 'parts.json');
  expect(parts.stderr).toContain('Going on after 5 trials.');
  expect(parts.report.best).toEqual(whole.report.best);
  const text = (name: string): string => folder.read(name);
  expect(text('parts.json')).toBe(text('whole.json'));
});

test('a second objective gives a front: no trial of it is better in both', async () => {
  const { report } = await edgewise(
    ...['--algorithm', 'decision-tree', '--trials', '12', '--also', 'bytes'],
  );
  const front: { rmse: number; bytes: number }[] = report.front;
  expect(front.length).toBeGreaterThan(1);
  for (const a of front)
    for (const b of front) expect(a.rmse < b.rmse && a.bytes < b.bytes).toBe(false);
});

test('what the loaded model holds is an objective too, beside others, and grows with the model', async () => {
  const { report } = await edgewise(
    ...['--algorithm', 'decision-tree', '--trials', '4', '--also', 'bytes,memory'],
  );
  const front: { bytes: number; memory: number }[] = report.front;
  const byBytes = front.toSorted((a, b) => a.bytes - b.bytes);
  const [least, most] = [byBytes[0], byBytes[byBytes.length - 1]];
  expect(most.bytes).toBeGreaterThan(2 * least.bytes);
  expect(most.memory).toBeGreaterThan(least.memory);
  expect(most.memory).toBeGreaterThan(most.bytes / 2);
});

test('what cannot be searched is refused in words', async () => {
  const unknown = await edgewise('--algorithm', 'magic');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('There is no algorithm "magic" for regression.');
  const metric = await edgewise('--objective', 'roc_auc');
  expect(metric.stderr).toContain('not compared by "roc_auc" but by rmse, mae');
  const gp = await edgewise('--sampler', 'gp', '--also', 'bytes');
  expect(gp.stderr).toContain('gp has one objective');
  await edgewise('--algorithm', 'ridge', '--trials', '2', '--study', 'a.json');
  const other = await edgewise('--algorithm', 'lasso', '--trials', '2', '--study', 'a.json');
  expect(other.exitCode).toBe(2);
  expect(other.stderr).toContain('a.json is a study of something else.');
  folder.write('b.json', '{}');
  const broken = await edgewise('--algorithm', 'ridge', '--study', 'b.json');
  expect(broken.stderr).toContain('is no study of edgewise tune');
});
