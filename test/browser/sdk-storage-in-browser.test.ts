import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { blockStorage } from './blocked-storage.ts';
import { flush, predict, ROW, SdkBrowser, status } from './sdk-browser.ts';
import type { TestPageGlobals } from './sdk-page/page.ts';

declare const edgewise: TestPageGlobals;

let sdk: SdkBrowser;

beforeAll(async () => {
  sdk = await SdkBrowser.start();
});
afterAll(() => sdk.stop());
beforeEach(() => sdk.reset());

test('offline, a tab opened again predicts with the model, and each event arrives once when the network is back', async () => {
  const first = await sdk.openReadyPage();
  sdk.server.isReachable = false;
  const ids: (string | null)[] = [];
  for (let i = 0; i < 10; i++) ids.push((await predict(first)).id);
  await first.evaluate((id) => edgewise.client.recordOutcome(id, 25), ids[0] as string);
  await first.close();
  const second = await sdk.openReadyPage();
  const offline = await predict(second);
  expect(offline).toMatchObject({
    value: 21,
    source: 'model',
    assignment: { reason: 'CACHED' },
  });
  await second.evaluate((id) => edgewise.client.recordOutcome(id, 30), ids[1] as string);
  sdk.server.isReachable = true;
  await expect.poll(async () => (await flush(second)).waiting).toBe(0);
  const received = [...sdk.server.ledger.events.keys()];
  expect([...ids, offline.id].filter((id) => !received.includes(id as string))).toEqual([]);
  const outcomes = sdk.server.ledger.ofType('outcome').map((event) => event.prediction);
  expect(outcomes).toEqual(expect.arrayContaining([ids[0], ids[1]]));
});

test('storage that was erased under an open page costs no answer, and is reported by the next one', async () => {
  const page = await sdk.openReadyPage();
  await page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase('edgewise');
        request.onsuccess = resolve;
        request.onerror = reject;
      }),
  );
  const after = await predict(page);
  expect(after.source).toBe('model');
  expect(await flush(page)).toMatchObject({ waiting: 0, stopped: null });
  expect(sdk.server.ledger.events.has(after.id as string)).toBe(true);
  const next = await sdk.openReadyPage();
  expect((await status(next)).storage).toMatchObject({ kind: 'indexeddb', evicted: true });
});

test('where the browser allows no storage at all the model answers, and its events arrive', async () => {
  await blockStorage(sdk.context);
  const page = await sdk.openReadyPage();
  const prediction = await predict(page);
  expect(prediction).toMatchObject({ value: 21, source: 'model' });
  expect((await status(page)).storage).toMatchObject({ kind: 'memory', evicted: false });
  expect(await flush(page)).toMatchObject({ waiting: 0, stopped: null });
  expect(sdk.server.ledger.events.has(prediction.id as string)).toBe(true);
});

test('a full disk drops the oldest predictions, counts each of them, and keeps outcomes', async () => {
  const blank = await sdk.context.newPage();
  const devtools = await sdk.context.newCDPSession(blank);
  const origin = new URL(sdk.site.url).origin;
  await devtools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 120_000 });
  const page = await sdk.openReadyPage();
  sdk.server.isReachable = false;
  const { id } = await predict(page);
  await page.evaluate((known) => edgewise.client.recordOutcome(known, 25), id as string);
  const before = sdk.server.ledger.ofType('prediction').length;
  const droppedBefore = sdk.server.ledger.dropped.quota;
  const full = await page.evaluate(async (row) => {
    for (let i = 0; i < 24_000; i++) await edgewise.client.predict(row);
    await edgewise.client.flush();
    return edgewise.client.status;
  }, ROW);
  expect(full.outbox.dropped.quota).toBeGreaterThan(0);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin });
  sdk.server.isReachable = true;
  await expect.poll(async () => (await flush(page)).waiting, { timeout: 20_000 }).toBe(0);
  expect(sdk.server.ledger.ofType('outcome').some((event) => event.prediction === id)).toBe(true);
  // The next batch from the disk carries the count of what the disk gave up.
  await predict(page);
  await expect.poll(async () => (await flush(page)).waiting).toBe(0);
  const received = sdk.server.ledger.ofType('prediction').length - before;
  expect(received + sdk.server.ledger.dropped.quota - droppedBefore).toBe(24_002);
});

test('two tabs of one device send together, and nothing arrives twice', async () => {
  const tabs = [await sdk.openReadyPage(), await sdk.openReadyPage()];
  sdk.server.isReachable = false;
  const made = await Promise.all(
    tabs.flatMap((tab) => Array.from({ length: 20 }, () => predict(tab))),
  );
  sdk.server.isReachable = true;
  const reports = await Promise.all(tabs.map(flush));
  expect(reports.map(({ stopped }) => stopped)).toEqual([null, null]);
  const received = [...sdk.server.ledger.events.keys()];
  expect(made.filter(({ id }) => !received.includes(id as string))).toEqual([]);
  const devices = new Set(made.map(({ id }) => id?.split('.')[0]));
  const writers = new Set(made.map(({ id }) => id?.split(':')[0]));
  expect([devices.size, writers.size]).toEqual([1, 2]);
});

test('what a page holds when it is closed is committed on its way out', async () => {
  const page = await sdk.openReadyPage();
  await flush(page);
  const { id } = await predict(page);
  await page.goto('about:blank');
  const next = await sdk.openReadyPage();
  await flush(next);
  expect(sdk.server.ledger.events.has(id as string)).toBe(true);
});

test('a page that is hidden sends what it holds', async () => {
  const page = await sdk.openReadyPage();
  await flush(page);
  const { id } = await predict(page);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(() => sdk.server.ledger.events.has(id as string), { timeout: 900 }).toBe(true);
});

test('a service worker sends what a closed tab left behind', async () => {
  const page = await sdk.openReadyPage();
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/service-worker.js', { type: 'module' });
    await navigator.serviceWorker.ready;
  });
  sdk.server.isReachable = false;
  const { id } = await predict(page);
  await flush(page);
  await page.goto('about:blank');
  sdk.server.isReachable = true;
  await dispatchSync(page);
  await expect.poll(() => sdk.server.ledger.events.has(id as string)).toBe(true);
});

/** Fires the Background Sync event, which the packaged browser never does by itself. */
async function dispatchSync(page: Page): Promise<void> {
  const devtools = await sdk.context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === sdk.site.url);
      if (found) resolve(found.registrationId);
    });
  });
  await devtools.send('ServiceWorker.enable');
  await devtools.send('ServiceWorker.dispatchSyncEvent', {
    origin: new URL(sdk.site.url).origin,
    registrationId: await registered,
    tag: 'edgewise-outbox',
    lastChance: true,
  });
}
