import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';
import type { TestServer } from '../../../web/sdk/test-support/test-server.ts';
import { serveTestSite, type TestSite } from '../test-site.ts';

const CONFIG = join(import.meta.dirname, '../../../web/app/vite.config.ts');
const REGISTRY = join(import.meta.dirname, 'binary-registry.ts');

/** The whole app, service worker included, with the use case of binary-registry.ts in place of those that ship. */
export async function serveBinaryApp(server: TestServer, publicKey: string): Promise<TestSite> {
  const folder = await mkdtemp(join(tmpdir(), 'edgewise-binary-app-'));
  const pinned = await pinSettings(publicKey);
  // The build reads whom to trust where the environment says; a test runner's own is no production.
  const restore = setEnvironment({ EDGEWISE_STATE_DIR: pinned, NODE_ENV: 'production' });
  try {
    await build({
      configFile: CONFIG,
      logLevel: 'error',
      plugins: [otherRegistry],
      build: { outDir: folder, emptyOutDir: true },
    });
  } finally {
    restore();
    await rm(pinned, { recursive: true, force: true });
  }
  return serveTestSite(folder, server);
}

const otherRegistry: Plugin = {
  name: 'other-registry',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('/models/registry.ts') ? REGISTRY : null),
};

async function pinSettings(publicKey: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edgewise-pinned-'));
  const write = (name: string, value: object) =>
    writeFile(join(folder, name), JSON.stringify(value));
  await write('trusted-keys.json', { publisher: [publicKey] });
  await write('credentials.json', { publishableKey: 'pk_test' });
  return folder;
}

/** Returns the way back. */
function setEnvironment(values: Record<string, string>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}
