import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { renderHtml } from '../../shared/report/html/render-html.ts';
import { shapeOfSamples } from '../../shared/report/kinds/column-shape.ts';
import { summaryOfSamples } from '../../shared/report/kinds/column-summary.ts';
import { driftReport } from '../../shared/report/kinds/drift-report.ts';
import { compareTables, type TableColumn } from '../../shared/stats/drift/compare-tables.ts';
import { launchBrowser } from './find-browser.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

let browser: Browser;
let folder: string;
let address: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'edgewise-report-'));
  await writeFile(join(folder, 'report.html'), pageOfTwelve());
  address = pathToFileURL(join(folder, 'report.html')).href;
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** Twelve columns; the first two moved. */
function pageOfTwelve(): string {
  const rng = createRng(1);
  const sample = (shift: number) => ({
    type: 'number' as const,
    values: Float64Array.from({ length: 300 }, () => normal(rng) + shift),
  });
  const columns: TableColumn[] = Array.from({ length: 12 }, (_, i) => ({
    column: i === 3 ? HOSTILE : `column ${String.fromCharCode(97 + i)}`,
    pair: { reference: sample(0), current: sample(i < 2 ? 1 + i : 0) },
  }));
  const drift = compareTables(columns, { methods: ['auto'], alpha: 0.05, rng });
  const lookAt = (name: string) => {
    const { pair } = columns.find(({ column }) => column === name)!;
    return { shape: shapeOfSamples(pair), summary: summaryOfSamples(pair) };
  };
  const about = { title: 'Drift', subject: 'twelve columns', alpha: 0.05, lookAt };
  return renderHtml(driftReport(drift, about));
}

/** The page, and everything that it did and must not have done. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage(options);
  const wrong: string[] = [];
  page.on('console', (message) => wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('dialog', (dialog) => {
    wrong.push('a dialog');
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== address) wrong.push(request.url());
  });
  await page.goto(address);
  return { page, wrong };
}

const namesIn = (page: Page): Promise<string[]> =>
  page.locator('main > section >> nth=0').locator('tbody th:visible').allTextContents();

test('a report sorts, finds, opens all and turns dark under its own policy, and asks for nothing', async () => {
  const { page, wrong } = await open();
  expect((await namesIn(page)).slice(0, 2)).toEqual(['column b', 'column a']);
  await page.getByRole('button', { name: 'Column' }).click();
  const descending = await namesIn(page);
  expect(descending).toEqual([...descending].sort((a, b) => b.localeCompare(a)));
  await page.getByRole('button', { name: 'Column' }).click();
  expect(await namesIn(page)).toEqual(descending.toReversed());
  expect(await page.locator('th[aria-sort=ascending]').textContent()).toBe('Column');
  await page.getByLabel('Find by name').fill('COLUMN c');
  expect(await namesIn(page)).toEqual(['column c']);
  await page.getByLabel('Find by name').fill('');
  await page.getByRole('button', { name: 'Open all' }).click();
  expect(await page.locator('details[open]:not(.numbers)').count()).toBe(12);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await background();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  expect(await background()).not.toBe(before);
  await page.locator('rect.hint').first().hover();
  expect(await page.locator('.tip').textContent()).toMatch(/reference .* %, current .* %/);
  expect(wrong).toEqual([]);
  await page.close();
});

test('a link leads into the fold it names and opens it', async () => {
  const { page, wrong } = await open();
  await page.getByRole('link', { name: 'column f' }).click();
  const fold = page.locator('details', { has: page.getByRole('heading', { name: 'column f' }) });
  await expect.poll(() => fold.getAttribute('open')).toBe('');
  expect(wrong).toEqual([]);
  await page.close();
});

test('without scripts it is read: verdict, figures and their numbers, folds that open; printed, all are open', async () => {
  const { page, wrong } = await open({ javaScriptEnabled: false, colorScheme: 'dark' });
  await page.getByText('2 of 12 columns moved beyond chance').waitFor();
  expect(await page.locator('.tools').isVisible()).toBe(false);
  const fold = page.locator('details', { has: page.getByRole('heading', { name: 'column f' }) });
  const inside = fold.locator('.inside > .scroll').first();
  expect(await inside.isVisible()).toBe(false);
  await fold.locator('summary').first().click();
  expect(await inside.isVisible()).toBe(true);
  await fold.locator('summary').first().click();
  await page.emulateMedia({ media: 'print' });
  expect((await inside.boundingBox())?.height).toBeGreaterThan(50);
  const paper = await page
    .locator('body')
    .evaluate((body) => getComputedStyle(body).backgroundColor);
  expect(paper).toBe('rgb(255, 255, 255)');
  expect(wrong).toEqual([]);
  await page.close();
});
