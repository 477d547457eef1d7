import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';

/** Bytes that a first visit downloads for the SDK's own sake, brotli; measured 34,100. */
const BAR_BYTES = 40_000;

test('the SDK without onnxruntime is at most 40 kB brotli', async () => {
  const root = join(import.meta.dirname, 'sdk-page');
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    root,
    worker: { format: 'es' },
    build: {
      write: false,
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: { input: join(root, 'sdk-alone.ts') },
    },
  })) as Rolldown.RolldownOutput;
  const chunks = built.output.filter((file) => file.type === 'chunk');
  const sizes = chunks.map(({ fileName, code }) => [fileName, brotliCompressSync(code).length]);
  console.info('SDK, brotli bytes:', sizes);
  expect(chunks).toHaveLength(1);
  expect(sizes[0][1]).toBeLessThanOrEqual(BAR_BYTES);
});
