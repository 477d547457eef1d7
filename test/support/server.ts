import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyAppTemplate, keepAppTemplate } from './app-template.ts';

export const ROOT = join(import.meta.dirname, '../..');

export type Credentials = { endpoint: string; publishableKey: string; secretKey: string };
export type TrustedKeysFile = { publisher: string[]; retraining: string[] };

export type Server = Credentials & {
  stateDir: string;
  pid: number;
  trustedKeys: TrustedKeysFile;
  readySeconds: number;
  /** Everything the server printed so far. */
  log: () => string;
  /** Ctrl-C, and waits until it is gone. */
  stop: () => Promise<void>;
  /** As a crash would: no chance to tidy up. */
  kill: () => Promise<void>;
};

export type StartOptions = { stateDir?: string; port?: number; empty?: boolean; noApp?: boolean };

const READY_TIMEOUT_MS = 180_000;

/** A folder for one server's keys and data: without data, with a PWA where one is built already. */
export async function newStateDir(): Promise<string> {
  const stateDir = await mkdtemp(join(tmpdir(), 'edgewise-test-'));
  await copyAppTemplate(stateDir);
  return stateDir;
}

export const removeStateDir = (dir: string): Promise<void> =>
  rm(dir, { recursive: true, force: true });

/** Starts the product as `npm start` does, on a port and a state folder of its own. */
export async function startServer(options: StartOptions = {}): Promise<Server> {
  const stateDir = options.stateDir ?? (await newStateDir());
  const port = options.port ?? (await freePort());
  const startedAt = performance.now();
  const args = ['scripts/start.ts', '--state', stateDir];
  if (options.empty) args.push('--empty');
  if (options.noApp) args.push('--no-app');
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  await untilReady(child, () => output);
  if (!options.noApp) await keepAppTemplate(stateDir);
  const credentials = await readJson<Credentials>(join(stateDir, 'credentials.json'));
  return {
    ...credentials,
    stateDir,
    pid: child.pid!,
    trustedKeys: await readJson<TrustedKeysFile>(join(stateDir, 'trusted-keys.json')),
    readySeconds: (performance.now() - startedAt) / 1000,
    log: () => output,
    stop: () => end(child, 'SIGINT'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function untilReady(child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!/^ready http/m.test(output())) {
    if (child.exitCode !== null) throw new Error(`The server ended early:\n${output()}`);
    if (Date.now() > deadline) {
      await end(child, 'SIGKILL');
      throw new Error(`The server was not ready in ${READY_TIMEOUT_MS / 1000} s:\n${output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The whole process group: wrangler and workerd are children of the start script. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  if (signal === 'SIGKILL') process.kill(-child.pid!, signal);
  else child.kill(signal);
  await gone;
}

const readJson = async <T>(path: string): Promise<T> =>
  JSON.parse(await readFile(path, 'utf8')) as T;

/** A TCP port that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
