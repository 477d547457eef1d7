import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useCases } from '../../../models/registry.ts';
import type { ModelSummary } from '../../../shared/contracts/registry.ts';
import { api } from '../../support/api.ts';
import { removeStateDir, type Server, startServer } from '../../support/server.ts';
import { waitFor } from '../../support/wait.ts';
import { blockStorage } from '../blocked-storage.ts';
import { launchBrowser } from '../find-browser.ts';
import {
  answerOf,
  expectAccessible,
  openApp,
  predictExample,
  untilModelAnswers,
} from './open-app.ts';

const MODEL = '/v1/models/delay-prediction';
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

const setModel = (body: object) => api(server, MODEL, { method: 'PATCH', body });
const summary = () => api<ModelSummary>(server, `${MODEL}/summary`);

test.each(useCases.map((useCase, i) => [useCase.id, useCase, i] as const))(
  'the form of %s is made from its declaration',
  async (_, useCase, i) => {
    const path = i === 0 ? '/' : `/use/${useCase.id}`;
    const { page, complaints, context } = await openApp(browser, server, { path });
    await page.getByRole('heading', { level: 1, name: useCase.title }).waitFor();
    await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''));
    for (const input of useCase.inputs) {
      const field = page.locator(`#field-${input.name}`);
      await field.waitFor({ state: 'attached' });
      if (input.type === 'number') await page.getByLabel(input.label, { exact: true }).waitFor();
    }
    await expectAccessible(page);
    expect(complaints).toEqual([]);
    await context.close();
  },
);

test('where the browser allows no storage at all the page still answers, and takes a decision', async () => {
  const blocked = await browser.newContext();
  await blockStorage(blocked);
  const { page, complaints } = await openApp(browser, server, { context: blocked });
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await untilModelAnswers(page);
  await predictExample(page);
  await answerOf(page).getByText('Version 0.1.0 answered on this device').waitFor();
  expect(complaints.filter((text) => !text.includes('local storage'))).toEqual([]);
  await blocked.close();
});

test('the model answers in the browser, with its interval, its reasons and its version', async () => {
  const { page, complaints, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await predictExample(page);
  const answer = answerOf(page);
  await answer.getByText('Version 0.1.0 answered on this device').waitFor();
  await answer.getByText(/Nine times out of ten between \d/).waitFor();
  await answer.getByRole('list').getByText('Distance').waitFor();
  expect(await answer.getAttribute('data-source')).toBe('model');
  expect(await answer.getByRole('img').getAttribute('aria-label')).toMatch(/likely between/);
  await expectAccessible(page);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a classifier that was trained here answers a chance, and what its button tells is judged', async () => {
  const { page, complaints, context } = await openApp(browser, server, { path: '/use/churn' });
  await untilModelAnswers(page);
  await predictExample(page);
  const answer = answerOf(page);
  await answer.getByText(/^Leaves: .* in 100 such cases\.$/).waitFor();
  await answer
    .getByText(/[+−]\d.*\spts/)
    .first()
    .waitFor();
  expect(await answer.getAttribute('data-source')).toBe('model');
  await answer.getByRole('button', { name: 'Stays' }).click();
  await page.getByText('Thank you.').waitFor();
  const judged = async () => {
    const { versions } = await api<ModelSummary>(server, '/v1/models/churn/summary');
    return versions.some(({ classifier }) => classifier?.brier != null);
  };
  await waitFor('the Brier score', judged);
  expect(complaints).toEqual([]);
  await context.close();
});

test('a keyboard is enough: from the first field to the outcome', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await page.locator('#field-Distance_km').focus();
  await page.keyboard.type('6,5');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.locator('#answer[data-source]').waitFor();
  await page.getByLabel('What really happened?').focus();
  await page.keyboard.type('41');
  await page.keyboard.press('Enter');
  await page.locator(':focus', { hasText: 'Thank you.' }).waitFor();
  await waitFor('the outcome', async () => (await summary()).totals.outcomes >= 1);
  await context.close();
});

test('what is missing is asked for at its field; what is unusual is answered with a warning', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.getByText('Please give a number in km.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('field-Distance_km');
  await page.getByLabel('Distance', { exact: true }).fill('40');
  await page.getByText('Outside the usual 0.1 to 25 km').waitFor();
  await page.getByRole('button', { name: 'Predict' }).click();
  await answerOf(page).getByText('outside what is usual').waitFor();
  await context.close();
});

test('changing a value after an answer shows a what-if that is not recorded', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await predictExample(page);
  const recorded = await answerOf(page).getAttribute('data-prediction');
  await page.getByLabel('Distance', { exact: true }).fill('20');
  await page.getByText('What if · not recorded').waitFor();
  expect(await answerOf(page).getAttribute('data-prediction')).toBe(recorded);
  await context.close();
});

test('sharing is asked once; who declines still gets answers, and nothing is sent', async () => {
  const { page, context } = await openApp(browser, server, { consent: null });
  await page.getByRole('button', { name: 'Keep on this device' }).click();
  await page.getByText('Nothing is sent').waitFor();
  await untilModelAnswers(page);
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/telemetry/')) sent.push(request.url());
  });
  await predictExample(page);
  expect(await answerOf(page).getAttribute('data-prediction')).toBeNull();
  await page.reload();
  await page.getByText('Nothing is sent').waitFor();
  expect(await page.getByRole('button', { name: 'Share', exact: true }).count()).toBe(0);
  expect(sent).toEqual([]);
  await context.close();
});

test('the kill switch reaches an open page, which says who answers and why', async () => {
  const { page, context } = await openApp(browser, server);
  await untilModelAnswers(page);
  await setModel({ mlEnabled: false });
  await page.getByText('Model switched off, the built-in estimate answers').waitFor();
  await predictExample(page);
  await answerOf(page)
    .getByText('The built-in estimate answered because the model has been switched off')
    .waitFor();
  expect(await answerOf(page).getAttribute('data-reason')).toBe('killed');
  await setModel({ mlEnabled: true });
  await untilModelAnswers(page);
  await context.close();
});

test('the secret key is in nothing that a browser gets', async () => {
  const folder = join(server.stateDir, 'app');
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
  );
  expect(texts.some((text) => text.includes(server.publishableKey))).toBe(true);
  expect(texts.some((text) => text.includes(server.secretKey))).toBe(false);
});
