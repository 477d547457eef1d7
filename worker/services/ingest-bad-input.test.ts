import { beforeAll, expect, test } from 'vitest';
import { digestOf, gzip, prediction, seal, sendBytes } from '../test-support/batch.ts';
import { trustedPublisher } from '../test-support/publisher.ts';
import { publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json } from '../test-support/workspace.ts';

let workspace: TestWorkspace;
let serial = 0;
/** A device of its own for each test. */
const newDevice = () => ({ device: `device-${++serial}` });

beforeAll(async () => {
  workspace = await createWorkspace();
  await publish(workspace, await trustedPublisher(workspace), { version: '1.0.0' });
});

const problem = async (answer: Response): Promise<string> =>
  `${answer.status} ${(await json<{ type: string }>(answer)).type.split('/').at(-1)}`;

test('an unknown protocol version is refused and told which one is spoken', async () => {
  const { bytes } = await seal([prediction(1)], { ...newDevice(), protocol: 99 });
  const answer = await sendBytes(workspace, bytes);
  expect(answer.status).toBe(415);
  expect(await json(answer)).toMatchObject({
    type: 'https://edgewise.dev/problems/unknown-protocol',
    detail: expect.stringContaining('99'),
  });
});

test('truncated gzip is refused', async () => {
  const { bytes } = await seal([prediction(1)], newDevice());
  expect(await problem(await sendBytes(workspace, bytes.slice(0, -12)))).toBe('400 not-gzip');
});

test('bytes that are not gzip are refused', async () => {
  const bytes = Uint8Array.from(new TextEncoder().encode('hello'));
  expect(await problem(await sendBytes(workspace, bytes))).toBe('400 not-gzip');
});

test('a gzip bomb is stopped at the limit', async () => {
  const bomb = await gzip(new Uint8Array(64 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(100_000);
  expect(await problem(await sendBytes(workspace, bomb))).toBe('413 too-large');
});

test('a body of ten megabytes is refused', async () => {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Uint8Array(10 * 1024 * 1024);
  for (let at = 0; at < large.length; at += bytes.length) large.set(bytes, at);
  expect(await problem(await sendBytes(workspace, large))).toBe('413 too-large');
});

test('bytes that changed on the way are refused', async () => {
  const { bytes } = await seal([prediction(1)], newDevice());
  const answer = await sendBytes(workspace, bytes, {
    'Content-Digest': await digestOf(Uint8Array.of(1)),
  });
  expect(await problem(answer)).toBe('400 digest-mismatch');
  const without = await sendBytes(workspace, bytes, { 'Content-Digest': '' });
  expect(await problem(without)).toBe('400 digest-missing');
});

test.each([
  ['a header that promises more events', { from: 1, to: 9 }],
  ['numbers that do not ascend by one', { from: 2, to: 3 }],
  ['a model name that cannot be', { model: 'Parcel Time' }],
  ['a device name that cannot be', { device: '../etc' }],
])('a batch with %s is refused as a whole', async (_, header) => {
  const { bytes } = await seal([prediction(1), prediction(2)], { ...newDevice(), ...header });
  expect(await problem(await sendBytes(workspace, bytes))).toBe('400 bad-batch');
});

test('more events than a batch may hold, and lines nested too deep, are refused', async () => {
  const many = Array.from({ length: 1001 }, (_, i) => prediction(i + 1));
  const { bytes } = await seal(many, newDevice());
  expect(await problem(await sendBytes(workspace, bytes))).toBe('400 bad-batch');
  const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
  const nested = await seal([prediction(1), deep], newDevice());
  expect(await problem(await sendBytes(workspace, nested.bytes))).toBe('400 bad-batch');
});
