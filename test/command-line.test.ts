import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { delayPrediction } from '../models/delay-prediction/use-case.ts';
import type { RolloutView } from '../shared/contracts/registry.ts';
import { simulateRows } from '../shared/simulate/simulate-rows.ts';
import { edgewise, edgewiseJson } from './support/cli.ts';
import { createDevice, disposeDevice, useDevice } from './support/device.ts';
import { removeStateDir, type Server, startServer } from './support/server.ts';
import { waitFor } from './support/wait.ts';

const MODEL = 'delay-prediction';

let folder: string;
let server: Server;
const inFolder = (name: string) => join(folder, name);

/** What a command that must fail printed as JSON. */
async function refusal(args: string[]): Promise<{ exitCode: number; error: { message: string } }> {
  const { exitCode, stdout } = await edgewise(server, [...args, '--json']);
  return { exitCode, ...JSON.parse(stdout) };
}

async function train(version: string, rows: number): Promise<void> {
  const data = inFolder(`${version}.csv`);
  await edgewiseJson(server, ['simulate', MODEL, '--rows', String(rows), '--out', data]);
  await edgewiseJson(server, [
    ...['train', MODEL, '--data', data, '--version', version, '--out', inFolder(version)],
  ]);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edgewise-command-line-'));
  server = await startServer({ stateDir: inFolder('state'), empty: true, noApp: true });
  await train('1.0.0', 400);
  await train('1.1.0', 500);
});
afterAll(async () => {
  await server.stop();
  await removeStateDir(folder);
});

test('publishing says what was sent, and again changes nothing', async () => {
  type Published = { files: { uploaded: boolean }[] };
  const first = await edgewiseJson<Published>(server, ['publish', inFolder('1.0.0')]);
  expect(first.files.map(({ uploaded }) => uploaded)).toEqual([true, true, true, true]);
  const again = await edgewiseJson<Published>(server, ['publish', inFolder('1.0.0')]);
  expect(again.files.some(({ uploaded }) => uploaded)).toBe(false);
});

test('other bytes under a published version are refused', async () => {
  await edgewiseJson(server, [
    ...['train', MODEL, '--data', inFolder('1.1.0.csv'), '--version', '1.0.0'],
    ...['--out', inFolder('other')],
  ]);
  const { exitCode, error } = await refusal(['publish', inFolder('other')]);
  expect(exitCode).toBe(1);
  expect(error.message).toContain('never changes');
});

test('a file that changed after training is found missing before anything is sent', async () => {
  await edgewiseJson(server, [
    ...['train', MODEL, '--data', inFolder('1.1.0.csv'), '--version', '1.2.0'],
    ...['--out', inFolder('changed')],
  ]);
  await appendFile(join(inFolder('changed'), 'model.onnx'), 'x');
  const { exitCode, stderr } = await edgewise(server, ['publish', inFolder('changed')]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('model: no file of');
});

test('a key that the workspace does not trust publishes nothing until it is told to', async () => {
  await edgewiseJson(server, ['keys', 'new', '--force']);
  const { error } = await refusal(['publish', inFolder('1.1.0')]);
  expect(error.message).toMatch(/sign|trust/i);
  await edgewiseJson(server, ['keys', 'trust']);
  await edgewiseJson(server, ['publish', inFolder('1.1.0')]);
});

test('a rollout goes on, back and nowhere twice', async () => {
  const rollout = (version: string, strategy: string) => [
    ...['rollout', MODEL, '--version', version, '--strategy', strategy],
  ];
  await edgewiseJson(server, rollout('1.0.0', 'all'));
  const canary = await edgewiseJson<RolloutView>(server, rollout('1.1.0', 'canary'));
  expect(canary).toMatchObject({ champion: '1.0.0', challenger: '1.1.0', status: 'running' });
  expect((await refusal(rollout('1.1.0', 'canary'))).exitCode).toBe(1);
  const { stdout } = await edgewise(server, ['rollback', MODEL]);
  expect(stdout).toContain('all users get 1.0.0');
  expect((await refusal(rollout('9.9.9', 'all'))).error.message).toContain('9.9.9');
});

test('a challenger stands in the shadow until somebody promotes it, and is taken back', async () => {
  const shadow = ['rollout', MODEL, '--version', '1.1.0', '--strategy', 'shadow'];
  const { stdout } = await edgewise(server, shadow);
  expect(stdout).toContain('step 1 of 1, answers for nobody beside the champion on 100 %');
  const promoted = await edgewiseJson<RolloutView>(server, ['promote', MODEL]);
  expect(promoted).toMatchObject({ challenger: '1.1.0', status: 'promoted' });
  expect((await refusal(['promote', MODEL])).error.message).toContain('no running rollout');
  await edgewiseJson(server, ['rollback', MODEL]);
});

test('a rule is silenced for a time and no longer', async () => {
  const silence = (span: string) => ['silence', MODEL, '--rule', 'mae', '--for', span];
  const { stdout } = await edgewise(server, [...silence('2h'), '--why', 'a campaign']);
  expect(stdout).toMatch(/^mae is silenced until .*: a campaign/);
  expect(await edgewiseJson(server, silence('0'))).toEqual({ silences: [] });
  expect((await edgewise(server, silence('soon'))).exitCode).toBe(2);
});

test('outcomes from a CSV count once, and each row that does not is named', async () => {
  const device = createDevice({ server, useCase: delayPrediction, targetingKey: 'csv-user' });
  await device.client.ready;
  const rows = simulateRows(MODEL, { rows: 3, seed: 5 });
  const predictions = await useDevice(device, rows);
  await device.client.flush();
  await disposeDevice(device);
  const path = inFolder('outcomes.csv');
  const observedAt = new Date().toISOString();
  await writeFile(
    path,
    [
      'prediction_id,value,observed_at',
      ...predictions.map(({ id }) => `${id},30,${observedAt}`),
      `${predictions[0].id},soon,${observedAt}`,
      `nobody00.nothing0:1,30,${observedAt}`,
    ].join('\n'),
  );
  const outcomes = ['outcomes', 'import', path, '--model', MODEL];
  const first = await refusal(outcomes);
  expect(first).toMatchObject({
    exitCode: 1,
    accepted: 3,
    duplicate: 0,
    rejected: [{ row: 5, reason: 'unknown_prediction' }],
    corrupt: [{ row: 4, line: 5, column: 'value', found: '"soon"' }],
  });
  expect(await refusal(outcomes)).toMatchObject({ accepted: 0, duplicate: 3 });
});

test('status shows the champion, its traffic and what came home', async () => {
  const { stdout } = await edgewise(server, ['status']);
  expect(stdout).toMatch(/delay-prediction +1\.0\.0/);
  const one = await waitFor('the fold', async () => {
    const text = (await edgewise(server, ['status', MODEL])).stdout;
    return text.includes('3 predictions, 3 outcomes') && text;
  });
  expect(one).toMatch(/1\.0\.0 +champion +3/);
});

test('drift of a model is told from the profiles of its traffic', async () => {
  type Drift = { dataset: { drifted: boolean }; columns: { column: string; nCurrent: number }[] };
  const asked = ['drift', MODEL, '--window', '1h', '--methods', 'auto,ks,psi'];
  const drift = await edgewiseJson<Drift>(server, [...asked, '--html', inFolder('drift.html')]);
  expect(await readFile(inFolder('drift.html'), 'utf8')).toContain('Drift of delay-prediction');
  expect(drift.columns.map(({ column }) => column)).toContain('prediction');
  for (const { nCurrent } of drift.columns) expect(nCurrent).toBe(3);
  const { stdout } = await edgewise(server, ['drift', MODEL, '--window', 'since-deploy']);
  expect(stdout).toMatch(/since-deploy window from .* to .* \(counted from/);
  expect((await edgewise(server, ['drift', MODEL, '--window', 'soon'])).exitCode).toBe(2);
  const { error } = await refusal(['drift', MODEL, '--version', '1.1.0']);
  expect(error.message).toContain('no traffic');
});

test('a revoked version is on the signed list, with the next serial each time', async () => {
  const revoke = (version: string) => [
    ...['revoke', MODEL, '--version', version, '--why', 'wrong units'],
  ];
  // The list belongs to the key that signed it first: the new one.
  expect(await edgewiseJson(server, revoke('1.1.0'))).toMatchObject({ serial: 1 });
  expect(await edgewiseJson(server, revoke('1.2.0'))).toMatchObject({ serial: 2 });
  expect(await edgewiseJson(server, revoke('1.1.0'))).toMatchObject({ alreadyRevoked: true });
  const { error } = await refusal(['rollout', MODEL, '--version', '1.1.0', '--strategy', 'all']);
  expect(error.message).toContain('wrong units');
});

test('without credentials a command says where they may come from', async () => {
  const credentials = join(server.stateDir, 'credentials.json');
  await rename(credentials, `${credentials}.away`);
  const { exitCode, stderr } = await edgewise(server, ['status']);
  await rename(`${credentials}.away`, credentials);
  await rm(`${credentials}.away`, { force: true });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('npm start');
});
