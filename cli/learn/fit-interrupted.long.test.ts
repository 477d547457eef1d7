import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const MAIN = new URL('../main.ts', import.meta.url).pathname;
/** More rounds than anybody waits for, and no stop before them. */
const ENDLESS = { maxIter: 1_000_000, tol: 0, nIterNoChange: 1_000_000 };

test('Ctrl-C ends a long fit with what it has learnt, which is a whole model and says so', async () => {
  const rng = createRng(4);
  const lines = Array.from({ length: 2000 }, () => {
    const [a, b, c] = [rng(), rng(), rng()];
    return `${a},${b},${c},${3 * a - b + 0.1 * rng()}`;
  });
  folder.write('rows.csv', `a,b,c,y\n${lines.join('\n')}\n`);
  folder.write('endless.json', JSON.stringify({ parameters: ENDLESS }));
  const line = ['fit', 'rows.csv', '--target', 'y', '--task', 'regression', '--out', 'model'];
  const settings = ['--algorithm', 'multilayer-perceptron', '--settings', 'endless.json'];
  const child = spawn(process.execPath, ['--no-warnings', MAIN, ...line, ...settings, '--json'], {
    cwd: folder.path,
  });
  const printed = text(child.stdout);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said += piece;
  });
  while (!said.includes('s  multilayer-perceptron') && child.exitCode === null) await after(50);
  child.kill('SIGINT');
  const [exitCode] = await once(child, 'exit');
  expect(exitCode, said).toBe(0);
  expect(said).toContain('Interrupted: it ends with what it has learnt so far');
  const report = JSON.parse(await printed);
  expect(report.metrics.test.r2).toBeGreaterThan(0.5);
  const manifest = JSON.parse(folder.read('model/manifest.json'));
  expect(manifest.isDeterministic).toBe(false);
});
