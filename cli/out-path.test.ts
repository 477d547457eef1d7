import { readdirSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkOutFile, checkOutFolder, makeFolder, openOutFile, writeOutFile } from './out-path.ts';
import { createTestFolder, type TestFolder } from './test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
  folder.write('a.csv', 'x,y\n1,2\n');
});
afterEach(() => folder.remove());

const version = ['--version', '1.0.0'];

test.each([
  ['train', 'churn', '--data', 'a.csv', ...version],
  ['fit', 'a.csv', '--target', 'y', '--task', 'regression'],
  ['package', 'a.onnx', '--use-case', 'churn', '--data', 'a.csv', ...version],
  ['declare', 'a.csv', '--target', 'y', '--id', 'some'],
  ['predict', 'model', '--data', 'a.csv'],
  ['explain', 'model', '--data', 'a.csv'],
  ['simulate', 'churn', '--rows', '10'],
  ['dataset', 'flight-delay', '--flights', 'a.csv', '--weather', 'a.csv'],
])('%s says at once that nothing can be made where --out is, and why', async (...command) => {
  for (const [out, why] of [
    ['/proc/edgewise/out', 'nothing can be made in /proc'],
    ['a.csv/out', `${folder.path}/a.csv is not a folder`],
  ]) {
    const { exitCode, report } = await folder.edgewise(...command, '--out', out, '--json');
    expect([exitCode, report.error.reason]).toEqual([1, 'file']);
    expect(report.error.message).toContain(`${out} cannot be written: ${why}.`);
  }
});

test('quality says at once that its report cannot be written, or would replace what is read', async () => {
  for (const [out, why] of [
    ['/proc/edgewise', 'nothing can be made in /proc'],
    ['a.csv', 'which it would replace'],
  ]) {
    const { exitCode, stderr } = await folder.edgewise('quality', 'a.csv', '--html', out);
    expect([exitCode > 0, stderr]).toEqual([true, expect.stringContaining(why)]);
    expect(stderr).not.toContain('columns');
  }
});

test('tune says at once that its study cannot be kept, keys new that its keys cannot', async () => {
  const tuned = await folder.edgewise(
    ...['tune', 'a.csv', '--target', 'y', '--task', 'regression', '--study', '/proc/edgewise'],
  );
  expect([tuned.exitCode, tuned.stderr]).toEqual([
    1,
    '/proc/edgewise cannot be written: nothing can be made in /proc.\n',
  ]);
  folder.write('.edgewise', 'a file');
  const { exitCode, stderr } = await folder.edgewise('keys', 'new');
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('a folder on its path is a file'),
  ]);
});

test('what is read is not replaced, by whatever name', async () => {
  symlinkSync(`${folder.path}/a.csv`, `${folder.path}/link.csv`);
  for (const out of ['a.csv', './a.csv', 'link.csv']) {
    const command = ['declare', 'a.csv', '--target', 'y', '--id', 'some', '--out', out];
    const { exitCode, stderr } = await folder.edgewise(...command);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is the file that is read')]);
  }
  expect(folder.read('a.csv')).toBe('x,y\n1,2\n');
});

test('a check leaves nothing behind, and what it allows can be written', async () => {
  const deep = `${folder.path}/some/where`;
  expect(await checkOutFolder(deep)).toMatchObject({ ok: true });
  expect(await checkOutFile(`${deep}/a.json`)).toMatchObject({ ok: true });
  expect(readdirSync(folder.path)).toEqual(['a.csv']);
  expect(await writeOutFile(`${deep}/a.json`, '{}')).toMatchObject({ ok: true });
  expect(folder.read('some/where/a.json')).toBe('{}');
  expect(await checkOutFile(deep)).toMatchObject({
    error: { message: `${deep} cannot be written: it is a folder.` },
  });
});

test('a folder that another makes meanwhile is no obstacle', async () => {
  const paths = [1, 2, 3].map((name) => `${folder.path}/same/way/${name}`);
  await Promise.all(paths.map((path) => makeFolder(path)));
  expect(readdirSync(`${folder.path}/same/way`)).toEqual(['1', '2', '3']);
});

test('a file that its disk has no room for is named, with the reason', async () => {
  expect(await writeOutFile('/dev/full', 'some text')).toMatchObject({
    error: { message: '/dev/full cannot be written: its disk is full.' },
  });
});

test('half a file does not stay where there was none, and what was there does', async () => {
  const [fresh, old] = ['b.csv', 'a.csv'].map((name) => `${folder.path}/${name}`);
  for (const path of [fresh, old])
    await expect(
      openOutFile(path, async (file) => {
        await file.writeFile('half');
        throw new Error('its disk is full');
      }),
    ).rejects.toThrow('its disk is full');
  expect(readdirSync(folder.path)).toEqual(['a.csv']);
});

test('a manifest.json of something else is not replaced by a model', async () => {
  folder.write('manifest.json', '{"name":"A web app","start_url":"/"}');
  expect(await checkOutFolder(folder.path)).toMatchObject({
    error: { message: expect.stringContaining('its manifest.json is of something else') },
  });
  folder.write('manifest.json', '{"kind":"fit"}');
  expect(await checkOutFolder(folder.path)).toMatchObject({ ok: true });
});
