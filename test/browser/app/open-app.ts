import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Credentials } from '../../support/server.ts';

export type OpenApp = {
  page: Page;
  context: BrowserContext;
  /** What the page complained of: errors, and breaches of the content security policy. */
  complaints: string[];
};

type OpenOptions = {
  path?: string;
  /** The reader's decision, taken before; null asks. */
  consent?: 'granted' | 'denied' | null;
  /** Leaves the newest visit's storage behind: a second visit of the same browser. */
  context?: BrowserContext;
};

/** Opens the real app from the real server in a context of its own. */
export async function openApp(
  browser: Browser,
  server: Pick<Credentials, 'endpoint'>,
  options: OpenOptions = {},
): Promise<OpenApp> {
  const { path = '/', consent = 'granted' } = options;
  const context = options.context ?? (await browser.newContext());
  if (consent !== null && !options.context)
    await context.addInitScript(
      (value) => localStorage.setItem('edgewise.consent', value),
      consent as string,
    );
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(new URL(path, server.endpoint).href);
  return { page, context, complaints };
}

/** Waits until the status line names a model that answers. */
export const untilModelAnswers = (page: Page): Promise<void> =>
  page.getByText(/Model \d/).waitFor({ timeout: 20_000 });

/** The service worker has everything and answers for this page. */
export const untilInstalled = (page: Page) =>
  page.waitForFunction(
    async () =>
      (await navigator.serviceWorker.ready) && navigator.serviceWorker.controller !== null,
    null,
    { timeout: 60_000 },
  );

export const answerOf = (page: Page) => page.locator('#answer');

/** Fills the form in by its own example and asks. */
export async function predictExample(page: Page): Promise<void> {
  const example = page.getByRole('button', { name: 'Fill in an example' });
  if (await example.isVisible()) await example.click();
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.locator('#answer[data-source]').waitFor();
}

/** Chooses a model of the console by its link. */
export const chooseModel = (page: Page, name: RegExp): Promise<void> =>
  page.getByRole('navigation', { name: 'Models' }).getByRole('link', { name }).click();

/** Every control has a name, every id is given once, and a heading of level one says where one is. */
export async function expectAccessible(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('input, select, button, a[href]')];
    const nameOf = (element: Element): string => {
      const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
      const label = labels
        ? [...(element.labels ?? [])].map((item) => item.textContent).join(' ')
        : '';
      return (label || element.getAttribute('aria-label') || element.textContent || '').trim();
    };
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    return {
      nameless: controls
        .filter((element) => element.getAttribute('aria-hidden') !== 'true' && !nameOf(element))
        .map((element) => element.outerHTML.slice(0, 120)),
      repeated: ids.filter((id, at) => ids.indexOf(id) !== at),
      headings: document.querySelectorAll('h1').length,
      language: document.documentElement.lang,
    };
  });
  expect(found).toEqual({ nameless: [], repeated: [], headings: 1, language: 'en' });
}
