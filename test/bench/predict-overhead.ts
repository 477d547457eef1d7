import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { delayPrediction as useCase } from '../../models/delay-prediction/use-case.ts';
import type { VersionView } from '../../shared/contracts/registry.ts';
import { simulateTable } from '../../shared/simulate/simulate-rows.ts';
import { launchBrowser } from '../browser/find-browser.ts';
import { api } from '../support/api.ts';
import { rollOut, trainAndPublish } from '../support/publish.ts';
import { startWorkerd, type Workerd } from '../support/workerd.ts';
import type { PredictBench, Timings } from './predict-page/page.ts';
import { type Bench, type BenchRow, median, quantile } from './row.ts';

const VERSION = '1.0.0';
const BLOCKS = 9;
const CALLS = 1000;
const BAR_MS = 0.15;

declare const bench: PredictBench;

export const predictOverhead: Bench = { name: 'predict-overhead', run };

async function run(): Promise<BenchRow> {
  const site = await buildPage();
  const server = await startWorkerd({ assets: site });
  try {
    const table = simulateTable(useCase, { rows: 2000, seed: 1 });
    await trainAndPublish({ server, key: server.publisher, useCase, table, version: VERSION });
    await rollOut(server, useCase.id, { version: VERSION, strategy: 'all' });
    return report(await timings(server));
  } finally {
    await server.stop();
    await rm(site, { recursive: true, force: true });
  }
}

function report({ isIsolated, blocks, singles }: Timings): BenchRow {
  const p50 = {
    bareMs: median(blocks.map(({ bareMs }) => bareMs)),
    predictMs: median(blocks.map(({ predictMs }) => predictMs)),
  };
  const p95 = {
    bareMs: quantile(singles.bareMs, 0.95),
    predictMs: quantile(singles.predictMs, 0.95),
  };
  const overheadMs = p50.predictMs - p50.bareMs;
  return {
    name: 'predict-overhead',
    question: `What does the SDK's whole predict add to a bare session.run in the same kind of worker (median of blocks of ${CALLS})?`,
    value: overheadMs,
    unit: 'ms',
    bar: `<= ${BAR_MS} ms over bare`,
    holds: overheadMs <= BAR_MS,
    detail: { p50, p95, p95OverheadMs: p95.predictMs - p95.bareMs, isIsolated, blocks: BLOCKS },
  };
}

async function timings(server: Workerd): Promise<Timings> {
  const { manifest } = await api<VersionView>(
    server,
    `/v1/models/${useCase.id}/versions/${VERSION}`,
  );
  const model = manifest.files.find(({ role }) => role === 'model')!;
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(server.endpoint);
    return await page.evaluate((options) => bench.measure(options), {
      publishableKey: server.publishableKey,
      publisherKey: server.publisher.publicKey,
      modelSha256: model.sha256,
      blocks: BLOCKS,
      calls: CALLS,
    });
  } finally {
    await browser.close();
  }
}

/** The page as an application would build it, cross-origin isolated for the sake of fine clocks. */
async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edgewise-bench-page-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'predict-page'),
    worker: { format: 'es' },
    build: { outDir: folder, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  });
  const headers = [
    'Cross-Origin-Opener-Policy: same-origin',
    'Cross-Origin-Embedder-Policy: require-corp',
  ];
  await writeFile(join(folder, '_headers'), `/*\n${headers.map((line) => `  ${line}\n`).join('')}`);
  return folder;
}
