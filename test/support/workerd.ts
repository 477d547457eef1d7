import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import type { StoredKey } from '../../cli/signing-key.ts';
import { prepareDatabase } from '../../scripts/local/database.ts';
import { prepareKeys } from '../../scripts/local/local-keys.ts';
import { localPaths } from '../../scripts/local/local-paths.ts';
import { trustKeys } from '../../scripts/local/trust-keys.ts';
import { readWorkerFiles } from '../../scripts/local/worker-files.ts';
import { type Credentials, freePort, newStateDir, ROOT, removeStateDir } from './server.ts';

export type Workerd = Credentials & {
  publisher: StoredKey;
  stop: () => Promise<void>;
};

/**
 * The edge Worker's built bundle in workerd, as `wrangler deploy` would upload it: without the
 * development server's proxy, file watching and error pages in front of it.
 */
export async function startWorkerd(extra: { assets?: string } = {}): Promise<Workerd> {
  const stateDir = await newStateDir();
  const paths = localPaths(stateDir);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const keys = await prepareKeys(paths, endpoint);
  const { publishableKey, secretKey } = keys.credentials;
  await prepareDatabase(paths, readWorkerFiles(), {
    workspaceId: 'bench',
    publishableKey,
    secretKey,
    consoleCode: 'unused',
  });
  const miniflare = new Miniflare(
    options(build(stateDir), { port, data: paths.data, assets: extra.assets }),
  );
  await miniflare.ready;
  await trustKeys(endpoint, keys);
  return {
    endpoint,
    publishableKey,
    secretKey,
    publisher: keys.publisher,
    stop: async () => {
      await miniflare.dispose();
      await removeStateDir(stateDir);
    },
  };
}

function build(stateDir: string): string {
  const folder = join(stateDir, 'bundle');
  // Wrangler asks for it, and no test of the Worker looks into it: the PWA may not have been built yet.
  mkdirSync(join(ROOT, 'dist/app'), { recursive: true });
  const args = ['deploy', '--dry-run', '--minify', '--outdir', folder, '-c', 'wrangler.toml'];
  execFileSync('wrangler', args, {
    cwd: ROOT,
    stdio: 'pipe',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  return join(folder, 'main.js');
}

function options(script: string, where: { port: number; data: string; assets?: string }) {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'));
  const { assets, workflows: _, ...bindings } = workerOptions;
  const converted = convertV4MiniflareOptions({
    port: where.port,
    workers: [
      {
        ...bindings,
        ...(assets && where.assets ? { assets: { ...assets, directory: where.assets } } : {}),
        name: 'edgewise',
        modules: [{ type: 'ESModule', path: script }],
        modulesRoot: dirname(script),
      },
    ],
  });
  return { ...converted, resourcePersistencePath: join(where.data, 'v3') };
}
