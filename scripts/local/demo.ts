import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callApi } from '../../cli/api.ts';
import type { Remote } from '../../cli/credentials.ts';
import { publishVersion } from '../../cli/publish-version.ts';
import { readVersionFolder } from '../../cli/version-folder.ts';
import { useCases } from '../../models/registry.ts';
import type { ModelView, RolloutRequest } from '../../shared/contracts/registry.ts';
import { ok, type Result } from '../../shared/core/result.ts';
import type { LocalKeys } from './local-keys.ts';
import { type LocalPaths, ROOT } from './local-paths.ts';

const DEMO_VERSION = '0.1.0';

type Failure = { reason: string; message: string };

/** Trains version 0.1.0 of each use case on simulated rows, once per instance folder. */
export async function trainDemo(paths: LocalPaths): Promise<void> {
  for (const { id } of useCases) {
    const folder = join(paths.demo, id);
    if (existsSync(join(folder, 'manifest.json'))) continue;
    const aside = `${folder}.new`;
    await rm(aside, { recursive: true, force: true });
    await trainInChild(id, aside);
    await rm(folder, { recursive: true, force: true });
    await rename(aside, folder);
  }
}

/** A process of its own: training is busy for seconds, and the app is built meanwhile. */
function trainInChild(model: string, folder: string): Promise<void> {
  const child = spawn(
    process.execPath,
    ['scripts/local/train-demo.ts', model, DEMO_VERSION, folder],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`Training ${model} failed:\n${errors}`)),
    );
  });
}

/** Publishes and rolls out the demo versions of models that have none yet. */
export async function seedDemo(paths: LocalPaths, keys: LocalKeys): Promise<void> {
  const { endpoint, secretKey } = keys.credentials;
  const remote = { server: endpoint, key: secretKey };
  for (const { id } of useCases) {
    const seeded = await seedModel(remote, { model: id, paths, keys });
    if (!seeded.ok) throw new Error(`${id} was not seeded: ${seeded.error.message}`);
    if (seeded.value) console.log(`Seeded ${id} ${DEMO_VERSION}.`);
  }
}

/** @returns whether there was something to do */
async function seedModel(
  remote: Remote,
  demo: { model: string; paths: LocalPaths; keys: LocalKeys },
): Promise<Result<boolean, Failure>> {
  const path = `/v1/models/${demo.model}`;
  const view = await callApi<ModelView>(remote, { method: 'GET', path });
  if (view.ok && (await hasHistory(remote, view.value))) return ok(false);
  if (!view.ok && view.error.status !== 404) return view;
  const folder = await readVersionFolder(join(demo.paths.demo, demo.model));
  if (!folder.ok) return folder;
  const key = demo.keys.publisher;
  const published = await publishVersion(remote, folder.value, { key, tell: () => undefined });
  if (!published.ok) return published;
  const request: RolloutRequest = { version: DEMO_VERSION, strategy: 'all' };
  const rollout = await callApi<unknown>(remote, {
    method: 'POST',
    path: `${path}/rollouts`,
    json: request,
  });
  return rollout.ok ? ok(true) : rollout;
}

/** Somebody published or rolled something out already: what is served is theirs to say. */
async function hasHistory(remote: Remote, view: ModelView): Promise<boolean> {
  if (view.versions.some((version) => version !== DEMO_VERSION)) return true;
  const path = `/v1/models/${view.model}/rollouts`;
  const rollouts = await callApi<{ rollouts: unknown[] }>(remote, { method: 'GET', path });
  return rollouts.ok && rollouts.value.rollouts.length > 0;
}
