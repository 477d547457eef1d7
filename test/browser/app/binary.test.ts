import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  createPublisher,
  OWN_FILE,
  type Publisher,
} from '../../../web/sdk/test-support/publisher.ts';
import { TestServer } from '../../../web/sdk/test-support/test-server.ts';
import { launchBrowser } from '../find-browser.ts';
import type { TestSite } from '../test-site.ts';
import { serveBinaryApp } from './binary-site.ts';
import {
  answerOf,
  expectAccessible,
  openApp,
  predictExample,
  untilInstalled,
  untilModelAnswers,
} from './open-app.ts';

/** Log-odds: -2 + 0.05 km, and 0.9 more in rain. */
const MODEL = { intercept: -2, perKm: 0.05, inRain: 0.9, classifier: OWN_FILE };
const server = new TestServer();
let publisher: Publisher;
let site: TestSite;
let browser: Browser;

beforeAll(async () => {
  publisher = await createPublisher();
  [site, browser] = await Promise.all([
    serveBinaryApp(server, publisher.publicKey),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});
beforeEach(async () => {
  server.isReachable = true;
  server.assign(await publisher.version('1.0.0', MODEL));
});

const open = () => openApp(browser, { endpoint: site.url });

/** Asks for a parcel that goes so far in the sun. */
async function ask(page: Page, km: number): Promise<string> {
  await predictExample(page);
  await page.getByLabel('Distance', { exact: true }).fill(String(km));
  const before = await answerOf(page).getAttribute('data-prediction');
  await page.getByRole('button', { name: 'Predict' }).click();
  await expect.poll(() => answerOf(page).getAttribute('data-prediction')).not.toBe(before);
  return (await answerOf(page).getAttribute('data-prediction')) as string;
}

const outcomeOf = (id: string) => server.ledger.ofType('outcome').find((o) => o.prediction === id);

test('the answer is a chance in per cent and in words, with its class and the threshold, and no interval', async () => {
  const { page, complaints, context } = await open();
  await untilModelAnswers(page);
  await ask(page, 38);
  const answer = answerOf(page);
  await answer.getByText('Late: about as likely as not, 48 in 100 such cases.').waitFor();
  await answer.getByText('Taken as Late: from 40% on.').waitFor();
  await answer.getByText('+33 pts').waitFor();
  await answer.getByText('in percentage points').waitFor();
  expect(await answer.getByRole('img').getAttribute('aria-label')).toBe(
    '48% on a scale to 100%, with the threshold at 40%',
  );
  expect(await answer.getByText(/between|uncertainty/).count()).toBe(0);
  await page.getByLabel('Distance', { exact: true }).fill('20');
  await answer.getByText('−21 pts against your prediction').waitFor();
  await answer.getByText('Taken as On time: below 40%.').waitFor();
  await expectAccessible(page);
  expect(complaints).toEqual([]);
  await context.close();
});

test('what happened is told by the button of its class, now or on a later visit, and travels as 0 or 1', async () => {
  const { page, context } = await open();
  await untilModelAnswers(page);
  const first = await ask(page, 38);
  const asked = page.getByRole('group', { name: 'What really happened?', exact: true });
  await asked.getByRole('button', { name: 'On time' }).click();
  await page.getByText('On time: not what was predicted, the answer had given it 52%.').waitFor();
  const second = await ask(page, 60);
  await page.reload();
  const waiting = page.getByRole('region', { name: 'Waiting to hear what happened' });
  await waiting
    .getByRole('listitem')
    .filter({ hasText: '60 km' })
    .getByRole('button', { name: 'Late' })
    .click();
  await expect.poll(() => outcomeOf(second)).toMatchObject({ value: 1, version: '1.0.0' });
  expect(outcomeOf(first)).toMatchObject({ value: 0, version: '1.0.0' });
  await context.close();
});

test('a version of another threshold decides by it in an application that was built before it', async () => {
  const { page, context } = await open();
  await untilModelAnswers(page);
  await ask(page, 38);
  const answer = answerOf(page);
  await answer.getByText('Taken as Late: from 40% on.').waitFor();
  const { task } = (await publisher.version('0.0.0', MODEL)).manifest;
  const change = { task: { ...task, threshold: 0.6 } as typeof task };
  server.assign(await publisher.version('1.1.0', MODEL, change));
  site.pushFlags();
  await expect
    .poll(async () => {
      await ask(page, 38);
      return answer.getAttribute('data-version');
    })
    .toBe('1.1.0');
  await answer.getByText('Taken as On time: below 60%.').waitFor();
  await answer.getByRole('button', { name: 'Late' }).click();
  await page.getByText('Late: not what was predicted, the answer had given it 48%.').waitFor();
  await context.close();
});

test('with the model switched off the rule of thumb answers a chance, and says what it is', async () => {
  const { page, context } = await open();
  await untilModelAnswers(page);
  server.kill();
  site.pushFlags();
  await page.getByText('Model switched off, the built-in estimate answers').waitFor();
  await predictExample(page);
  const answer = answerOf(page);
  await answer.getByText('Late: unlikely, by a rule of thumb.').waitFor();
  await answer.getByText('Taken as On time: below 40%.').waitFor();
  await context.close();
});

test('after one visit it answers and takes what happened without a network', async () => {
  const { page, context } = await open();
  await untilModelAnswers(page);
  await untilInstalled(page);
  await context.setOffline(true);
  await page.reload();
  await untilModelAnswers(page);
  const id = await ask(page, 60);
  expect(await answerOf(page).getAttribute('data-source')).toBe('model');
  await answerOf(page).getByRole('button', { name: 'Late' }).click();
  await page.getByText('Late: as predicted, the answer had given it 73%.').waitFor();
  expect(outcomeOf(id)).toBeUndefined();
  await context.setOffline(false);
  await page.getByText('Everything delivered').waitFor({ timeout: 30_000 });
  expect(outcomeOf(id)).toMatchObject({ value: 1 });
  await context.close();
});
