import * as v from 'valibot';
import type { Declaration } from '../../shared/contracts/declaration.ts';
import { declaration } from '../../shared/contracts/declaration.ts';
import type { Manifest, Signed } from '../../shared/contracts/manifest.ts';
import { manifest } from '../../shared/contracts/manifest.ts';
import { fromBase64url } from '../../shared/core/base64url.ts';
import { compareSemver } from '../../shared/core/semver.ts';

export type VersionRow = {
  model: string;
  version: string;
  payload: string;
  signature: string;
  key_id: string;
  declaration: string;
  reference_sha256: string;
  published_at: string;
};

export const signedOf = (row: VersionRow): Signed => ({
  payload: row.payload,
  signature: row.signature,
  keyId: row.key_id,
});

export function manifestOf(row: VersionRow): Manifest {
  const bytes = fromBase64url(row.payload);
  return v.parse(manifest, JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array())));
}

export const declarationOf = (row: VersionRow): Declaration =>
  v.parse(declaration, JSON.parse(row.declaration));

export type VersionName = { workspace: string; model: string; version: string };

export function findVersion(db: D1Database, name: VersionName): Promise<VersionRow | null> {
  return db
    .prepare('SELECT * FROM versions WHERE workspace = ? AND model = ? AND version = ?')
    .bind(name.workspace, name.model, name.version)
    .first<VersionRow>();
}

/** Newest first by semver precedence. */
export async function listVersions(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<VersionRow[]> {
  const { results } = await db
    .prepare('SELECT * FROM versions WHERE workspace = ? AND model = ?')
    .bind(workspace, model)
    .all<VersionRow>();
  return results.sort((a, b) => compareSemver(b.version, a.version));
}

export async function listVersionNames(
  db: D1Database,
  workspace: string,
): Promise<{ model: string; version: string }[]> {
  const { results } = await db
    .prepare('SELECT model, version FROM versions WHERE workspace = ?')
    .bind(workspace)
    .all<{ model: string; version: string }>();
  return results.sort((a, b) => compareSemver(b.version, a.version));
}

export function insertVersion(
  db: D1Database,
  workspace: string,
  row: VersionRow,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO versions (workspace, model, version, payload, signature, key_id, declaration, reference_sha256, published_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      workspace,
      row.model,
      row.version,
      row.payload,
      row.signature,
      row.key_id,
      row.declaration,
      row.reference_sha256,
      row.published_at,
    );
}
