import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrowser, launchBrowser, launchProfile } from './find-browser.ts';

const server = createServer((_, response) => {
  response.setHeader('Content-Type', 'text/html');
  response.end('<!doctype html><title>edgewise</title>');
});
let url = '';

beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://localhost:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise<void>((done) => server.close(() => done())));

test('a browser is found and runs a page in a secure context with IndexedDB and service workers', async () => {
  expect(existsSync((await findBrowser()).executablePath)).toBe(true);
  const browser: Browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const abilities = await page.evaluate(() => ({
      title: document.title,
      secure: isSecureContext,
      storage: 'indexedDB' in globalThis,
      serviceWorker: 'serviceWorker' in navigator,
      wasm: typeof WebAssembly.instantiate,
    }));
    expect(abilities).toEqual({
      title: 'edgewise',
      secure: true,
      storage: true,
      serviceWorker: true,
      wasm: 'function',
    });
  } finally {
    await browser.close();
  }
});

test('a profile keeps what a page stored when its tab is closed and reopened', async () => {
  const profile = await launchProfile();
  try {
    const first = await profile.context.newPage();
    await first.goto(url);
    await first.evaluate(() => localStorage.setItem('kept', 'yes'));
    await first.close();
    const second = await profile.context.newPage();
    await second.goto(url);
    expect(await second.evaluate(() => localStorage.getItem('kept'))).toBe('yes');
  } finally {
    await profile.close();
  }
});
