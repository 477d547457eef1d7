import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ClassifierFile } from '../../web/sdk/test-support/classifier-graph.ts';
import { flush, predict, SdkBrowser, status } from './sdk-browser.ts';
import type { TestPageGlobals } from './sdk-page/page.ts';

declare const edgewise: TestPageGlobals;

let sdk: SdkBrowser;

beforeAll(async () => {
  sdk = await SdkBrowser.start();
});
afterAll(() => sdk.stop());
beforeEach(() => sdk.reset());

const LOG_ODDS = { intercept: -2, perKm: 0.5, inRain: 0.5 };
const LATE = 1 / (1 + Math.exp(-0.5));

async function openClassifier(classifier: ClassifierFile): Promise<Page> {
  sdk.server.assign(await sdk.publisher.version('1.0.0', { ...LOG_ODDS, classifier }));
  return sdk.openReadyPage({ isBinary: true });
}

const tell = (page: Page, id: string | null, told: string | number) =>
  page.evaluate(
    ([prediction, outcome]) => edgewise.client.recordOutcome(prediction as string, outcome),
    [id as string, told] as const,
  );

test.each([
  [{ names: 'own', needsOnnxruntime: false }, 'script'],
  [{ names: 'foreign', needsOnnxruntime: false }, 'script'],
  [{ names: 'own', needsOnnxruntime: true }, 'wasm'],
  [{ names: 'foreign', needsOnnxruntime: true }, 'wasm'],
] as const)('a classifier %o answers the positive class by %s', async (file, backend) => {
  const page = await openClassifier(file);
  expect((await status(page)).model).toMatchObject({ state: 'ready', intervalLevel: null });
  const prediction = await predict(page);
  expect(prediction).toMatchObject({ source: 'model', label: 'late' });
  expect(prediction.value).toBeCloseTo(LATE, 5);
  const explained = await page.evaluate((made) => edgewise.client.explain(made), prediction);
  if (explained.status !== 'explained') throw new Error('No reasons');
  expect(explained.reasons.map(({ input }) => input)).toEqual(['weather', 'distance']);
  expect(explained.reasons[0].contribution).toBeCloseTo(LATE - 0.5, 5);
  await tell(page, prediction.id, 'on-time');
  await flush(page);
  const { ledger } = sdk.server;
  expect(ledger.events.get(prediction.id as string)).toMatchObject({ backend });
  expect(ledger.ofType('outcome').filter((o) => o.prediction === prediction.id)).toMatchObject([
    { value: 0, predicted: prediction.value, version: '1.0.0' },
  ]);
});

test('what no class is called is an InputError on the page', async () => {
  const page = await openClassifier({ names: 'own', needsOnnxruntime: false });
  const { id } = await predict(page);
  const refused = await page.evaluate(
    (prediction) =>
      edgewise.client.recordOutcome(prediction as string, 'soon').then(
        () => 'recorded',
        (error: unknown) => error instanceof edgewise.InputError && error.message,
      ),
    id,
  );
  expect(refused).toBe('late: expected 0 or "on-time", or 1 or "late", found the text "soon"');
});

test('without a network it answers and takes outcomes, which arrive when there is one', async () => {
  const page = await openClassifier({ names: 'own', needsOnnxruntime: false });
  sdk.server.isReachable = false;
  const { id, source, label } = await predict(page);
  expect({ source, label }).toEqual({ source: 'model', label: 'late' });
  await tell(page, id, 'late');
  expect(await flush(page)).toMatchObject({ waiting: 2, stopped: { reason: 'offline' } });
  sdk.server.isReachable = true;
  expect(await flush(page)).toMatchObject({ accepted: 2, waiting: 0 });
  const outcomes = sdk.server.ledger.ofType('outcome');
  expect(outcomes.find(({ prediction }) => prediction === id)).toMatchObject({ value: 1 });
});
