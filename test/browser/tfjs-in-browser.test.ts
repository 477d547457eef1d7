import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { linearTfjsModel } from '../support/tfjs-model.ts';
import { MODEL, predict, SdkBrowser, status } from './sdk-browser.ts';
import type { TestPageGlobals } from './sdk-page/page.ts';

declare const edgewise: TestPageGlobals;

/** The same answers as the graph of MODEL: distance, sun, rain. */
const LINEAR = linearTfjsModel([MODEL.perKm, 0, MODEL.inRain], MODEL.intercept);

let sdk: SdkBrowser;

beforeAll(async () => {
  sdk = await SdkBrowser.start();
});
afterAll(() => sdk.stop());
beforeEach(() => sdk.reset());

const assignTfjs = async (file: Uint8Array<ArrayBuffer>) =>
  sdk.server.assign(await sdk.publisher.version('2.0.0', { ...MODEL, file }, { format: 'tfjs' }));

const asked = (page: Page, row: { distance: number | null; weather: string }) =>
  page.evaluate((given) => edgewise.client.predict(given), row);

test('a tfjs model answers raw rows in a worker under a strict content security policy', async () => {
  await assignTfjs(LINEAR);
  const page = await sdk.openReadyPage();
  expect((await status(page)).model).toMatchObject({ state: 'ready', version: '2.0.0' });
  const prediction = await predict(page);
  expect(prediction).toMatchObject({ value: 21, version: '2.0.0', source: 'model' });
  // The baseline stands for a missing distance, as the probe rows have checked.
  expect((await asked(page, { distance: null, weather: 'rain' })).value).toBe(23);
  const explained = await page.evaluate(async () => {
    const made = await edgewise.client.predict({ distance: 4, weather: 'rain' });
    return edgewise.client.explain(made);
  });
  expect(explained).toMatchObject({
    reasons: [
      { input: 'weather', contribution: 3 },
      { input: 'distance', contribution: -2 },
    ],
  });
});

test('it answers without a network once it was there', async () => {
  await assignTfjs(LINEAR);
  const page = await sdk.openReadyPage();
  sdk.server.isReachable = false;
  await page.reload();
  await page.evaluate((given) => edgewise.open(given), {
    publicKey: sdk.publisher.publicKey,
    targetingKey: 'u-1',
  });
  await expect.poll(async () => (await predict(page)).source, { timeout: 20_000 }).toBe('model');
});

test('a tfjs model that misses its probe rows is refused, and the fallback answers', async () => {
  await assignTfjs(linearTfjsModel([1, 0, 0], 0));
  const page = await sdk.openPage();
  await expect.poll(async () => (await status(page)).model.state).toBe('failed');
  expect((await predict(page)).source).toBe('fallback');
});

test('bytes that are no tfjs model are refused by name', async () => {
  await assignTfjs(Uint8Array.of(1, 2, 3));
  const page = await sdk.openPage();
  await expect.poll(async () => (await status(page)).model.state).toBe('failed');
  expect(JSON.stringify(await status(page))).toContain('not_a_tfjs_model');
});

test('tfjs is fetched for a tfjs model, and for no other', async () => {
  const fetched: string[] = [];
  sdk.context.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const page = await sdk.openReadyPage();
  const scripts = () => fetched.filter((path) => path.endsWith('.js'));
  expect(scripts().length).toBeGreaterThan(1);
  expect(scripts().filter((path) => path.includes('tfjs'))).toEqual([]);
  await assignTfjs(LINEAR);
  sdk.site.pushFlags();
  await expect.poll(async () => (await predict(page)).version, { timeout: 20_000 }).toBe('2.0.0');
  expect(scripts().some((path) => path.includes('tfjs-worker'))).toBe(true);
});
