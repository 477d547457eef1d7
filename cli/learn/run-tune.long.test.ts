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
  const fit = ['fit', 'rows.csv', '--target', 'y', '--task', 'regression', '--out', 'model'];
  const fitted = await folder.edgewise(...[...fit, '--settings', JSON.stringify(report), '--json']);
  expect(fitted.report.members[0].parameters).toMatchObject(report.best.parameters);
  expect(fitted.report.metrics.test.rmse).toBe(report.metrics.test.rmse);
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

test('a study goes on with its own seed alone, and not beyond its trials', async () => {
  const kept = ['--algorithm', 'ridge', '--trials', '4', '--study', 'kept.json'];
  const first = await edgewise(...kept, '--seed', '1');
  const again = await edgewise(...kept, '--seed', '1');
  expect(again.report.trials).toEqual(first.report.trials);
  const { exitCode, stderr } = await edgewise(...kept, '--seed', '2');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('seed: 1 there, 2 here');
});

test.each(['percentile', 'successive-halving', 'hyperband', 'patient', 'wilcoxon'] as const)(
  'trials may be given up by %s',
  async (pruner) => {
    const { report } = await edgewise(
      ...['--algorithm', 'decision-tree', '--trials', '14', '--pruner', pruner],
    );
    expect(report.trials.complete + report.trials.pruned).toBe(14);
    expect(report.best.rmse).toBeLessThan(1);
  },
);

test('a grid ends with its combinations', async () => {
  const { report } = await edgewise(
    ...['--algorithm', 'ridge', '--sampler', 'grid', '--pruner', 'none', '--trials', '500'],
  );
  expect(report.stopped).toBe('trials');
  expect(report.trials).toEqual({ complete: 5, pruned: 0, failed: 0 });
});

test('a model beyond what it may cost is not chosen', async () => {
  const tree = ['--algorithm', 'decision-tree', '--trials', '10', '--also', 'bytes'];
  const free = await edgewise(...tree);
  const sizes = free.report.front.map(({ bytes }: { bytes: number }) => bytes);
  const limit = Math.min(...sizes) + 100;
  expect(free.report.best.bytes).toBeGreaterThan(limit);
  const { report } = await edgewise(...tree, '--at-most', `bytes=${limit}`);
  expect(report.best.bytes).toBeLessThanOrEqual(limit);
  const { exitCode, stderr } = await edgewise('--at-most', 'bytes=few');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('bytes, latency, memory');
});

test('what a search answers is what fit takes as its settings', async () => {
  const { report } = await edgewise('--algorithm', 'ridge', '--trials', '5');
  folder.write('best.json', JSON.stringify(report));
  const line = ['fit', 'rows.csv', '--target', 'y', '--task', 'regression', '--out', 'model'];
  const fitted = await folder.edgewise(...line, '--settings', 'best.json', '--json');
  expect(fitted.report.algorithm).toBe('ridge');
  expect(fitted.report.metrics.test.rmse).toBeCloseTo(report.metrics.test.rmse, 6);
});

test('targets that an algorithm cannot learn are refused with their row', async () => {
  const { exitCode, stderr } = await edgewise('--algorithm', 'poisson-regression');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/poisson-regression learns non-negative numbers.*\(row \d+, column y\)/);
});

test('what cannot be searched is refused in words', async () => {
  const unknown = await edgewise('--algorithm', 'magic');
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('There is no algorithm "magic" for regression.');
  const metric = await edgewise('--objective', 'roc_auc');
  expect(metric.stderr).toContain('not compared by "roc_auc" but by rmse, mae');
  const gp = await edgewise('--sampler', 'gp', '--also', 'bytes');
  expect(gp.stderr).toContain('gp has one objective');
  const pruned = await edgewise('--pruner', 'median', '--also', 'bytes');
  expect(pruned.stderr).toContain('given up by one objective');
  await edgewise('--algorithm', 'ridge', '--trials', '2', '--study', 'a.json');
  const other = await edgewise('--algorithm', 'lasso', '--trials', '2', '--study', 'a.json');
  expect(other.exitCode).toBe(2);
  expect(other.stderr).toContain('a.json is a study of something else.');
  folder.write('b.json', '{}');
  const broken = await edgewise('--algorithm', 'ridge', '--study', 'b.json');
  expect(broken.stderr).toContain('is no study of edgewise tune');
});
