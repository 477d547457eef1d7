import { mkdir, rm } from 'node:fs/promises';
import { messageOf } from '../../cli/failure.ts';
import { buildApp } from './app-build.ts';
import { fireCron, startCronTicker } from './cron-ticker.ts';
import { prepareDatabase } from './database.ts';
import { seedDemo, trainDemo } from './demo.ts';
import {
  type DevServer,
  freePort,
  isPortFree,
  logTail,
  startDevServer,
  stopDevServer,
  untilHealthy,
} from './dev-server.ts';
import { lockInstance } from './instance-lock.ts';
import { type LocalKeys, newSecret, prepareKeys } from './local-keys.ts';
import { type LocalPaths, localPaths } from './local-paths.ts';
import { trustKeys } from './trust-keys.ts';
import { wakeWorkflows } from './wake-workflows.ts';
import { readWorkerFiles, type WorkerFiles, writeWorkerFiles } from './worker-files.ts';

export type InstanceOptions = {
  stateRoot: string;
  port: number;
  inspectorPort: number | null;
  isEmpty: boolean;
  hasApp: boolean;
};

const WORKSPACE = 'demo';

type Prepared = { keys: LocalKeys; workers: WorkerFiles; configPaths: string[]; code: string };

/** Runs the whole product on this machine until it is told to stop. */
export async function runInstance(options: InstanceOptions): Promise<void> {
  const paths = localPaths(options.stateRoot);
  const url = `http://localhost:${options.port}`;
  const unlock = lockInstance(paths.lock, url);
  try {
    if (!(await isPortFree(options.port))) {
      throw new Error(`Port ${options.port} is taken. Give another: PORT=8788 npm start`);
    }
    const prepared = await prepare(paths, url, options);
    await serve(paths, prepared, options);
  } finally {
    unlock();
  }
}

async function prepare(
  paths: LocalPaths,
  url: string,
  { isEmpty, hasApp }: InstanceOptions,
): Promise<Prepared> {
  await mkdir(paths.app, { recursive: true });
  // Written anew each time: a crash leaves bundles and registrations behind.
  await rm(paths.workers, { recursive: true, force: true });
  const keys = await prepareKeys(paths, url);
  if (keys.areNew) announceKeys(paths, keys);
  const workers = readWorkerFiles();
  const code = newSecret('');
  const { publishableKey, secretKey } = keys.credentials;
  const content = { workspaceId: WORKSPACE, publishableKey, secretKey, consoleCode: code };
  const [wasBuilt] = await Promise.all([
    hasApp && buildApp(paths),
    prepareDatabase(paths, workers, content),
    isEmpty ? [] : trainDemo(paths),
  ]);
  if (wasBuilt) console.log('Built the app.');
  const configPaths = await writeWorkerFiles(paths, workers, keys.retraining);
  return { keys, workers, configPaths, code };
}

async function serve(
  paths: LocalPaths,
  { keys, workers, configPaths, code }: Prepared,
  options: InstanceOptions,
): Promise<void> {
  const stopped = untilToldToStop();
  const inspectorPort = options.inspectorPort ?? (await freePort());
  const server = startDevServer(paths, { configPaths, port: options.port, inspectorPort });
  let stopTicker = (): void => undefined;
  try {
    const begin = async () => {
      await untilHealthy(server, paths);
      await wakeWorkflows(server.url).catch((error) =>
        console.error(`Sleeping workflows were not woken: ${messageOf(error)}`),
      );
      await trustKeys(server.url, keys);
      if (!options.isEmpty) await seedDemo(paths, keys);
    };
    if ((await Promise.race([begin(), stopped])) === 'stop') return;
    stopTicker = startCronTicker(workers.edge.triggers?.crons ?? [], (cron) =>
      fireCron(server.url, cron),
    );
    console.log(`console ${server.url}/console#code=${code} (works once, for 15 minutes)`);
    console.log(`ready ${server.url}`);
    await untilEnd(server, paths, stopped);
  } finally {
    stopTicker();
    await stopDevServer(server);
  }
}

async function untilEnd(
  server: DevServer,
  paths: LocalPaths,
  stopped: Promise<'stop'>,
): Promise<void> {
  const first = await Promise.race([stopped, server.ended]);
  if (first !== 'stop') throw new Error(`The server ended by itself:\n${logTail(paths)}`);
}

const untilToldToStop = (): Promise<'stop'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve('stop'));
    }
  });

function announceKeys(paths: LocalPaths, keys: LocalKeys): void {
  console.log(`New workspace keys, shown once and kept in ${paths.credentials}:`);
  console.log(`  publishable (browsers) ${keys.credentials.publishableKey}`);
  console.log(`  secret (machines)      ${keys.credentials.secretKey}`);
}
