import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../scripts/local/local-paths.ts';
import { readWorkerFiles } from '../scripts/local/worker-files.ts';

/** Folders of code that fits or prepares models: the trainer Worker's, never the edge's. */
const TRAINING = ['shared/train/', 'shared/learn/', 'shared/prepare/', 'worker/trainer/'];

const folder = mkdtempSync(join(tmpdir(), 'edgewise-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Paths of what esbuild put into the edge Worker's bundle, from the repository's root. */
let inputs: string[];

beforeAll(async () => {
  const { assets: _, ...config } = readWorkerFiles().edge;
  const configPath = join(folder, 'wrangler.json');
  writeFileSync(configPath, JSON.stringify(config));
  const metafile = join(folder, 'metafile.json');
  await promisify(execFile)(
    'wrangler',
    ['deploy', '--dry-run', '-c', configPath, '--outdir', folder, '--metafile', metafile],
    { cwd: ROOT, env: { ...process.env, WRANGLER_SEND_METRICS: 'false' } },
  );
  inputs = Object.values(
    JSON.parse(readFileSync(metafile, 'utf8')).outputs as Record<string, { inputs: object }>,
  ).flatMap((output) => Object.keys(output.inputs).map(fromRoot));
});

/** esbuild names its inputs from the folder of the wrangler file. */
const fromRoot = (path: string): string => relative(ROOT, resolve(folder, path));

test('the edge Worker bundle holds the routes, and no training code', () => {
  expect(inputs).toContain('worker/app.ts');
  expect(inputs.filter((path) => TRAINING.some((room) => path.startsWith(room)))).toEqual([]);
});

test('the edge Worker bundle carries no machine-learning library', () => {
  expect(
    inputs.filter((path) => /node_modules\/(@tensorflow|onnxruntime|@bufbuild)/.test(path)),
  ).toEqual([]);
  expect(statSync(join(folder, 'main.js')).size).toBeLessThan(1024 * 1024);
});

/** The names that tfjs registers its kernels by. */
const TFJS = /registerKernel|FusedBatchNorm|_FusedMatMul/;

test('the app loads and keeps no tfjs until there is a tfjs model', async () => {
  const state = join(folder, 'state');
  mkdirSync(state);
  writeFileSync(join(state, 'trusted-keys.json'), JSON.stringify({ publisher: ['key'] }));
  writeFileSync(join(state, 'credentials.json'), JSON.stringify({ publishableKey: 'pk_test' }));
  const built = join(folder, 'app');
  await promisify(execFile)(
    'vite',
    ['build', '--config', 'web/app/vite.config.ts', '--outDir', built, '--logLevel', 'error'],
    { cwd: ROOT, env: { ...process.env, NODE_ENV: 'production', EDGEWISE_STATE_DIR: state } },
  );
  const scripts = readdirSync(join(built, 'assets')).filter((name) => name.endsWith('.js'));
  const holdsTfjs = (name: string) => TFJS.test(readFileSync(join(built, 'assets', name), 'utf8'));
  const bringers = scripts.filter(holdsTfjs);
  expect(bringers.length).toBeGreaterThan(0);
  expect(bringers.filter((name) => !name.startsWith('tfjs-'))).toEqual([]);
  const serviceWorker = readFileSync(join(built, 'service-worker.js'), 'utf8');
  const kept = scripts.filter((name) => serviceWorker.includes(name));
  expect(kept.length).toBeGreaterThan(2);
  expect(kept.filter((name) => name.startsWith('tfjs-'))).toEqual([]);
});
