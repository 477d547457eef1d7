import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readCredentials } from '../../cli/credentials.ts';
import { writePublicJson } from '../../cli/private-file.ts';
import { type LocalPaths, ROOT } from './local-paths.ts';

/** Everything a build of the PWA can depend on, beside the keys it pins. */
const SOURCES = ['web', 'shared', 'models', 'package.json', 'package-lock.json'];

/**
 * Builds the PWA into the instance's folder, unless it was built from the same bytes before.
 * @returns whether it was built
 */
export async function buildApp(paths: LocalPaths): Promise<boolean> {
  const inputs = await hashInputs(paths);
  if ((await builtFrom(paths)) === inputs) return false;
  await rm(paths.appInputs, { force: true });
  await promisify(execFile)(
    'vite',
    ['build', '--config', 'web/app/vite.config.ts', '--outDir', paths.app, '--logLevel', 'warn'],
    {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production', EDGEWISE_STATE_DIR: paths.root },
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  await writePublicJson(paths.appInputs, { sha256: inputs });
  return true;
}

async function builtFrom(paths: LocalPaths): Promise<string | null> {
  if (!existsSync(join(paths.app, 'index.html')) || !existsSync(paths.appInputs)) return null;
  return JSON.parse(await readFile(paths.appInputs, 'utf8')).sha256;
}

/** sha256 over names and bytes of the sources, the trusted keys and the publishable key. */
async function hashInputs(paths: LocalPaths): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesUnder(source)) {
      hash.update(`${file}\0`).update(await readFile(join(ROOT, file)));
    }
  }
  hash.update(await readFile(paths.trustedKeys));
  hash.update((await readCredentials(paths.credentials))?.publishableKey ?? '');
  return hash.digest('hex');
}

async function filesUnder(source: string): Promise<string[]> {
  if (source.includes('.')) return [source];
  const entries = await readdir(join(ROOT, source), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.ts$|\.md$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}
