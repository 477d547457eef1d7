import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPinnedSettings } from './pinned-settings.ts';

const SECRET = 'sk_never-in-a-bundle';
let folder: string;
const before = process.env['EDGEWISE_STATE_DIR'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edgewise-settings-'));
  process.env['EDGEWISE_STATE_DIR'] = folder;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  if (before === undefined) delete process.env['EDGEWISE_STATE_DIR'];
  else process.env['EDGEWISE_STATE_DIR'] = before;
});

const write = (file: string, content: unknown) =>
  writeFileSync(
    join(folder, file),
    typeof content === 'string' ? content : JSON.stringify(content),
  );

test('a build pins the trusted keys and the publishable key, and nothing of the secret', () => {
  write('trusted-keys.json', { publisher: ['AAAA'], retraining: ['BBBB'] });
  write('credentials.json', { endpoint: 'x', publishableKey: 'pk_1', secretKey: SECRET });
  const settings = readPinnedSettings('/nowhere');
  expect(settings).toEqual({
    trustedKeys: { publisher: ['AAAA'], retraining: ['BBBB'] },
    publishableKey: 'pk_1',
  });
  expect(JSON.stringify(settings)).not.toContain(SECRET);
});

test('without trusted keys a build says which command makes them', () => {
  expect(() => readPinnedSettings('/nowhere')).toThrow(
    /trusted-keys\.json does not exist\. The app cannot be built without it; make it with `npm run -s edgewise -- keys new`\./,
  );
});

test('a secret key in the place of the publishable one stops the build', () => {
  write('trusted-keys.json', { publisher: ['AAAA'] });
  write('credentials.json', { publishableKey: SECRET });
  expect(() => readPinnedSettings('/nowhere')).toThrow(
    /publishableKey: expected a publishable key/,
  );
});

test('an empty list of publishers stops the build: nothing could ever be trusted', () => {
  write('trusted-keys.json', { publisher: [] });
  expect(() => readPinnedSettings('/nowhere')).toThrow(
    /publisher: expected at least one public key/,
  );
});

test('a damaged file is named', () => {
  write('trusted-keys.json', '{');
  expect(() => readPinnedSettings('/nowhere')).toThrow(/trusted-keys\.json is not JSON/);
});
