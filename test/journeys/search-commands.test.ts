import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';

const CLI = join(import.meta.dirname, '../../cli/main.ts');
const SECOND_MS = 1000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgewise-interrupted-'));
  const rng = createRng(3);
  const lines = Array.from({ length: 1200 }, () => {
    const [a, b] = [rng(), rng()];
    return `${a},${b},${a + rng() > 1 ? 'yes' : 'no'}`;
  });
  await writeFile(join(folder, 'rows.csv'), ['a,b,y', ...lines].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Presses Ctrl-C once something was tried. */
async function interrupted(...commandLine: string[]) {
  const line = ['--no-warnings', CLI, ...commandLine, '--json'];
  const child = spawn(process.execPath, line, { cwd: folder });
  let stdout = '';
  let stderr = '';
  let interruptedMs = Number.POSITIVE_INFINITY;
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
    if (!/best \S+ 0\.\d/.test(stderr) || Number.isFinite(interruptedMs)) return;
    interruptedMs = Date.now();
    child.kill('SIGINT');
  });
  const [exitCode] = await once(child, 'close');
  return { exitCode, stderr, report: JSON.parse(stdout), tookMs: Date.now() - interruptedMs };
}

async function finished(...commandLine: string[]) {
  const child = spawn(process.execPath, ['--no-warnings', CLI, ...commandLine, '--json'], {
    cwd: folder,
  });
  let stdout = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  await once(child, 'close');
  return JSON.parse(stdout);
}

const ABOUT = ['rows.csv', '--target', 'y', '--task', 'binary'];

test('Ctrl-C ends a search early, and the best so far is fitted, measured and written', async () => {
  const { exitCode, stderr, report, tookMs } = await interrupted(
    ...['fit', ...ABOUT, '--budget-seconds', '600', '--threads', '2', '--out', 'model'],
  );
  expect(exitCode).toBe(0);
  expect(stderr).toContain('Interrupted: keeping the best so far.');
  expect(report.metrics.test.roc_auc).toBeGreaterThan(0.6);
  expect(JSON.parse(readFileSync(report.files.manifest, 'utf8')).isDeterministic).toBe(false);
  expect(tookMs).toBeLessThan(60 * SECOND_MS);
});

test('Ctrl-C ends tune early, and the best trial is told; its study goes on from there', async () => {
  const study = ['--algorithm', 'decision-tree', '--study', 'study.json'];
  const { exitCode, report, tookMs } = await interrupted(
    ...['tune', ...ABOUT, ...study, '--trials', '100000'],
  );
  expect(exitCode).toBe(0);
  expect(report.stopped).toBe('interrupted');
  expect(report.best.roc_auc).toBeGreaterThan(0.6);
  expect(tookMs).toBeLessThan(30 * SECOND_MS);
  const { trials } = JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));
  expect(trials.length).toBeGreaterThan(0);
});

test('a number of trials gives the same bytes, however many threads there are', async () => {
  const modelOf = async (threads: string) => {
    const { files } = await finished(
      ...['fit', ...ABOUT, '--trials', '12', '--budget-seconds', '600', '--threads', threads],
      ...['--out', `by-${threads}`],
    );
    expect(JSON.parse(readFileSync(files.manifest, 'utf8')).isDeterministic).toBe(true);
    return readFileSync(files.onnx).toString('base64');
  };
  expect(await modelOf('1')).toBe(await modelOf('3'));
});
