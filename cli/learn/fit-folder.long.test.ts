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

test('a folder that is half there, or of another edgewise, is refused with what to do', async () => {
  const written = await writeFitFolder(folder.path, modelOf(1));
  if (!written.ok) throw new Error(written.error.message);
  const text = folder.read('manifest.json');
  const change = (name: string, to: unknown) =>
    folder.write('manifest.json', JSON.stringify({ ...JSON.parse(text), [name]: to }));
  const refusal = async () => {
    const manifest = await readFitManifest(folder.path);
    return manifest.ok ? '' : manifest.error.message;
  };
  folder.write('manifest.json', text.slice(0, 90));
  expect(await refusal()).toMatch(/manifest\.json is cut short or damaged .* fit\.$/);
  change('schemaVersion', 2);
  expect(await refusal()).toMatch(/is of format 2, and this edgewise reads format 1: take the/);
  folder.write('manifest.json', '{"model":"churn","version":"1.0.0"}');
  expect(await refusal()).toContain('of a version that train or package made: a folder that fit');
  folder.write('manifest.json', text);
  const manifest = await readFitManifest(folder.path);
  if (!manifest.ok) throw new Error(manifest.error.message);
  folder.write(FILE_NAMES.onnx, folder.readBytes(FILE_NAMES.onnx).slice(7));
  expect(await readFitFile(folder.path, FILE_NAMES.onnx, manifest.value)).toMatchObject({
    error: {
      message: expect.stringMatching(/it has \d+ bytes, and had \d+\. Copy the whole folder again/),
    },
  });
});

test('a path that is no such folder is refused by what it is', async () => {
  folder.write('a.csv', 'x');
  for (const [path, why] of [
    ['nowhere', 'There is no folder'],
    ['a.csv', 'is a file: the folder that fit wrote is needed'],
  ])
    expect(await readFitManifest(`${folder.path}/${path}`)).toMatchObject({
      error: { reason: 'file', message: expect.stringContaining(why) },
    });
});
