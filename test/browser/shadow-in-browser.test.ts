import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { flush, MODEL, predict, SdkBrowser, status } from './sdk-browser.ts';
import type { TestPageGlobals } from './sdk-page/page.ts';

declare const edgewise: TestPageGlobals;

let sdk: SdkBrowser;

beforeAll(async () => {
  sdk = await SdkBrowser.start();
});
afterAll(() => sdk.stop());
beforeEach(() => sdk.reset());

test('a challenger answers in a worker of its own, later, for nobody, and goes when it is told to', async () => {
  sdk.server.shadow(await sdk.publisher.version('2.0.0', { ...MODEL, intercept: 50 }));
  const page = await sdk.openReadyPage();
  const workers = () => page.evaluate(() => edgewise.workers.length);
  await expect.poll(workers, { timeout: 20_000 }).toBe(2);
  const shadows = async () => {
    const prediction = await predict(page);
    expect(prediction).toMatchObject({ value: 21, version: '1.0.0', source: 'model' });
    await flush(page);
    return sdk.server.ledger.ofType('shadow');
  };
  await expect.poll(async () => (await shadows()).length, { timeout: 20_000 }).toBeGreaterThan(1);
  const [told] = sdk.server.ledger.ofType('shadow');
  expect(told).toMatchObject({ version: '2.0.0', value: 61, champion: 21 });
  expect(told.backend).toBeDefined();
  expect((await status(page)).model).toMatchObject({ state: 'ready', version: '1.0.0' });
  await expect.poll(async () => (await status(page)).flags.live).toBe(true);
  sdk.server.shadow(null);
  sdk.site.pushFlags();
  await expect
    .poll(async () => (await status(page)).flags.version)
    .toBe(sdk.server.ledger.flagsVersion);
  const before = (await shadows()).length;
  for (let i = 0; i < 3; i++) await predict(page);
  expect(await shadows()).toHaveLength(before);
});
