import type { ProfilesView } from '../../shared/contracts/registry.ts';
import type { WindowBounds, WindowSpec } from '../../shared/decide/window.ts';
import type { Platform } from '../env.ts';
import { loadVersionBins } from '../services/version-bins.ts';
import { firstBucketSince, readWindow, versionKey, versionsSince } from './window-store.ts';

export type AskedWindow = WindowBounds & { kind: WindowSpec['kind'] };

type Asked = {
  sql: SqlStorage;
  env: Platform;
  name: { workspace: string; model: string };
  window: AskedWindow;
  nowMs: number;
};

/** The folded traffic of a window, merged per version: cost depends on bins and time buckets, not on events. */
export async function readProfiles(asked: Asked): Promise<ProfilesView> {
  const { sql, env, name, window, nowMs } = asked;
  const { fromMs, toMs, kind } = window;
  const versions: ProfilesView['versions'] = [];
  for (const version of versionsSince(sql, fromMs)) {
    const bins = version === null ? null : await loadVersionBins(env, { ...name, version }, nowMs);
    const reference = bins?.reference ?? null;
    const looked = { version: versionKey(version), fromMs, toMs, bins };
    versions.push({ version, reference, profile: readWindow(sql, looked) });
  }
  return {
    model: name.model,
    windowMs: toMs - fromMs,
    window: {
      kind,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      coveredFrom: textOf(firstBucketSince(sql, fromMs)),
    },
    oldest: textOf(firstBucketSince(sql, 0)),
    versions,
  };
}

const textOf = (atMs: number | null): string | null =>
  atMs === null ? null : new Date(atMs).toISOString();
