export type KeyKind = 'publishable' | 'secret' | 'session';

export type KeyRow = {
  hash: string;
  workspace: string;
  kind: KeyKind;
  prefix: string;
  expires_at: string | null;
  revoked_at: string | null;
};

export function findKey(db: D1Database, hash: string): Promise<KeyRow | null> {
  return db
    .prepare(
      'SELECT hash, workspace, kind, prefix, expires_at, revoked_at FROM keys WHERE hash = ?',
    )
    .bind(hash)
    .first<KeyRow>();
}

export function insertKey(
  db: D1Database,
  row: KeyRow & { createdAt: string },
): D1PreparedStatement {
  return db
    .prepare(
      'INSERT INTO keys (hash, workspace, kind, prefix, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .bind(row.hash, row.workspace, row.kind, row.prefix, row.createdAt, row.expires_at);
}

export type ConsoleCodeRow = { hash: string; workspace: string; expires_at: string };

/** A code nobody has used and whose time has not run out. */
export function findConsoleCode(
  db: D1Database,
  hash: string,
  now: string,
): Promise<ConsoleCodeRow | null> {
  return db
    .prepare(
      'SELECT hash, workspace, expires_at FROM console_codes WHERE hash = ? AND used_at IS NULL AND expires_at > ?',
    )
    .bind(hash, now)
    .first<ConsoleCodeRow>();
}

/** Touches no row when the code was used meanwhile. */
export function useConsoleCode(db: D1Database, hash: string, now: string): D1PreparedStatement {
  return db
    .prepare('UPDATE console_codes SET used_at = ? WHERE hash = ? AND used_at IS NULL')
    .bind(now, hash);
}
