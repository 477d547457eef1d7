import type { Signed } from '../../shared/contracts/manifest.ts';

export type RevocationRow = { serial: number; payload: string; signature: string; key_id: string };

export const signedRevocations = (row: RevocationRow): Signed => ({
  payload: row.payload,
  signature: row.signature,
  keyId: row.key_id,
});

export function latestRevocations(
  db: D1Database,
  workspace: string,
): Promise<RevocationRow | null> {
  return db
    .prepare('SELECT * FROM revocations WHERE workspace = ? ORDER BY serial DESC LIMIT 1')
    .bind(workspace)
    .first<RevocationRow>();
}

export function insertRevocations(
  db: D1Database,
  workspace: string,
  row: RevocationRow & { createdAt: string },
): D1PreparedStatement {
  return db
    .prepare(
      'INSERT INTO revocations (workspace, serial, payload, signature, key_id, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .bind(workspace, row.serial, row.payload, row.signature, row.key_id, row.createdAt);
}
