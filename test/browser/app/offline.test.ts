import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LedgerView } from '../../../shared/contracts/registry.ts';
import { SYNC_TAG } from '../../../web/sdk/sync/service-worker.ts';
import { api } from '../../support/api.ts';
import { removeStateDir, type Server, startServer } from '../../support/server.ts';
import { waitFor } from '../../support/wait.ts';
import { launchBrowser } from '../find-browser.ts';
import {
  answerOf,
  openApp,
  predictExample,
  untilInstalled,
  untilModelAnswers,
} from './open-app.ts';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await removeStateDir(server.stateDir);
});

const ledger = () => api<LedgerView>(server, '/v1/models/delay-prediction/ledger');

test('a browser finds nothing against installing it', async () => {
  const { page, context } = await openApp(browser, server);
  await untilInstalled(page);
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A context of the test is a private window, where nothing can be installed.
  expect(installabilityErrors.map((error) => error.errorId)).toEqual(['in-incognito']);
  await context.close();
});

test('after one visit it predicts, explains and takes outcomes without a network', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await untilInstalled(page);
  const before = await ledger();
  await context.setOffline(true);
  await page.reload();
  await untilModelAnswers(page);
  await predictExample(page);
  expect(await answerOf(page).getAttribute('data-source')).toBe('model');
  await answerOf(page).getByText('Why this answer').waitFor();
  await page.getByLabel('What really happened?').fill('44');
  await page.getByRole('button', { name: 'Record' }).click();
  await page.getByText('It is safe on this device').waitFor();
  await page.getByText('2 events waiting to be sent').waitFor();
  await page.getByText(/Offline, last contact/).waitFor();

  const other = await context.newPage();
  await page.close();
  await other.goto(new URL('/use/flight-delay', server.endpoint).href);
  await other.getByRole('heading', { name: 'Flight arrival delay' }).waitFor();
  await context.setOffline(false);
  await other.goto(server.endpoint);
  await other.getByText('Everything delivered').waitFor({ timeout: 30_000 });
  await waitFor('the outcome', async () => (await ledger()).outcomes === before.outcomes + 1);
  expect((await ledger()).predictions).toBe(before.predictions + 1);
  await context.close();
});

test('a prediction can be answered on a later visit', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await predictExample(page);
  await page.reload();
  const waiting = page.getByRole('region', { name: 'Waiting to hear what happened' });
  await waiting.getByLabel(/^What really happened/).fill('39');
  await waiting.getByRole('button', { name: 'Record' }).click();
  await waiting.waitFor({ state: 'detached' });
  await page.locator('main:focus').waitFor();
  await context.close();
});

test('what waits is sent when the browser says there is a network, with no page open', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await untilInstalled(page);
  const before = await ledger();
  await context.setOffline(true);
  await predictExample(page);
  await page.getByText('1 event waiting to be sent').waitFor();
  const elsewhere = await context.newPage();
  await elsewhere.goto(new URL('/manifest.webmanifest', server.endpoint).href);
  await page.close();
  await context.setOffline(false);
  await fireSync(context, elsewhere);
  await waitFor('the event', async () => (await ledger()).predictions === before.predictions + 1);
  await context.close();
});

test('a newer version of the app waits until the person at it wants it', async () => {
  const { page, context } = await openApp(browser, server);
  await untilInstalled(page);
  await appendFile(join(server.stateDir, 'app', 'service-worker.js'), '\n// newer');
  await waitFor('the newer file', async () =>
    (await (await fetch(new URL('/service-worker.js', server.endpoint))).text()).endsWith('newer'),
  );
  await page.reload();
  await page.getByText('A new version of this app is ready.').waitFor({ timeout: 30_000 });
  await Promise.all([
    page.waitForEvent('load'),
    page.getByRole('button', { name: 'Reload now' }).click(),
  ]);
  await untilModelAnswers(page);
  expect(await page.getByText('A new version of this app is ready.').count()).toBe(0);
  await context.close();
});

/** Fires the sync event as the browser would: some builds have Background Sync switched off. */
async function fireSync(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  const registrationId = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.dispatchSyncEvent', {
    origin: new URL(server.endpoint).origin,
    registrationId: await registrationId,
    tag: SYNC_TAG,
    lastChance: false,
  });
}
