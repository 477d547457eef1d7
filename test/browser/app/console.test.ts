import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelView } from '../../../shared/contracts/registry.ts';
import { api } from '../../support/api.ts';
import { removeStateDir, type Server, startServer } from '../../support/server.ts';
import { launchBrowser } from '../find-browser.ts';
import {
  chooseModel,
  expectAccessible,
  openApp,
  predictExample,
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

const model = () => api<ModelView>(server, '/v1/models/delay-prediction');

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Secret key').fill(key);
  await page.getByRole('button', { name: 'Open the console' }).click();
}

async function openConsole() {
  const opened = await openApp(browser, server, { path: '/console' });
  await signIn(opened.page, server.secretKey);
  await opened.page.getByText('Live', { exact: true }).waitFor();
  await chooseModel(opened.page, /^Delivery time/);
  return opened;
}

test('the console takes the secret key for this tab and no other key', async () => {
  const { page, context } = await openApp(browser, server, { path: '/console' });
  await signIn(page, server.publishableKey);
  await page.getByText('That key does not open the console').waitFor();
  await signIn(page, server.secretKey);
  await page.getByRole('heading', { name: 'Versions' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Versions' }).waitFor();
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByLabel('Secret key').waitFor();
  await context.close();
});

test('a console link opens once, and its code does not stay in the address', async () => {
  const link = /^console (\S+)/m.exec(server.log())?.[1];
  expect(link).toBeDefined();
  const { pathname, hash } = new URL(link as string);
  const first = await openApp(browser, server, { path: pathname + hash });
  await first.page.getByRole('heading', { name: 'Versions' }).waitFor();
  expect(first.page.url()).not.toContain('code');
  const second = await openApp(browser, server, { path: pathname + hash });
  await second.page.getByText('A console link works once').waitFor();
  await first.context.close();
  await second.context.close();
});

test('it shows the version that was seeded, and that there is too little to judge by', async () => {
  const { page, context, complaints } = await openConsole();
  const versions = page.getByRole('region', { name: 'Versions' }).first();
  await versions.getByText('0.1.0').waitFor();
  await versions.getByText('Champion').waitFor();
  await versions.getByText('rows simulated').waitFor();
  await versions.getByText('no outcomes').waitFor();
  await expectAccessible(page);
  expect(complaints).toEqual([]);
  await context.close();
});

test('the model stands in the address: it outlives a reload, goes back, and is passed on as a link', async () => {
  const { page, context } = await openConsole();
  const chosen = page.getByRole('navigation', { name: 'Models' }).locator('[aria-current]');
  await chooseModel(page, /^Customer churn/);
  await page.waitForURL('**/console/churn');
  await chosen.getByText('Customer churn').waitFor();
  await page.reload();
  await chosen.getByText('Customer churn').waitFor();
  await expect.poll(() => page.title()).toBe('Customer churn · Console · Edgewise');
  await page.goBack();
  await page.waitForURL('**/console/delay-prediction');
  await chosen.getByText('Delivery time').waitFor();
  await page.goForward();
  await chosen.getByText('Customer churn').waitFor();
  const other = await openApp(browser, server, { path: new URL(page.url()).pathname });
  await signIn(other.page, server.secretKey);
  await other.page.getByRole('heading', { name: 'Versions' }).waitFor();
  await expect.poll(() => other.page.title()).toBe('Customer churn · Console · Edgewise');
  await other.page.goto(new URL('/console/nobody', server.endpoint).href);
  await other.page.getByText('There is no model “nobody” here').waitFor();
  await expectAccessible(other.page);
  await other.context.close();
  await context.close();
});

test('a part of the page has an address of its own, which a reload comes back to', async () => {
  const { page, context } = await openConsole();
  const parts = page.getByRole('navigation', { name: 'On this page' });
  await parts.getByRole('link', { name: 'Drift' }).click();
  await page.waitForURL('**/console/delay-prediction#drift');
  const top = () => page.locator('#drift').evaluate((part) => part.getBoundingClientRect().top);
  const height = page.viewportSize()?.height ?? 0;
  await expect.poll(top).toBeLessThan(height);
  await page.reload();
  await page.locator('#drift').waitFor();
  await expect.poll(top).toBeLessThan(height);
  await context.close();
});

test('predictions of a browser elsewhere arrive without a reload', async () => {
  const { page, context } = await openConsole();
  const visitor = await openApp(browser, server);
  await untilModelAnswers(visitor.page);
  await predictExample(visitor.page);
  await visitor.page.getByLabel('What really happened?').fill('40');
  await visitor.page.getByRole('button', { name: 'Record' }).click();
  await page.getByText(/1 prediction, 1 outcome/).waitFor({ timeout: 30_000 });
  await page.getByText(/mean of 1,/).waitFor();
  await page
    .getByText(/Too little data: 1 of 200/)
    .first()
    .waitFor();
  await visitor.context.close();
  await context.close();
});

test('the kill switch asks, works, is on record, and can be taken back', async () => {
  const { page, context } = await openConsole();
  await page.getByRole('button', { name: 'Switch off …' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  const asker = page.getByRole('button', { name: 'Switch off …' });
  await expect.poll(() => asker.evaluate((node) => node === document.activeElement)).toBe(true);
  expect((await model()).mlEnabled).toBe(true);
  await page.getByRole('button', { name: 'Switch off …' }).click();
  await page.getByRole('button', { name: 'Switch off', exact: true }).click();
  await page.getByText('Switched off', { exact: true }).waitFor();
  expect((await model()).mlEnabled).toBe(false);
  await page.getByText('model switched off').waitFor();
  await page.getByRole('button', { name: 'Switch on …' }).click();
  await page.getByRole('button', { name: 'Switch on', exact: true }).click();
  await page.getByText('The model answers').waitFor();
  expect((await model()).mlEnabled).toBe(true);
  await context.close();
});

test('the share of traffic is set, and a share that is none is not', async () => {
  const { page, context } = await openConsole();
  const share = page.getByLabel('Traffic that may get a model');
  await share.fill('140');
  await page.getByText('Please give 0 to 100.').waitFor();
  await share.fill('60');
  await page.getByRole('button', { name: 'Set' }).click();
  await page.getByText('60% of traffic may get a model').waitFor();
  expect((await model()).trafficPercentage).toBe(60);
  await context.close();
});

test('what changes elsewhere shows by itself', async () => {
  const { page, context } = await openConsole();
  await api(server, '/v1/models/delay-prediction', {
    method: 'PATCH',
    body: { trafficPercentage: 35 },
  });
  await page.waitForFunction(
    () => document.querySelector<HTMLInputElement>('#traffic')?.value === '35',
  );
  await context.close();
});

test('a server that goes away is said so, and the page goes on by itself when it is back', async () => {
  const { page, context } = await openConsole();
  await server.stop();
  await page.getByText('Reconnecting …').waitFor();
  await page.getByText('The server cannot be reached right now.').waitFor();
  const port = Number(new URL(server.endpoint).port);
  server = await startServer({ stateDir: server.stateDir, port });
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText('The server cannot be reached right now.').waitFor({ state: 'detached' });
  await context.close();
});
