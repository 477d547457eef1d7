import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPublisher, type Publisher } from '../../web/sdk/test-support/publisher.ts';
import { TestServer } from '../../web/sdk/test-support/test-server.ts';
import { launchBrowser } from './find-browser.ts';
import type { TestPageGlobals } from './sdk-page/page.ts';
import { type SdkSite, serveSdkSite } from './sdk-site.ts';

declare const edgewise: TestPageGlobals;

const MODEL = { intercept: 10, perKm: 2, inRain: 3 };
const ROW = { distance: 4, weather: 'rain' };

let browser: Browser;
let context: BrowserContext;
let publisher: Publisher;
let site: SdkSite;
const server = new TestServer();

beforeAll(async () => {
  publisher = await createPublisher();
  site = await serveSdkSite(server);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});
beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
  server.isReachable = true;
  server.before = () => null;
  server.after = () => null;
  server.assign(await publisher.version('1.0.0', MODEL));
});

async function openPage(settings: { deadlineMs?: number } = {}): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page:', error));
  await page.goto(site.url);
  const publicKey = publisher.publicKey;
  await page.evaluate((given) => edgewise.open(given), {
    publicKey,
    targetingKey: 'u-1',
    ...settings,
  });
  return page;
}

const ready = (page: Page) => page.evaluate(() => edgewise.client.ready);
const status = (page: Page) => page.evaluate(() => edgewise.client.status);
const predict = (page: Page) => page.evaluate((row) => edgewise.client.predict(row), ROW);
const flush = (page: Page) => page.evaluate(() => edgewise.client.flush());

test('onnxruntime answers in a worker under a strict content security policy', async () => {
  const page = await openPage();
  await ready(page);
  expect((await status(page)).model).toMatchObject({ state: 'ready', version: '1.0.0' });
  const prediction = await predict(page);
  expect(prediction).toMatchObject({ value: 21, version: '1.0.0', source: 'model' });
  const explained = await page.evaluate(async (row) => {
    const made = await edgewise.client.predict(row, { record: false });
    return edgewise.client.explain(made);
  }, ROW);
  expect(explained).toMatchObject({
    status: 'explained',
    reasons: [
      { input: 'weather', contribution: 3 },
      { input: 'distance', contribution: -2 },
    ],
  });
  expect(await flush(page)).toMatchObject({ accepted: 1, waiting: 0 });
  expect(server.ledger.events.has(prediction.id as string)).toBe(true);
});

test('a killed worker is started again, and meanwhile the fallback answers', async () => {
  const page = await openPage();
  await ready(page);
  const meanwhile = await page.evaluate((row) => {
    const [worker] = edgewise.workers.slice(-1);
    worker.dispatchEvent(new ErrorEvent('error', { message: 'killed by the test' }));
    return edgewise.client.predict(row);
  }, ROW);
  expect(meanwhile).toMatchObject({ source: 'fallback', fallbackReason: 'runtime' });
  await expect.poll(async () => (await predict(page)).source).toBe('model');
});

test('predict costs at most 0.15 ms more than a bare round trip to a worker', async () => {
  const page = await openPage();
  await ready(page);
  const { files, manifest } = await publisher.version('1.0.0', MODEL);
  const modelFile = manifest.files.find(({ role }) => role === 'model');
  const model = [...(files.get(modelFile?.sha256 ?? '') ?? [])];
  const blocks = await page.evaluate(
    (bytes) =>
      edgewise.measureOverhead(edgewise.client, Uint8Array.from(bytes), { calls: 1000, blocks: 7 }),
    model,
  );
  // The quickest block of each: what else runs on this machine only adds.
  const overheadMs =
    Math.min(...blocks.map(({ predictMs }) => predictMs)) -
    Math.min(...blocks.map(({ bareMs }) => bareMs));
  expect(overheadMs).toBeLessThanOrEqual(0.15);
});
