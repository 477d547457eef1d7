import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareKeys } from './local-keys.ts';
import { type LocalPaths, localPaths } from './local-paths.ts';

let paths: LocalPaths;
beforeEach(() => {
  paths = localPaths(mkdtempSync(join(tmpdir(), 'edgewise-keys-')));
});
afterEach(() => rmSync(paths.root, { recursive: true }));

test('keys are made once: a second start finds them, at whatever address', async () => {
  const first = await prepareKeys(paths, 'http://localhost:1');
  const second = await prepareKeys(paths, 'http://localhost:2');
  expect(first.areNew).toBe(true);
  expect(second).toEqual({
    ...first,
    areNew: false,
    credentials: { ...first.credentials, endpoint: 'http://localhost:2' },
  });
});

test('the two signing keys differ, and clients are told which is for what', async () => {
  const { publisher, retraining, trusted } = await prepareKeys(paths, 'http://localhost:1');
  expect(publisher.keyId).not.toBe(retraining.keyId);
  expect(trusted).toEqual({
    publisher: [publisher.publicKey],
    retraining: [retraining.publicKey],
  });
});

test('everything secret is readable by its owner alone', async () => {
  await prepareKeys(paths, 'http://localhost:1');
  for (const path of [paths.publisherKey, paths.retrainingKey, paths.credentials]) {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
});
