import { expect, test } from 'vitest';
import { trustedPublisher } from '../test-support/publisher.ts';
import { publish } from '../test-support/version.ts';
import { createWorkspace, json, send } from '../test-support/workspace.ts';

const list = (serial: number, versions: string[]) => ({
  schemaVersion: 1,
  serial,
  issuedAt: '2026-11-21T00:00:00.000Z',
  revoked: versions.map((version) => ({ model: 'parcel-time', version, why: 'it is wrong' })),
});

async function publishedWorkspace() {
  const workspace = await createWorkspace();
  const publisher = await trustedPublisher(workspace);
  for (const version of ['1.0.0', '1.1.0']) await publish(workspace, publisher, { version });
  const revoke = async (serial: number, versions: string[]) =>
    workspace.call('PUT', '/v1/revocations', await publisher.sign(list(serial, versions)));
  return { workspace, publisher, revoke };
}

test('a revoked version is not rolled out, and every flag value carries the list', async () => {
  const { workspace, revoke } = await publishedWorkspace();
  expect((await revoke(1, ['1.1.0'])).status).toBe(200);
  const rollout = { version: '1.1.0', strategy: 'all' };
  const answer = await workspace.call('POST', '/v1/models/parcel-time/rollouts', rollout);
  expect(await json(answer)).toMatchObject({
    status: 409,
    detail: expect.stringContaining('wrong'),
  });
  const flag = await send('POST', '/ofrep/v1/evaluate/flags/model', {
    key: workspace.publishableKey,
    body: { context: { targetingKey: 'u', useCase: 'parcel-time' } },
  });
  const stored = await json(workspace.call('GET', '/v1/revocations'));
  expect(await json(flag)).toMatchObject({
    value: { status: 'not_assigned', revocations: stored },
  });
});

test('a revoked version cannot be published again under its name', async () => {
  const { workspace, publisher, revoke } = await publishedWorkspace();
  await revoke(1, ['2.0.0']);
  const answer = await publish(workspace, publisher, { version: '2.0.0' });
  expect(await json(answer)).toMatchObject({
    type: 'https://edgewise.dev/problems/version-revoked',
  });
});

test('an older list is refused, the same list again is not', async () => {
  const { revoke } = await publishedWorkspace();
  await revoke(5, ['1.0.0']);
  expect((await revoke(4, ['1.0.0', '1.1.0'])).status).toBe(409);
  expect((await revoke(5, ['1.0.0'])).status).toBe(200);
});

test('what was revoked once stays revoked', async () => {
  const { revoke } = await publishedWorkspace();
  await revoke(1, ['1.0.0']);
  expect(await json(await revoke(2, ['1.1.0']))).toMatchObject({
    type: 'https://edgewise.dev/problems/revocation-dropped',
  });
});

test('a retraining key cannot revoke', async () => {
  const { workspace } = await publishedWorkspace();
  const retraining = await trustedPublisher(workspace, 'retraining');
  const signed = await retraining.sign(list(1, ['1.0.0']));
  expect((await workspace.call('PUT', '/v1/revocations', signed)).status).toBe(403);
});

test('revoking what is served withdraws it: the rollout ends, an earlier champion answers, or none', async () => {
  const { workspace, revoke } = await publishedWorkspace();
  const rollOut = (version: string, strategy: string) =>
    workspace.call('POST', '/v1/models/parcel-time/rollouts', { version, strategy });
  const model = () => json(workspace.call('GET', '/v1/models/parcel-time'));
  await rollOut('1.0.0', 'all');
  await rollOut('1.1.0', 'canary');
  await revoke(1, ['1.1.0']);
  expect(await model()).toMatchObject({ champion: '1.0.0', challenger: null });
  await revoke(2, ['1.1.0', '1.0.0']);
  expect(await model()).toMatchObject({ champion: null, challenger: null });
});

test('revoking a champion that a canary runs beside ends the canary and returns to the champion before', async () => {
  const { workspace, publisher, revoke } = await publishedWorkspace();
  await publish(workspace, publisher, { version: '1.2.0' });
  const rollOut = (version: string, strategy: string) =>
    workspace.call('POST', '/v1/models/parcel-time/rollouts', { version, strategy });
  await rollOut('1.0.0', 'all');
  await rollOut('1.1.0', 'all');
  await rollOut('1.2.0', 'canary');
  await revoke(1, ['1.1.0']);
  expect(await json(workspace.call('GET', '/v1/models/parcel-time'))).toMatchObject({
    champion: '1.0.0',
    challenger: null,
  });
});
