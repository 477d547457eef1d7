import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';

/** What the issue allows; measured 13,300. */
const BAR_BYTES = 15_000;

const ROOT = join(import.meta.dirname, '../..');

test('our ONNX runtime is at most 15 kB brotli, and brings no protobuf library', async () => {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: join(ROOT, 'shared/onnx/runtime/load-model.ts'), formats: ['es'] },
      minify: true,
    },
  })) as Rolldown.RolldownOutput[];
  const chunks = built[0].output.filter((file) => file.type === 'chunk');
  const modules = chunks.flatMap(({ modules }) => Object.keys(modules));
  expect(modules.filter((path) => path.includes('node_modules'))).toEqual([]);
  expect(chunks).toHaveLength(1);
  const bytes = brotliCompressSync(chunks[0].code).length;
  expect(bytes).toBeGreaterThan(5000);
  expect(bytes).toBeLessThanOrEqual(BAR_BYTES);
});
