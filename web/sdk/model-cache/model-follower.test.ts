import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelFlag } from '../../../shared/contracts/flags.ts';
import type { Manifest, Signed } from '../../../shared/contracts/manifest.ts';
import { webCrypto } from '../../../shared/contracts/verify.ts';
import type { ClientStorage } from '../adapters.ts';
import { spawnInProcessSession } from '../inference/in-process-session.ts';
import { startingWith } from '../storage/key-order.ts';
import { memoryStorage } from '../storage/memory.ts';
import { FaultyStorage, quotaError } from '../test-support/faulty-storage.ts';
import { createPublisher, type Publisher, type Version } from '../test-support/publisher.ts';
import { TEST_USE_CASE } from '../test-support/test-client.ts';
import { ENDPOINT, TestServer } from '../test-support/test-server.ts';
import type { TrustedKeys } from '../types.ts';
import { createModelFollower, type ModelFollower } from './model-follower.ts';

const MODEL = { intercept: 10, perKm: 2, inRain: 3 };
const ROW = { distance: 4, weather: 'rain' };

let publisher: Publisher;
let server: TestServer;
let storage: ClientStorage;
let managers: ModelFollower[];
let incidents: string[];

beforeEach(async () => {
  publisher = await createPublisher();
  server = new TestServer();
  storage = memoryStorage();
  managers = [];
  incidents = [];
});
afterEach(() => {
  for (const manager of managers) manager.dispose();
});

function open(trustedKeys: TrustedKeys = { publisher: [publisher.publicKey] }): ModelFollower {
  const manager = createModelFollower({
    useCase: TEST_USE_CASE,
    trustedKeys,
    origin: { endpoint: ENDPOINT, publishableKey: 'pk_test' },
    storage,
    crypto: webCrypto(crypto.subtle),
    fetch: server.fetch,
    spawn: spawnInProcessSession,
    rng: () => 0,
    onIncident: (kind, version, detail) => incidents.push(`${kind} ${version} ${detail}`),
    onChange: () => undefined,
  });
  managers.push(manager);
  return manager;
}

function serve(version: Version): void {
  for (const [sha256, bytes] of version.files) server.artifacts.set(sha256, bytes);
}

const assigned = ({ manifest, signed }: Version, revocations: Signed | null = null): ModelFlag => ({
  status: 'assigned',
  version: manifest.version,
  manifest: signed,
  revocations,
});

async function follow(manager: ModelFollower, flag: ModelFlag): Promise<void> {
  manager.follow(flag);
  await manager.settled();
}

async function answer(manager: ModelFollower): Promise<number | null> {
  const values = await manager.active()?.session.run([ROW], { deadlineMs: 1000 });
  return values?.ok ? values.value[0] : null;
}

const fileOf = ({ manifest }: Version, role: string) =>
  manifest.files.find((file) => file.role === role)?.sha256 ?? '';

test('a version that passes every check becomes active', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  const manager = open();
  await follow(manager, assigned(version));
  expect(manager.status()).toMatchObject({ state: 'ready', version: '1.0.0', detail: null });
  expect(await answer(manager)).toBe(21);
});

test('the version before answers while the new one is downloaded, and then the new one', async () => {
  const [first, second] = [
    await publisher.version('1.0.0', MODEL),
    await publisher.version('1.1.0', { ...MODEL, intercept: 100 }),
  ];
  serve(first);
  serve(second);
  const manager = open();
  await follow(manager, assigned(first));
  manager.follow(assigned(second));
  expect(manager.active()?.manifest.version).toBe('1.0.0');
  expect(manager.status()).toMatchObject({ state: 'loading', version: '1.0.0' });
  await manager.settled();
  expect(await answer(manager)).toBe(111);
});

test('after a start without a network the version that was active answers', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  await follow(open(), assigned(version));
  server.isReachable = false;
  const manager = open();
  await manager.settled();
  expect(await answer(manager)).toBe(21);
});

test('a model whose bytes changed is refused, reported once, and taken when it is mended', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  const sha256 = fileOf(version, 'model');
  const bytes = server.artifacts.get(sha256)!;
  server.artifacts.set(sha256, bytes.toReversed());
  const manager = open();
  await follow(manager, assigned(version));
  expect(manager.active()).toBeNull();
  expect(manager.missingReason()).toBe('integrity');
  manager.retryNow();
  await manager.settled();
  expect(incidents).toEqual([`integrity 1.0.0 chunk_mismatch, sha256 ${sha256}, index 0`]);
  server.artifacts.set(sha256, bytes);
  manager.retryNow();
  await manager.settled();
  expect(await answer(manager)).toBe(21);
});

test('a download that breaks off goes on where it stopped', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  const sha256 = fileOf(version, 'model');
  const bytes = server.artifacts.get(sha256)!;
  const ranges: (string | null)[] = [];
  server.before = (request) => {
    if (!request.url.endsWith(sha256)) return null;
    ranges.push(request.headers.get('Range'));
    return ranges.length === 1 ? new Response(bytes.slice(0, 300)) : null;
  };
  const manager = open();
  await follow(manager, assigned(version));
  expect(manager.status()).toMatchObject({ state: 'failed' });
  expect(incidents).toEqual([
    `integrity 1.0.0 size_mismatch, sha256 ${sha256}, expectedBytes ${bytes.length}, receivedBytes 300`,
  ]);
  manager.retryNow();
  await manager.settled();
  expect(ranges).toEqual([null, 'bytes=256-']);
  expect(await answer(manager)).toBe(21);
});

test('a file longer than its manifest says is refused', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  const sha256 = fileOf(version, 'probe');
  server.artifacts.set(sha256, new Uint8Array([...server.artifacts.get(sha256)!, 32]));
  const manager = open();
  await follow(manager, assigned(version));
  expect(manager.active()).toBeNull();
  expect(incidents[0]).toContain('size_mismatch');
});

test('a chunk that changed on the disk is downloaded again', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  await follow(open(), assigned(version));
  const sha256 = fileOf(version, 'model');
  await storage.write(['chunks'], 'relaxed', (tx) =>
    tx.put('chunks', [sha256, 1], new Uint8Array(128)),
  );
  const manager = open();
  await manager.settled();
  expect(await answer(manager)).toBe(21);
});

test('a manifest signed by another key, or by a retraining key nobody was told to trust, is refused', async () => {
  const trainer = await createPublisher();
  const version = await trainer.version('1.1.0', MODEL);
  serve(version);
  const wary = open();
  await follow(wary, assigned(version));
  expect(wary.active()).toBeNull();
  expect(wary.missingReason()).toBe('integrity');
  expect(incidents[0]).toContain(`unknown_key, keyId ${trainer.keyId}`);
  const told = open({ publisher: [publisher.publicKey], retraining: [trainer.publicKey] });
  await follow(told, assigned(version));
  expect(await answer(told)).toBe(21);
});

test('other bytes under a version already known are refused, also after a restart', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  const other = await publisher.version('1.0.0', { ...MODEL, intercept: 50 });
  serve(version);
  serve(other);
  await follow(open(), assigned(version));
  const manager = open();
  await follow(manager, assigned(other));
  expect(await answer(manager)).toBe(21);
  expect(manager.status()).toMatchObject({ state: 'failed', version: '1.0.0' });
  expect(incidents[0]).toContain('other_bytes, version 1.0.0');
});

test('a revoked version is taken away while it runs, and an older list does not bring it back', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  const manager = open();
  const older = await publisher.revocations(1, []);
  await follow(manager, assigned(version, older));
  const revoked = [{ model: 'test-case', version: '1.0.0', why: 'leaks' }];
  await follow(manager, assigned(version, await publisher.revocations(2, revoked)));
  expect(manager.active()).toBeNull();
  expect(manager.missingReason()).toBe('integrity');
  await follow(manager, assigned(version, older));
  expect(manager.active()).toBeNull();
  const restarted = open();
  await follow(restarted, assigned(version, older));
  expect(restarted.active()).toBeNull();
  expect(incidents).toContain('integrity 1.0.0 revoked, version 1.0.0, serial 2, why leaks');
});

test('a rollback to an earlier version that is not revoked works, and a newer list can lift a revocation', async () => {
  const [first, second] = [
    await publisher.version('1.0.0', MODEL),
    await publisher.version('1.1.0', { ...MODEL, intercept: 100 }),
  ];
  serve(first);
  serve(second);
  const manager = open();
  await follow(manager, assigned(second));
  const revoked = [{ model: 'test-case', version: '1.1.0', why: 'wrong' }];
  await follow(manager, assigned(first, await publisher.revocations(3, revoked)));
  expect(await answer(manager)).toBe(21);
  await follow(manager, assigned(second, null));
  expect(manager.active()?.manifest.version).toBe('1.0.0');
  await follow(manager, assigned(second, await publisher.revocations(4, [])));
  expect(await answer(manager)).toBe(111);
});

test('a list of revocations signed by a retraining key revokes nothing', async () => {
  const trainer = await createPublisher();
  const version = await publisher.version('1.0.0', MODEL);
  serve(version);
  const manager = open({ publisher: [publisher.publicKey], retraining: [trainer.publicKey] });
  const forged = await trainer.revocations(9, [
    { model: 'test-case', version: '1.0.0', why: 'mischief' },
  ]);
  await follow(manager, assigned(version, forged));
  expect(await answer(manager)).toBe(21);
  expect(incidents[0]).toContain('unknown_key');
});

const misfits: [string, Partial<Manifest>, string][] = [
  ['of another model', { model: 'other-case' }, 'other_model'],
  ['of another version than the flag names', { version: '9.9.9' }, 'other_version'],
  [
    'that asks for an input the application does not have',
    { inputs: [{ name: 'moon', label: 'Moon', type: 'number', range: [0, 1], missing: 'impute' }] },
    'other_inputs, inputs moon',
  ],
  ['without a model file', { files: [] as unknown as Manifest['files'] }, 'not_a_manifest'],
];
test.each(misfits)('a manifest %s is refused', async (_, change, detail) => {
  const version = await publisher.version('1.0.0', MODEL, change);
  serve(version);
  const manager = open();
  await follow(manager, { ...assigned(version), version: '1.0.0' } as ModelFlag);
  expect(manager.active()).toBeNull();
  expect(incidents[0]).toContain(detail);
});

test('a model that does not give the answers its trainer recorded is not activated', async () => {
  const honest = await publisher.version('1.0.0', MODEL);
  const other = await publisher.version('1.0.1', { ...MODEL, inRain: 4 });
  const files = [
    ...other.manifest.files.filter(({ role }) => role === 'model'),
    ...honest.manifest.files.filter(({ role }) => role === 'probe'),
  ];
  const mixed = await publisher.version('1.0.2', MODEL, { files });
  serve(honest);
  serve(other);
  const manager = open();
  await follow(manager, assigned(mixed));
  expect(manager.active()).toBeNull();
  expect(incidents[0]).toContain('probe_mismatch, row 1, expected 23, found 24');
});

test('without a network nothing is reported, and the reason is that the model is loading', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  server.isReachable = false;
  const manager = open();
  await follow(manager, assigned(version));
  expect(manager.missingReason()).toBe('model_loading');
  expect(incidents).toEqual([]);
});

test('files of versions long past are forgotten, the last three stay', async () => {
  const manager = open();
  const versions: Version[] = [];
  for (let i = 0; i < 5; i++) {
    versions.push(await publisher.version(`1.${i}.0`, { ...MODEL, intercept: i }));
    serve(versions[i]);
    await follow(manager, assigned(versions[i]));
  }
  const kept = await Promise.all(
    versions.map((version) =>
      storage.read(['chunks'], (tx) => tx.count('chunks', startingWith(fileOf(version, 'model')))),
    ),
  );
  expect(kept.map((chunks) => chunks > 0)).toEqual([false, false, true, true, true]);
});

test('a disk that takes nothing costs a download at the next start, and no check now', async () => {
  const version = await publisher.version('1.0.0', MODEL);
  const other = await publisher.version('1.0.0', { ...MODEL, intercept: 50 });
  serve(version);
  serve(other);
  const full = new FaultyStorage(memoryStorage());
  full.failure = quotaError();
  storage = full;
  const manager = open();
  await follow(manager, assigned(version));
  expect(await answer(manager)).toBe(21);
  await follow(manager, assigned(other));
  expect(incidents[0]).toContain('other_bytes, version 1.0.0');
  const revoked = [{ model: 'test-case', version: '1.0.0', why: 'leaks' }];
  await follow(manager, assigned(version, await publisher.revocations(2, revoked)));
  expect(manager.active()).toBeNull();
});
