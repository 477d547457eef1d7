import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { type LocalPaths, ROOT } from './local-paths.ts';

export type DevServer = {
  url: string;
  process: ChildProcess;
  /** Resolves when it ended, for whatever reason. */
  ended: Promise<number | null>;
};

const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 8_000;

/** Starts wrangler over real workerd. Everything it prints goes to the instance's log file. */
export function startDevServer(
  paths: LocalPaths,
  options: { configPaths: readonly string[]; port: number; inspectorPort: number },
): DevServer {
  const log = openSync(paths.log, 'w', 0o600);
  const child = spawn(
    'wrangler',
    [
      'dev',
      ...options.configPaths.flatMap((path) => ['-c', path]),
      ...['--port', String(options.port), '--inspector-port', String(options.inspectorPort)],
      ...['--persist-to', paths.data, '--show-interactive-dev-session=false'],
    ],
    {
      cwd: ROOT,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        // Without one of its own, Workers of the same name in two instances would be mixed up.
        WRANGLER_REGISTRY_PATH: paths.registry,
        WRANGLER_SEND_METRICS: 'false',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        NO_COLOR: '1',
      },
    },
  );
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  return { url: `http://localhost:${options.port}`, process: child, ended };
}

/** Waits until /health answers. Throws with the end of the log when it does not. */
export async function untilHealthy(server: DevServer, paths: LocalPaths): Promise<void> {
  let hasEnded = false;
  server.ended.then(() => {
    hasEnded = true;
  });
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (!(await isHealthy(server.url))) {
    if (hasEnded || performance.now() > deadlineMs) {
      throw new Error(`The server did not start:\n${logTail(paths)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

export const logTail = (paths: LocalPaths): string =>
  readFileSync(paths.log, 'utf8').split('\n').slice(-40).join('\n');

/** Ends wrangler and workerd: politely, then not. Data that was written stays written. */
export async function stopDevServer(server: DevServer): Promise<void> {
  const { pid } = server.process;
  if (pid === undefined || server.process.exitCode !== null) return;
  const everyone = descendants(pid);
  server.process.kill('SIGTERM');
  const timer = setTimeout(() => killAll(everyone), STOP_TIMEOUT_MS);
  await server.ended;
  clearTimeout(timer);
  killAll(everyone);
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** A process and all that descend from it: wrangler starts workerd several processes down. */
function descendants(root: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = [root];
  for (const parent of found) {
    for (const [pid, ppid] of rows) if (ppid === parent) found.push(pid);
  }
  return found;
}

/** Is nobody listening on this port of this machine? */
export const isPortFree = (port: number): Promise<boolean> =>
  listens(port).then((taken) => taken === port);

/** A port that nobody listens on now. */
export const freePort = async (): Promise<number> => (await listens(0)) ?? 0;

function listens(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, 'localhost', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? null) : null));
    });
  });
}
