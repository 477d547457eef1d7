import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelView, SilenceView } from '../../../shared/contracts/registry.ts';
import { simulateRows } from '../../../shared/simulate/simulate-rows.ts';
import { sealBatches } from '../../bench/ingest-batches.ts';
import { sendBatch } from '../../bench/send-batch.ts';
import { api } from '../../support/api.ts';
import { edgewiseJson } from '../../support/cli.ts';
import { removeStateDir, type Server, startServer } from '../../support/server.ts';
import { launchBrowser } from '../find-browser.ts';
import { chooseModel, expectAccessible, openApp } from './open-app.ts';

const MODEL = 'delay-prediction';

let server: Server;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  folder = await mkdtemp(join(tmpdir(), 'edgewise-strategies-'));
  const [csv, out] = [join(folder, 'rows.csv'), join(folder, '1.1.0')];
  await edgewiseJson(server, ['simulate', MODEL, '--rows', '400', '--out', csv]);
  await edgewiseJson(server, ['train', MODEL, '--data', csv, '--version', '1.1.0', '--out', out]);
  await edgewiseJson(server, ['publish', out]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await removeStateDir(server.stateDir);
  await rm(folder, { recursive: true, force: true });
});

async function openConsole() {
  const opened = await openApp(browser, server, { path: '/console' });
  await opened.page.getByLabel('Secret key').fill(server.secretKey);
  await opened.page.getByRole('button', { name: 'Open the console' }).click();
  await opened.page.getByText('Live', { exact: true }).waitFor();
  await chooseModel(opened.page, /^Delivery time/);
  return opened;
}

test('a version is put in the shadow by hand, and promoted by hand', async () => {
  const { page, context, complaints } = await openConsole();
  await page
    .getByRole('button', { name: /^Roll out/ })
    .first()
    .click();
  await page.getByRole('radio', { name: /In the shadow/ }).check();
  await page.getByRole('button', { name: 'Roll out', exact: true }).click();
  await page.getByText('1.1.0 answers beside 0.1.0 on 100% of devices').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Promote …' }).click();
  await page.getByRole('button', { name: 'Promote', exact: true }).click();
  await page.getByText('1.1.0 was promoted over 0.1.0.').first().waitFor();
  expect(await api<ModelView>(server, `/v1/models/${MODEL}`)).toMatchObject({ champion: '1.1.0' });
  expect(complaints).toEqual([]);
  await context.close();
});

test('an alert is silenced for an hour and no longer, and what to do next is said', async () => {
  const rows = simulateRows(MODEL, { rows: 500, seed: 3, drift: { inputs: 1 } });
  for (const batch of sealBatches({
    model: MODEL,
    version: '1.1.0',
    rows,
    batchSize: 500,
    seed: 1,
  }))
    await sendBatch(server, batch);
  const { page, context } = await openConsole();
  await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
  await page.getByRole('heading', { name: 'What to do next' }).waitFor();
  await page.getByText(/^Watch /).waitFor();
  const silent = async () =>
    (await api<{ silences: SilenceView[] }>(server, `/v1/models/${MODEL}/silences`)).silences;
  await page.getByRole('button', { name: 'Silence for an hour' }).first().click();
  await page.getByRole('button', { name: /^Silent for .*: lift$/ }).waitFor();
  expect(await silent()).toHaveLength(1);
  await expectAccessible(page);
  await page.getByRole('button', { name: /^Silent for .*: lift$/ }).click();
  await page.getByRole('button', { name: /^Silent for/ }).waitFor({ state: 'detached' });
  expect(await silent()).toEqual([]);
  await edgewiseJson(server, ['silence', MODEL, '--rule', 'mae', '--for', '2h', '--why', 'known']);
  await page.reload();
  await page.getByText(/for 2\sh more, by .*: known/).waitFor();
  await page.getByRole('button', { name: 'Lift the silence of Mean absolute error' }).click();
  await page.getByRole('heading', { name: 'Silenced' }).waitFor({ state: 'detached' });
  expect(await silent()).toEqual([]);
  await context.close();
});
