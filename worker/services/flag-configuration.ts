import type { FlagConfiguration, ModelConfiguration } from '../../shared/contracts/flags.ts';
import type { Signed } from '../../shared/contracts/manifest.ts';
import type { Platform } from '../env.ts';
import type { ServedModel, StoredConfiguration } from '../store/flag-configurations.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { latestRevocations, signedRevocations } from '../store/revocations.ts';
import { findVersion, signedOf } from '../store/versions.ts';
import { createIsolateCache } from './isolate-cache.ts';

/** How stale a flag may be in an isolate that no refetch has told better. */
const CONFIGURATION_TTL_MS = 30_000;
const MANIFEST_TTL_MS = 3_600_000;

const configurations = createIsolateCache<FlagConfiguration>(1000);
const manifests = createIsolateCache<Signed>(2000);

/**
 * The workspace's flag configuration, at most 30 s old. A caller that was told of another version
 * than the one remembered here gets the database's own, so a kill switch cannot stick.
 */
export async function readConfiguration(
  env: Platform,
  workspace: string,
  options: { nowMs: number; knownVersion?: number },
): Promise<FlagConfiguration> {
  const cached = configurations.get(workspace, options.nowMs);
  const isOther = options.knownVersion !== undefined && options.knownVersion !== cached?.version;
  if (cached && !isOther) return cached;
  return refreshConfiguration(env, workspace, options.nowMs);
}

/** Reads past this isolate's memory. */
export async function refreshConfiguration(
  env: Platform,
  workspace: string,
  nowMs: number,
): Promise<FlagConfiguration> {
  const stored = await latestConfiguration(env.DB, workspace);
  const configuration = await hydrate(env, { workspace, stored, nowMs });
  const known = configurations.get(workspace, nowMs);
  // A read that began before a newer one ended must not take its place.
  if (known && known.version > configuration.version) return known;
  configurations.set(workspace, configuration, nowMs + CONFIGURATION_TTL_MS);
  return configuration;
}

export const forgetConfiguration = (workspace: string): void => configurations.delete(workspace);

type Stored = { workspace: string; stored: StoredConfiguration; nowMs: number };

async function hydrate(env: Platform, subject: Stored): Promise<FlagConfiguration> {
  const { workspace, stored } = subject;
  const models: Record<string, ModelConfiguration> = {};
  for (const [model, served] of Object.entries(stored.models))
    models[model] = await hydrateModel(env, { ...subject, model, served });
  const revocations =
    stored.revocationSerial === null ? null : await latestRevocations(env.DB, workspace);
  return {
    version: stored.version,
    models,
    flags: stored.flags,
    revocations: revocations && signedRevocations(revocations),
  };
}

async function hydrateModel(
  env: Platform,
  subject: Stored & { model: string; served: ServedModel },
): Promise<ModelConfiguration> {
  const { model, served, workspace, nowMs } = subject;
  const load = (version: string): Promise<Signed> =>
    loadManifest(env, { workspace, model, version, nowMs });
  return {
    ...served,
    champion:
      (served.champion && {
        version: served.champion,
        manifest: await load(served.champion),
      }) ||
      null,
    challenger: served.challenger && {
      ...served.challenger,
      manifest: await load(served.challenger.version),
    },
  };
}

async function loadManifest(
  env: Platform,
  name: { workspace: string; model: string; version: string; nowMs: number },
): Promise<Signed> {
  const key = `${name.workspace}/${name.model}/${name.version}`;
  const cached = manifests.get(key, name.nowMs);
  if (cached) return cached;
  const row = await findVersion(env.DB, name);
  if (!row) throw new Error(`Broken invariant: ${key} is served and is not in the registry`);
  const signed = signedOf(row);
  manifests.set(key, signed, name.nowMs + MANIFEST_TTL_MS);
  return signed;
}
