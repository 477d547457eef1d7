export type TrustedKeyRow = {
  key_id: string;
  purpose: 'publisher' | 'retraining';
  public_key: string;
  created_at: string;
};

export function findTrustedKey(
  db: D1Database,
  workspace: string,
  keyId: string,
): Promise<TrustedKeyRow | null> {
  return db
    .prepare('SELECT * FROM trusted_keys WHERE workspace = ? AND key_id = ?')
    .bind(workspace, keyId)
    .first<TrustedKeyRow>();
}

export async function listTrustedKeys(db: D1Database, workspace: string): Promise<TrustedKeyRow[]> {
  const { results } = await db
    .prepare('SELECT * FROM trusted_keys WHERE workspace = ? ORDER BY created_at, key_id')
    .bind(workspace)
    .all<TrustedKeyRow>();
  return results;
}

export function insertTrustedKey(
  db: D1Database,
  workspace: string,
  row: TrustedKeyRow,
): D1PreparedStatement {
  return db
    .prepare(
      'INSERT INTO trusted_keys (workspace, key_id, purpose, public_key, created_at) VALUES (?, ?, ?, ?, ?)',
    )
    .bind(workspace, row.key_id, row.purpose, row.public_key, row.created_at);
}
