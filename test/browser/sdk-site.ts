import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import type { TestServer } from '../../web/sdk/test-support/test-server.ts';
import type { Consent } from '../../web/sdk/types.ts';
import { serveTestSite, type TestSite } from './test-site.ts';

export type PageSettings = {
  publicKey: string;
  targetingKey: string;
  /** Of the test case: whether it will be late, and not how long it takes. */
  isBinary?: boolean;
  deadlineMs?: number;
  consent?: Consent;
};

/** Builds the test page as an application would and serves it beside the test server, over HTTP. */
export async function serveSdkSite(server: TestServer): Promise<TestSite> {
  const folder = join(tmpdir(), `edgewise-sdk-page-${process.pid}`);
  await build({
    configFile: false,
    logLevel: 'error',
    root: join(import.meta.dirname, 'sdk-page'),
    worker: { format: 'es' },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: join(import.meta.dirname, 'sdk-page/index.html'),
          'service-worker': join(import.meta.dirname, 'sdk-page/worker-of-host.ts'),
        },
        output: {
          entryFileNames: ({ name }) =>
            name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js',
        },
      },
    },
  });
  return serveTestSite(folder, server);
}
