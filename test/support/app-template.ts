import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const TEMPLATE = join(ROOT, 'dist/test-app');

/** Keys, and the PWA built for those keys: what makes a first start slow. */
const PARTS = ['keys', 'trusted-keys.json', 'credentials.json', 'app', 'app-inputs.json'];

/**
 * Gives a new state folder the keys and the PWA of an earlier test server, where there was one. The
 * start script builds again when a source changed since; data is never shared.
 */
export async function copyAppTemplate(stateDir: string): Promise<void> {
  if ((await inputsIn(TEMPLATE)) === null) return;
  for (const part of PARTS) {
    await cp(join(TEMPLATE, part), join(stateDir, part), { recursive: true });
  }
}

/** Keeps a server's keys and PWA for the test servers after it, unless the same is kept already. */
export async function keepAppTemplate(stateDir: string): Promise<void> {
  const inputs = await inputsIn(stateDir);
  if (inputs === null || inputs === (await inputsIn(TEMPLATE))) return;
  await mkdir(dirname(TEMPLATE), { recursive: true });
  const aside = await mkdtemp(`${TEMPLATE}-`);
  for (const part of PARTS) await cp(join(stateDir, part), join(aside, part), { recursive: true });
  await rm(TEMPLATE, { recursive: true, force: true });
  await rename(aside, TEMPLATE);
}

/** What the PWA in a folder was built from; null when there is none. */
const inputsIn = (folder: string): Promise<string | null> =>
  readFile(join(folder, 'app-inputs.json'), 'utf8').catch(() => null);
