import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { build } from 'vite';
import { launchBrowser } from '../../browser/find-browser.ts';
import type { Bench, BenchRow } from '../row.ts';
import { fitEverything } from './determinism-work.ts';

export const determinism: Bench = { name: 'determinism', run };

type Made = Record<string, string>;

async function run(): Promise<BenchRow> {
  const node = fitEverything();
  const again = fitEverything();
  const workerd = await inWorkerd();
  const { chromium, version } = await inChromium();
  const places: [string, Made][] = [
    ['Node again', again],
    ['workerd', workerd],
    ['Chromium', chromium],
  ];
  const names = Object.keys(node);
  const differing = places.flatMap(([place, made]) =>
    names.filter((name) => made[name] !== node[name]).map((name) => `${name} in ${place}`),
  );
  return {
    name: 'determinism',
    question:
      'How many models and searches differ by a byte between Node, workerd and Chromium, given seed, data and trials?',
    value: differing.length,
    unit: 'that differ',
    bar: '0: the same bytes everywhere',
    holds: differing.length === 0,
    detail: {
      differing,
      sha256: Object.fromEntries(names.map((name) => [name, sha256(node[name])])),
      bytes: Object.fromEntries(names.map((name) => [name, (node[name].length * 3) >> 2])),
      engines: { node: process.versions.v8, chromium: version },
    },
  };
}

const sha256 = (base64url: string): string =>
  createHash('sha256').update(Buffer.from(base64url, 'base64url')).digest('hex');

/** Answers every request with what it made. */
const WORKER = `import { fitEverything } from './work.js';
export default { fetch: () => Response.json(fitEverything()) };`;

async function inWorkerd(): Promise<Made> {
  const modules = [
    { type: 'ESModule' as const, path: 'main.js', contents: WORKER },
    { type: 'ESModule' as const, path: 'work.js', contents: await bundle('es') },
  ];
  const worker = { name: 'determinism', modules, compatibilityDate: '2026-01-01' };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ workers: [worker] }));
  try {
    const response = await miniflare.dispatchFetch('http://determinism/');
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Made;
  } finally {
    await miniflare.dispose();
  }
}

/** What the script leaves in the page. */
type Page = { work: { fitEverything: () => Made } };

async function inChromium(): Promise<{ chromium: Made; version: string }> {
  const content = await bundle('iife');
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content });
    const chromium = await page.evaluate(() =>
      (globalThis as unknown as Page).work.fitEverything(),
    );
    return { chromium, version: browser.version() };
  } finally {
    await browser.close();
  }
}

/** The work and all that it imports in one script, global as `work` where it is no module. */
async function bundle(format: 'es' | 'iife'): Promise<string> {
  const entry = join(import.meta.dirname, 'determinism-work.ts');
  const built = await build({
    ...{ configFile: false, logLevel: 'error' },
    build: {
      ...{ write: false, minify: false, target: 'es2023' },
      lib: { entry, formats: [format], name: 'work', fileName: 'work' },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (!('output' in first)) throw new Error('nothing was built');
  return first.output[0].code;
}
