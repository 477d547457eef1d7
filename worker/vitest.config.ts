import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url).href);
// wrangler.toml serves the built PWA; these tests need the folder, not what is in it.
mkdirSync(join(root, 'dist/app'), { recursive: true });

/**
 * wrangler.toml without the trainer's binding: no trainer runs beside these tests, and workerd does
 * not start with a binding to nothing. What needs it says that it is absent.
 */
function configWithoutTrainer(): string {
  const text = readFileSync(join(root, 'wrangler.toml'), 'utf8');
  const config = text
    .replace(/\[\[workflows\]\]\n(?:.+\n)+/, '')
    .replace(/"(worker\/main\.ts|worker\/migrations|dist\/app)"/g, (_, path) =>
      JSON.stringify(join(root, path)),
    );
  const path = join(mkdtempSync(join(tmpdir(), 'edgewise-workerd-')), 'wrangler.toml');
  writeFileSync(path, config);
  return path;
}

export default defineConfig({
  root,
  plugins: [
    cloudflareTest({
      wrangler: { configPath: configWithoutTrainer() },
      miniflare: {
        bindings: { MIGRATIONS: await readD1Migrations(join(root, 'worker/migrations')) },
      },
    }),
  ],
  test: {
    name: 'workerd',
    include: ['worker/**/*.test.ts', 'test/contract/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
