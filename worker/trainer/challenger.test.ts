import { beforeEach, expect, test } from 'vitest';
import type { VersionView } from '../../shared/contracts/registry.ts';
import type { Scope } from '../services/scope.ts';
import { findVersion, type VersionRow } from '../store/versions.ts';
import { type Publisher, trustedPublisher } from '../test-support/publisher.ts';
import { DECLARATION, publish } from '../test-support/version.ts';
import type { TestWorkspace } from '../test-support/workspace.ts';
import { createWorkspace, json, testEnv } from '../test-support/workspace.ts';
import { nameChallenger, registerChallenger } from './challenger.ts';
import { compareVersions } from './comparison.ts';
import { parcelTraining, trainToEnd } from './test-support/parcel-training.ts';
import { createSigningSecret } from './test-support/signing-secret.ts';
import type { Training } from './training.ts';

const MODEL = 'parcel-time';
let workspace: TestWorkspace;
let publisher: Publisher;
let scope: Scope;
let champion: VersionRow;
let training: Training;
let retrainingKey: string;

beforeEach(async () => {
  workspace = await createWorkspace();
  publisher = await trustedPublisher(workspace);
  await publish(workspace, publisher, { version: '1.0.0' });
  scope = { env: testEnv, workspace: workspace.id, actor: 'retraining', nowMs: 1_800_000_000_000 };
  const name = { workspace: workspace.id, model: MODEL, version: '1.0.0' };
  champion = (await findVersion(testEnv.DB, name))!;
  const { secret, publicKey } = await createSigningSecret();
  retrainingKey = secret;
  await workspace.call('PUT', '/v1/trusted-keys', { purpose: 'retraining', publicKey });
  const of = { workspace: workspace.id, runId: 'run-1', declaration: DECLARATION };
  training = await parcelTraining(testEnv.BUCKET, of);
  await trainToEnd(training);
});

const name = () => nameChallenger(scope, MODEL, scope.nowMs - 5000);
const register = async (naming: Awaited<ReturnType<typeof name>>, secret = retrainingKey) =>
  registerChallenger(scope, { training, naming, champion, runId: 'run-1', retrainingKey: secret });
const versions = async () =>
  (await json<{ versions: VersionView[] }>(workspace.call('GET', `/v1/models/${MODEL}/versions`)))
    .versions;

test('registered twice, because the first result was lost, it is one version', async () => {
  const naming = await name();
  expect(naming).toMatchObject({ version: '1.1.0', durationMs: 5000 });
  expect(await register(naming)).toEqual({ ok: true, value: null });
  expect(await register(naming)).toEqual({ ok: true, value: null });
  const [challenger, ...others] = await versions();
  expect(others).toHaveLength(1);
  expect(challenger.manifest.lineage).toMatchObject({
    datasetSha256: training.datasetSha256,
    parentVersion: '1.0.0',
    runId: 'run-1',
    source: 'telemetry',
    durationMs: 5000,
  });
});

test('a name that a publisher took meanwhile is refused, and the next name is free', async () => {
  const naming = await name();
  await publish(workspace, publisher, { version: naming.version });
  expect(await register(naming)).toMatchObject({ ok: false, error: { reason: 'version_exists' } });
  const again = await name();
  expect(again.version).toBe('1.2.0');
  expect(await register(again)).toMatchObject({ ok: true });
});

test('a revoked name is not used', async () => {
  const revoked = [{ model: MODEL, version: '1.1.0', why: 'never again' }];
  const list = { schemaVersion: 1, serial: 1, issuedAt: '2026-11-21T00:00:00.000Z', revoked };
  const answer = await workspace.call('PUT', '/v1/revocations', await publisher.sign(list));
  expect(answer.status, await answer.text()).toBe(200);
  expect((await name()).version).toBe('1.2.0');
});

test('without a key nothing is registered', async () => {
  expect(await register(await name(), '')).toMatchObject({
    ok: false,
    error: { reason: 'no_retraining_key' },
  });
  expect(await versions()).toHaveLength(1);
});

test('a champion from elsewhere that cannot be run is told beside the challenger’s errors', async () => {
  await register(await name());
  const comparison = await compareVersions(scope, { training, champion, challenger: '1.1.0' });
  expect(comparison.champion).toMatchObject({ ok: false });
  expect(comparison.challenger).toMatchObject({ ok: true, value: { rows: 40 } });
});
