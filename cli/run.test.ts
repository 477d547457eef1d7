import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestFolder, type TestFolder } from './test-support/test-folder.ts';

let folder: TestFolder;
beforeEach(() => {
  folder = createTestFolder();
});
afterEach(() => folder.remove());

const edgewise = (...commandLine: string[]) => folder.edgewise(...commandLine);

const trustedKeys = () => JSON.parse(folder.read('.edgewise/trusted-keys.json'));

test('keys new writes a private key only its owner reads, and trusts its public half', async () => {
  const { exitCode, stdout } = await edgewise('keys', 'new', '--json');
  expect(exitCode).toBe(0);
  const made = JSON.parse(stdout);
  expect(statSync(made.privateKeyFile).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(made.privateKeyFile, 'utf8')).keyId).toBe(made.keyId);
  expect(trustedKeys()).toEqual({ publisher: [made.publicKey], retraining: [] });
});

test('keys new never overwrites a key, and with --force sets it aside, still trusted', async () => {
  const first = JSON.parse((await edgewise('keys', 'new', '--json')).stdout);
  const again = await edgewise('keys', 'new', '--json');
  expect(again.exitCode).toBe(1);
  expect(JSON.parse(again.stdout).error.reason).toBe('key');
  const forced = JSON.parse((await edgewise('keys', 'new', '--force', '--json')).stdout);
  expect(trustedKeys().publisher).toEqual([forced.publicKey, first.publicKey]);
  expect(JSON.parse(readFileSync(forced.setAside, 'utf8')).keyId).toBe(first.keyId);
});

test('wrong usage exits 2, writes nothing to standard output and says what was expected', async () => {
  for (const [commandLine, expected] of [
    [['kil', 'delay-prediction'], 'kill'],
    [['traffic', 'delay-prediction', '--percentage', '101'], '0 to 100'],
    [['rollout', 'delay-prediction', '--version', 'one'], '1.2.3'],
    [['rollout', 'delay-prediction'], '--version'],
    [['kill', 'Delay_Prediction'], 'lower-case'],
    [['kill', 'd'], '2 to 63'],
    [
      ['fit', 'a.csv', '--target', 'y', '--task', 'binary', '--out', ''],
      'for out: Expected some text',
    ],
    [['predict', ' ', '--data', 'a.csv', '--out', 'b.csv'], 'Expected some text, found none'],
    [['train', 'churn', '--data', '', '--version', '1.0.0', '--out', 'made'], 'for data'],
  ] as const) {
    const { exitCode, stdout, stderr } = await edgewise(...commandLine);
    expect([commandLine, exitCode, stdout]).toEqual([commandLine, 2, '']);
    expect(stderr).toContain(expected);
  }
});

test('which edgewise it is can be asked', async () => {
  const { exitCode, stdout } = await edgewise('--version');
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
});

test('without a server or key a command fails and says where they may come from', async () => {
  const { exitCode, stderr } = await edgewise('status');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('npm start');
});

test('credentials that are not whole, and keys that cannot be read, are not taken for none', async () => {
  mkdirSync(`${folder.path}/.edgewise/trusted-keys.json`, { recursive: true });
  folder.write('.edgewise/credentials.json', '{"endpoint":');
  expect((await edgewise('status')).stderr).toContain('credentials.json is there, but not whole');
  const { exitCode, stderr } = await edgewise('keys', 'new');
  expect([exitCode, stderr]).toEqual([
    1,
    `${folder.path}/.edgewise/trusted-keys.json cannot be read: it is a folder.\n`,
  ]);
});

test('a server that does not answer is a failure, in JSON on standard output when asked for', async () => {
  const { exitCode, stdout } = await edgewise(
    ...['status', '--server', 'http://127.0.0.1:9', '--key', 'sk_none', '--json'],
  );
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout).error.reason).toBe('unreachable');
});

test('a server that is none of Edgewise is not taken at its word', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const command of [
    ['kill', 'churn'],
    ['rollback', 'churn'],
    ['status', 'churn'],
    ['silence', 'churn', '--for', '1h'],
  ]) {
    const { exitCode, report } = await edgewise(
      ...[...command, '--server', `http://127.0.0.1:${port}`, '--key', 'sk_none', '--json'],
    );
    expect([command, exitCode, report.error.reason]).toEqual([command, 1, 'unexpected_answer']);
  }
  server.close();
});

test('a folder that holds no version is refused before anything is sent', async () => {
  await edgewise('keys', 'new');
  const { exitCode, stderr } = await edgewise(
    ...['publish', '.', '--server', 'http://127.0.0.1:9', '--key', 'sk_none'],
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain('manifest.json');
});

test('a command line that is wrong is refused as JSON where JSON was asked for', async () => {
  for (const wrong of [
    ['fit', 'a.csv', '--task', 'magic', '--out', 'm'],
    ['fit', '--nope'],
  ]) {
    const { exitCode, stdout, stderr } = await edgewise(...wrong, '--json');
    expect(exitCode).toBe(2);
    const { error } = JSON.parse(stdout);
    expect(error.reason).toBe('wrong_usage');
    expect(stderr).toContain(error.message);
  }
});
