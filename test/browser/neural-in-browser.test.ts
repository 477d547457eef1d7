import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rocAuc } from '../../shared/learn/metrics/ranking.ts';
import { awkwardTable, CLASSES_OF } from '../support/awkward-rows.ts';
import { expectSameAnswers } from '../support/onnx-judges.ts';
import { launchBrowser } from './find-browser.ts';
import type { TrainPageGlobals } from './neural-page/train-page.ts';

declare const neural: TrainPageGlobals;

const SITE = 'http://localhost:4173/';
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const require = createRequire(import.meta.url);
const WASM_FOLDER = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const files = await builtFiles();
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.context().route(`${SITE}**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    const headers = { 'Content-Security-Policy': POLICY };
    if (name === '') {
      const body = '<script type="module" src="/train-page.js"></script>';
      return route.fulfill({ contentType: 'text/html', headers, body });
    }
    if (name.endsWith('.wasm')) {
      const body = await readFile(join(WASM_FOLDER, name.replace('wasm/', '')));
      return route.fulfill({ contentType: 'application/wasm', headers, body });
    }
    const body = files.get(name);
    if (body === undefined) return route.fulfill({ status: 404 });
    return route.fulfill({ contentType: 'text/javascript', headers, body });
  });
  await page.goto(SITE);
});
afterAll(() => browser.close());

/** The page and its worker by file name, built as an application would. */
async function builtFiles(): Promise<Map<string, string>> {
  const root = join(import.meta.dirname, 'neural-page');
  const { output } = (await build({
    ...{ configFile: false, logLevel: 'error', root },
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(root, 'train-page.ts'),
        output: { entryFileNames: '[name].js' },
      },
    },
  })) as Rolldown.RolldownOutput;
  return new Map(
    output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : String(file.source)]),
  );
}

test('a tab trains a network and exports a graph that answers the same everywhere', async () => {
  const rows = 400;
  const { onnx, probabilities } = await page.evaluate((count) => neural.train(count), rows);
  const table = awkwardTable(rows, 2);
  const expected = Float32Array.from(probabilities);
  const scores = Float32Array.from(table.target, (_, row) => expected[2 * row + 1]);
  expect(rocAuc({ scores, positive: table.target })).toBeGreaterThan(0.95);
  await expectSameAnswers(Uint8Array.from(onnx), { table, expected, classes: CLASSES_OF.binary });
});
