import type { WorkspaceFlag } from '../../shared/contracts/flags.ts';

/** What is served of one model; manifests are named by version, which is immutable. */
export type ServedModel = {
  mlEnabled: boolean;
  trafficBasisPoints: number;
  fallbackOnError: boolean;
  champion: string | null;
  challenger: {
    version: string;
    rolloutId: string;
    basisPoints: number;
    mode?: 'serve' | 'shadow';
  } | null;
};

/** FlagConfiguration as stored: immutable, one row a version. */
export type StoredConfiguration = {
  version: number;
  models: Record<string, ServedModel>;
  flags: Record<string, WorkspaceFlag>;
  revocationSerial: number | null;
};

export const EMPTY_CONFIGURATION: StoredConfiguration = {
  version: 0,
  models: {},
  flags: {},
  revocationSerial: null,
};

export async function latestConfiguration(
  db: D1Database,
  workspace: string,
): Promise<StoredConfiguration> {
  const row = await db
    .prepare(
      'SELECT version, document FROM flag_configurations WHERE workspace = ? ORDER BY version DESC LIMIT 1',
    )
    .bind(workspace)
    .first<{ version: number; document: string }>();
  return row ? { ...JSON.parse(row.document), version: row.version } : EMPTY_CONFIGURATION;
}

export async function latestConfigurationVersion(
  db: D1Database,
  workspace: string,
): Promise<number> {
  const version = await db
    .prepare('SELECT max(version) AS version FROM flag_configurations WHERE workspace = ?')
    .bind(workspace)
    .first<number | null>('version');
  return version ?? 0;
}

export function insertConfiguration(
  db: D1Database,
  workspace: string,
  next: { configuration: StoredConfiguration; createdAt: string },
): D1PreparedStatement {
  const { version, ...document } = next.configuration;
  return db
    .prepare(
      'INSERT INTO flag_configurations (workspace, version, document, created_at) VALUES (?, ?, ?, ?)',
    )
    .bind(workspace, version, JSON.stringify(document), next.createdAt);
}
