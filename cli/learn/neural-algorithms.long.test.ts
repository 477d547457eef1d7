import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

/** Which of two classes depends on the signs of two numbers: no linear model tells them apart. */
function crossed(rows: number): string {
  const rng = createRng(3);
  const lines = Array.from({ length: rows }, () => {
    const [a, b] = [2 * rng() - 1, 2 * rng() - 1];
    return `${a.toFixed(3)},${b.toFixed(3)},${a * b > 0 ? 'same' : 'other'}`;
  });
  return ['a,b,y', ...lines].join('\n');
}

const ASKED = ['a.csv', '--target', 'y', '--task', 'binary', '--json'];

test('fit takes a network trained by tfjs, which leaves a graph and says what it does not promise', async () => {
  folder.write('a.csv', crossed(400));
  const fit = ['fit', ...ASKED, '--algorithm', 'neural-network', '--out', 'model'];
  const { exitCode, report } = await folder.edgewise(...fit);
  expect(exitCode).toBe(0);
  expect(report.algorithm).toBe('neural-network');
  expect(report.metrics.test.roc_auc).toBeGreaterThan(0.9);
  const manifest = JSON.parse(readFileSync(report.files.manifest, 'utf8'));
  expect(manifest.isDeterministic).toBe(false);
  const predict = ['predict', 'model', '--data', 'a.csv', '--out', 'b.csv', '--runtime', 'own'];
  expect((await folder.edgewise(...predict, '--json')).exitCode).toBe(0);
});

test('tune searches its parameters', async () => {
  folder.write('a.csv', crossed(60));
  const search = ['--algorithm', 'neural-network', '--trials', '2', '--folds', '2'];
  const { exitCode, report } = await folder.edgewise('tune', ...ASKED, ...search);
  expect(exitCode).toBe(0);
  expect(JSON.stringify(report)).toContain('batchNormalization');
});
