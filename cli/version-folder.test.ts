import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, type TestFolder } from './test-support/test-folder.ts';
import { readVersionFolder } from './version-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

test.each([
  ['that fit wrote', '{"kind":"fit","schemaVersion":1}', 'is made by edgewise package'],
  ['of another format', '{"model":"a","version":"1.0.0","schemaVersion":9}', 'is of format 9'],
  ['cut short', '{"model":', 'manifest.json is cut short or damaged'],
  ['of something else', '[]', 'manifest.json is not the manifest of a version'],
])('a folder %s is refused as what it is', async (_, text, why) => {
  folder.write('manifest.json', text);
  expect(await readVersionFolder(folder.path)).toMatchObject({
    error: { reason: 'version_files', message: expect.stringContaining(why) },
  });
});
