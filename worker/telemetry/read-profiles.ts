import type { ProfilesView } from '../../shared/contracts/registry.ts';
import type { Platform } from '../env.ts';
import { loadVersionBins } from '../services/version-bins.ts';
import { readWindow, versionKey, versionsSince } from './window-store.ts';

type Asked = {
  sql: SqlStorage;
  env: Platform;
  name: { workspace: string; model: string };
  windowMs: number;
  nowMs: number;
};

/** The folded traffic of a window, merged per version: cost depends on bins and time buckets, not on events. */
export async function readProfiles(asked: Asked): Promise<ProfilesView> {
  const { sql, env, name, windowMs, nowMs } = asked;
  const fromMs = nowMs - windowMs;
  const versions: ProfilesView['versions'] = [];
  for (const version of versionsSince(sql, fromMs)) {
    const bins = version === null ? null : await loadVersionBins(env, { ...name, version }, nowMs);
    const reference = bins?.reference ?? null;
    const window = { version: versionKey(version), fromMs, reference };
    versions.push({ version, reference, profile: readWindow(sql, window) });
  }
  const { oldest } = sql
    .exec<{ oldest: number | null }>('SELECT min(bucket_ms) AS oldest FROM windows')
    .one();
  return {
    model: name.model,
    windowMs,
    oldest: oldest === null ? null : new Date(oldest).toISOString(),
    versions,
  };
}
