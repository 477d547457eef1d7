import { beforeAll, expect, test } from 'vitest';
import type { AuditEntry, VersionView } from '../../shared/contracts/registry.ts';
import type { Publisher } from '../test-support/publisher.ts';
import { createPublisher, trustedPublisher } from '../test-support/publisher.ts';
import { DECLARATION, publish, uploadVersion } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json } from '../test-support/workspace.ts';

let workspace: TestWorkspace;
let publisher: Publisher;

beforeAll(async () => {
  workspace = await createWorkspace();
  publisher = await trustedPublisher(workspace);
});

const problem = async (answer: Response): Promise<string> =>
  `${answer.status} ${(await json<{ type: string }>(answer)).type.split('/').at(-1)}`;

test('a published version is listed with its manifest, its signer and no alias', async () => {
  const view = await json<VersionView>(publish(workspace, publisher, { version: '1.0.0' }));
  expect(view).toMatchObject({ version: '1.0.0', keyId: publisher.keyId, alias: null });
  expect(await json(workspace.call('GET', '/v1/models/parcel-time'))).toMatchObject({
    title: 'Parcel time',
    champion: null,
    versions: ['1.0.0'],
    trafficPercentage: 100,
  });
});

test('the same bytes again are the same version, other bytes are refused', async () => {
  const first = await publish(workspace, publisher, { version: '2.0.0' });
  const again = await publish(workspace, publisher, { version: '2.0.0' });
  expect([first.status, again.status]).toEqual([201, 200]);
  const other = await publish(workspace, publisher, {
    version: '2.0.0',
    change: (manifest) => ({ ...manifest, createdAt: '2026-11-21T00:00:00.000Z' }),
  });
  expect(await problem(other)).toBe('409 version-exists');
});

test('racing publications of one version leave one version and one audit entry', async () => {
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => publish(workspace, publisher, { version: '3.0.0' })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 200, 200, 201]);
  const { entries } = await json<{ entries: AuditEntry[] }>(workspace.call('GET', '/v1/audit'));
  const published = entries.filter((entry) => entry.subject === 'parcel-time@3.0.0');
  expect(published).toHaveLength(1);
});

test('a manifest signed by a key that nobody registered is refused and says which', async () => {
  const stranger = await createPublisher();
  const answer = await publish(workspace, stranger, { version: '4.0.0' });
  expect(answer.status).toBe(403);
  expect(await json(answer)).toMatchObject({
    type: 'https://edgewise.dev/problems/unknown-signer',
    detail: expect.stringContaining(stranger.keyId),
  });
});

test('a manifest changed after it was signed is refused', async () => {
  const manifest = await uploadVersion(workspace, { version: '4.0.1' });
  const signed = await publisher.sign(manifest);
  const other = await publisher.sign({ ...manifest, createdAt: '2026-01-01T00:00:00.000Z' });
  const answer = await workspace.call('PUT', '/v1/models/parcel-time/versions/4.0.1', {
    manifest: { ...signed, payload: other.payload },
  });
  expect(await problem(answer)).toBe('422 bad-signature');
});

test('a manifest for another path is refused', async () => {
  const signed = await publisher.sign(await uploadVersion(workspace, { version: '4.1.0' }));
  const answer = await workspace.call('PUT', '/v1/models/parcel-time/versions/4.2.0', {
    manifest: signed,
  });
  expect(await problem(answer)).toBe('422 invalid');
});

test('a version whose file was never uploaded is refused and says which', async () => {
  const other = await createWorkspace();
  const own = await trustedPublisher(other);
  const answer = await publish(other, own, { version: '5.0.0', leaveOut: 'model' });
  expect(await json(answer)).toMatchObject({
    status: 422,
    detail: expect.stringContaining('Put the model file first'),
  });
});

test.each([
  [
    'a file of another size',
    (files: { sizeBytes: number }[]) =>
      files.map((file) => ({ ...file, sizeBytes: file.sizeBytes + 1 })),
    '422 file-size',
  ],
  ['a missing role', (files: object[]) => files.slice(1), '422 invalid'],
  [
    'a chunk list that is too short',
    (files: object[]) => files.map((file) => ({ ...file, chunkSizeBytes: 5 })),
    '422 invalid',
  ],
])('a manifest with %s is refused', async (_, change, expected) => {
  const answer = await publish(workspace, publisher, {
    version: '6.0.0',
    change: (manifest) => ({ ...manifest, files: change(manifest.files) as typeof manifest.files }),
  });
  expect(await problem(answer)).toBe(expected);
});

test('a manifest whose inputs are not the declaration’s is refused and says which', async () => {
  const answer = await publish(workspace, publisher, {
    version: '6.1.0',
    change: (manifest) => ({ ...manifest, inputs: [DECLARATION.inputs[1], DECLARATION.inputs[0]] }),
  });
  expect(await json(answer)).toMatchObject({
    status: 422,
    detail: expect.stringContaining('input 0 (distance)'),
  });
});

test('a workspace names its models as it likes: those that ship with the product reserve no name', async () => {
  const other = await createWorkspace();
  const own = await trustedPublisher(other);
  for (const id of ['delay-prediction', 'churn'])
    expect((await publish(other, own, { version: '1.0.0', declaration: { id } })).status).toBe(201);
});

test('field errors say where in the body and what was expected', async () => {
  const answer = await workspace.call('PUT', '/v1/models/parcel-time/versions/7.0.0', {
    manifest: { payload: 'x', signature: 'short', keyId: '0'.repeat(16) },
  });
  expect(await json(answer)).toMatchObject({
    status: 422,
    errors: [{ path: 'manifest.signature' }],
  });
});

test('a retraining key publishes too, and a key keeps the purpose it was registered for', async () => {
  const retraining = await trustedPublisher(workspace, 'retraining');
  expect((await publish(workspace, retraining, { version: '8.0.0' })).status).toBe(201);
  const { publicKey } = retraining;
  const body = { purpose: 'publisher', publicKey };
  expect(await problem(await workspace.call('PUT', '/v1/trusted-keys', body))).toBe(
    '409 trusted-key-exists',
  );
  const same = { purpose: 'retraining', publicKey };
  expect((await workspace.call('PUT', '/v1/trusted-keys', same)).status).toBe(200);
});
