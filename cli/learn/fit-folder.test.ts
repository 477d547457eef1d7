import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { modelOf } from '../test-support/fit-folders.ts';
import { createTestFolder, type TestFolder } from '../test-support/test-folder.ts';
import {
  FILE_NAMES,
  readFitFile,
  readFitManifest,
  readFitted,
  writeFitFolder,
} from './fit-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const WRITER = new URL('../test-support/write-fit-folders.ts', import.meta.url).pathname;
const KILLS = 4;
const LATEST_KILL_MS = 40;

async function killWhileWriting(path: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, ['--no-warnings', WRITER, path]);
  await once(child.stdout, 'data');
  await after(afterMs);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('a fit that is killed while it writes leaves one whole model, or none that is read', async () => {
  const rng = createRng(11);
  const paths = Array.from({ length: KILLS }, (_, i) => `${folder.path}/${i}`);
  await Promise.all(paths.map((path) => killWhileWriting(path, LATEST_KILL_MS * rng())));
  for (const path of paths) {
    const manifest = await readFitManifest(path);
    if (!manifest.ok) {
      expect(manifest.error.message).toContain('no fit came to its end there');
      continue;
    }
    const fitted = await readFitted(path, manifest.value);
    const onnx = await readFitFile(path, FILE_NAMES.onnx, manifest.value);
    if (!fitted.ok || !onnx.ok) throw new Error('a manifest beside files that are not its own');
    const { predictor } = fitted.value;
    expect(predictor).toMatchObject({ parameters: { model: manifest.value.seed } });
    expect(onnx.value[0]).toBe(manifest.value.seed);
  }
});

test('a model of another shape is refused by its file and field', async () => {
  const { fitted, ...rest } = modelOf(1);
  const { predictor } = fitted;
  if (predictor.type !== 'pipeline') throw new Error('a pipeline');
  const estimator = { ...predictor.estimator, coefficients: [1, 2] } as never;
  const broken = { ...fitted, predictor: { ...predictor, estimator } };
  const written = await writeFitFolder(folder.path, { ...rest, fitted: broken });
  const manifest = await readFitManifest(folder.path);
  if (!written.ok || !manifest.ok) throw new Error('not written');
  expect(await readFitted(folder.path, manifest.value)).toMatchObject({
    error: {
      message: expect.stringContaining('model.fitted is no model'),
      details: [expect.stringMatching(/^predictor\.estimator\.coefficients: .*Float32Array/)],
    },
  });
});
