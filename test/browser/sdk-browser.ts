import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createPublisher, type Publisher } from '../../web/sdk/test-support/publisher.ts';
import { TestServer } from '../../web/sdk/test-support/test-server.ts';
import { launchBrowser } from './find-browser.ts';
import type { TestPageGlobals } from './sdk-page/page.ts';
import { serveSdkSite } from './sdk-site.ts';
import type { TestSite } from './test-site.ts';

declare const edgewise: TestPageGlobals;

export const MODEL = { intercept: 10, perKm: 2, inRain: 3 };
export const ROW = { distance: 4, weather: 'rain' };

/** A browser, a built page that embeds the SDK, and a server that both talk to over HTTP. */
export class SdkBrowser {
  readonly server: TestServer;
  readonly publisher: Publisher;
  readonly site: TestSite;
  /** A fresh one for each test: nothing is stored in it. */
  context!: BrowserContext;
  readonly #browser: Browser;

  private constructor(server: TestServer, parts: [Publisher, TestSite, Browser]) {
    this.server = server;
    [this.publisher, this.site, this.#browser] = parts;
  }

  static async start(): Promise<SdkBrowser> {
    const server = new TestServer();
    return new SdkBrowser(server, [
      await createPublisher(),
      await serveSdkSite(server),
      await launchBrowser(),
    ]);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.site.close();
  }

  /** A device nobody has seen, and version 1.0.0 assigned to it. */
  async reset(): Promise<void> {
    await this.context?.close();
    this.context = await this.#browser.newContext();
    this.server.isReachable = true;
    this.server.assign(await this.publisher.version('1.0.0', MODEL));
  }

  async openPage(settings: { deadlineMs?: number; isBinary?: boolean } = {}): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.site.url);
    await page.evaluate((given) => edgewise.open(given), {
      publicKey: this.publisher.publicKey,
      targetingKey: 'u-1',
      ...settings,
    });
    return page;
  }

  async openReadyPage(settings: { isBinary?: boolean } = {}): Promise<Page> {
    const page = await this.openPage(settings);
    await page.evaluate(() => edgewise.client.ready);
    return page;
  }
}

export const status = (page: Page) => page.evaluate(() => edgewise.client.status);
export const predict = (page: Page) => page.evaluate((row) => edgewise.client.predict(row), ROW);
export const flush = (page: Page) => page.evaluate(() => edgewise.client.flush());
