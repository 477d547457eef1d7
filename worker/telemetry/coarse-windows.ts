import { DAY_MS, HOUR_MS } from '../../shared/core/time.ts';
import type { Coarsening } from '../../shared/decide/coarsening.ts';
import { floorTo } from '../../shared/decide/coarsening.ts';
import { mergeEncoded } from './merge-encoded.ts';
import type { EncodedProfile } from './profile-codec.ts';

type Row = { version: string; bucket_ms: number; profile: string };

/** What one cycle moves at most: a week of rows after a long sleep takes several. */
const ROWS_AT_ONCE = 400;

/**
 * Merges what is old into hours and days and forgets what is older. Must run inside a transaction: a bucket is
 * in one table or the other. What comes in late for an hour that is merged already is merged into it.
 */
export function coarsenWindows(sql: SqlStorage, at: Coarsening): void {
  const old = sql
    .exec<Row>(
      'SELECT version, bucket_ms, profile FROM windows WHERE bucket_ms < ? ORDER BY bucket_ms LIMIT ?',
      at.hourlyBeforeMs,
      ROWS_AT_ONCE,
    )
    .toArray();
  for (const row of old) {
    mergeIntoCoarse(sql, row, row.bucket_ms < at.dailyBeforeMs ? DAY_MS : HOUR_MS);
    sql.exec('DELETE FROM windows WHERE version = ? AND bucket_ms = ?', row.version, row.bucket_ms);
  }
  const hours = sql
    .exec<Row>(
      `SELECT version, bucket_ms, profile FROM coarse_windows
       WHERE bucket_ms < ? AND width_ms = ? ORDER BY bucket_ms LIMIT ?`,
      at.dailyBeforeMs,
      HOUR_MS,
      ROWS_AT_ONCE,
    )
    .toArray();
  for (const row of hours) {
    mergeIntoCoarse(sql, row, DAY_MS);
    sql.exec(
      'DELETE FROM coarse_windows WHERE version = ? AND bucket_ms = ? AND width_ms = ?',
      row.version,
      row.bucket_ms,
      HOUR_MS,
    );
  }
  sql.exec('DELETE FROM coarse_windows WHERE bucket_ms < ?', at.forgetBeforeMs);
}

function mergeIntoCoarse(sql: SqlStorage, row: Row, widthMs: number): void {
  const bucketMs = floorTo(row.bucket_ms, widthMs);
  const [there] = sql.exec<{ profile: string }>(
    'SELECT profile FROM coarse_windows WHERE version = ? AND bucket_ms = ? AND width_ms = ?',
    row.version,
    bucketMs,
    widthMs,
  );
  const merged = there ? JSON.stringify(mergeEncoded(parse(there), parse(row))) : row.profile;
  sql.exec(
    `INSERT INTO coarse_windows (version, bucket_ms, width_ms, profile) VALUES (?, ?, ?, ?)
     ON CONFLICT (version, bucket_ms, width_ms) DO UPDATE SET profile = excluded.profile`,
    row.version,
    bucketMs,
    widthMs,
    merged,
  );
}

const parse = ({ profile }: { profile: string }): EncodedProfile =>
  JSON.parse(profile) as EncodedProfile;
