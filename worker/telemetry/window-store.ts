import type { Profile } from '../../shared/contracts/profile.ts';
import { mergeProfiles } from '../../shared/stats/profile/merge-profiles.ts';
import type { CountedIn, EncodedProfile } from './profile-codec.ts';
import { decodeProfile, emptyProfile, encodeProfile } from './profile-codec.ts';

type Row = { profile: string };

/** Version as the tables spell it: '' is traffic that was assigned none. */
export const versionKey = (version: string | null): string => version ?? '';
const versionOfKey = (key: string): string | null => (key === '' ? null : key);

export function mergeIntoWindow(
  sql: SqlStorage,
  at: { bucketMs: number; version: string },
  merge: { bins: CountedIn | null; profile: Profile },
): void {
  const [row] = sql.exec<Row>(
    'SELECT profile FROM windows WHERE version = ? AND bucket_ms = ?',
    at.version,
    at.bucketMs,
  );
  sql.exec(
    `INSERT INTO windows (version, bucket_ms, profile) VALUES (?, ?, ?)
     ON CONFLICT (version, bucket_ms) DO UPDATE SET profile = excluded.profile`,
    at.version,
    at.bucketMs,
    merged(row, merge),
  );
}

export type EvidenceKey = { rollout: string; step: number; version: string };

export function mergeIntoEvidence(
  sql: SqlStorage,
  at: EvidenceKey,
  merge: { bins: CountedIn | null; profile: Profile },
): void {
  const [row] = sql.exec<Row>(
    'SELECT profile FROM evidence WHERE rollout = ? AND step = ? AND version = ?',
    at.rollout,
    at.step,
    at.version,
  );
  sql.exec(
    `INSERT INTO evidence (rollout, step, version, profile) VALUES (?, ?, ?, ?)
     ON CONFLICT (rollout, step, version) DO UPDATE SET profile = excluded.profile`,
    at.rollout,
    at.step,
    at.version,
    merged(row, merge),
  );
}

function merged(
  row: Row | undefined,
  { bins, profile }: { bins: CountedIn | null; profile: Profile },
): string {
  const into = row ? decodeProfile(parse(row), bins) : emptyProfile(bins);
  return JSON.stringify(encodeProfile(mergeProfiles(into, profile)));
}

export type Window = {
  version: string;
  fromMs: number;
  /** Not included; left out for all that is there. */
  toMs?: number;
  bins: CountedIn | null;
};

/** Everything a version's traffic said from `fromMs` on, in one profile: buckets that begin before it are not in it. */
export function readWindow(sql: SqlStorage, window: Window): Profile {
  const { version, fromMs, toMs = Number.MAX_SAFE_INTEGER, bins } = window;
  const whole = emptyProfile(bins);
  const rows = sql.exec<Row>(
    `SELECT profile FROM windows WHERE version = ?1 AND bucket_ms >= ?2 AND bucket_ms < ?3
     UNION ALL
     SELECT profile FROM coarse_windows WHERE version = ?1 AND bucket_ms >= ?2 AND bucket_ms + width_ms <= ?3`,
    version,
    fromMs,
    toMs,
  );
  for (const row of rows) mergeProfiles(whole, decodeProfile(parse(row), bins));
  return whole;
}

/** Start of the first bucket that a window from `fromMs` counts; null without any. */
export function firstBucketSince(sql: SqlStorage, fromMs: number): number | null {
  return sql
    .exec<{ first: number | null }>(
      `SELECT min(bucket_ms) AS first FROM (
         SELECT min(bucket_ms) AS bucket_ms FROM windows WHERE bucket_ms >= ?1
         UNION ALL SELECT min(bucket_ms) FROM coarse_windows WHERE bucket_ms >= ?1)`,
      fromMs,
    )
    .one().first;
}

/** Versions with traffic since `fromMs`; null for traffic that was assigned none. */
export function versionsSince(sql: SqlStorage, fromMs: number): (string | null)[] {
  return sql
    .exec<{ version: string }>(
      `SELECT DISTINCT version FROM windows WHERE bucket_ms >= ?1
       UNION SELECT DISTINCT version FROM coarse_windows WHERE bucket_ms >= ?1 ORDER BY version`,
      fromMs,
    )
    .toArray()
    .map((row) => versionOfKey(row.version));
}

export function readEvidence(sql: SqlStorage, at: EvidenceKey, bins: CountedIn | null): Profile {
  const [row] = sql.exec<Row>(
    'SELECT profile FROM evidence WHERE rollout = ? AND step = ? AND version = ?',
    at.rollout,
    at.step,
    at.version,
  );
  return row ? decodeProfile(parse(row), bins) : emptyProfile(bins);
}

export function forgetEvidence(sql: SqlStorage, exceptRollout: string | null): void {
  sql.exec('DELETE FROM evidence WHERE rollout <> ?', exceptRollout ?? '');
}

const parse = (row: Row): EncodedProfile => JSON.parse(row.profile) as EncodedProfile;
