/** A key as the database knows it: never the key itself. */
export type BootstrapKey = {
  kind: 'publishable' | 'secret';
  /** sha256 of the whole key text, 64 hexadecimal digits. */
  hash: string;
  /** First characters of the key, by which people recognise it. */
  prefix: string;
};

export type Bootstrap = {
  workspaceId: string;
  keys: BootstrapKey[];
  /** Origins other than the Worker's own that may call from a browser. */
  allowedOrigins?: string[];
  now: Date;
};

/** SQL that makes a workspace and its keys. Running it again changes nothing. */
export function bootstrapSql(bootstrap: Bootstrap): string[] {
  const at = literal(bootstrap.now.toISOString());
  const workspace = literal(bootstrap.workspaceId);
  return [
    `INSERT OR IGNORE INTO workspaces (id, created_at) VALUES (${workspace}, ${at});`,
    ...bootstrap.keys.map(
      (key) =>
        `INSERT OR IGNORE INTO keys (hash, workspace, kind, prefix, created_at) VALUES (${literal(key.hash)}, ${workspace}, ${literal(key.kind)}, ${literal(key.prefix)}, ${at});`,
    ),
    ...(bootstrap.allowedOrigins ?? []).map(
      (origin) =>
        `INSERT OR IGNORE INTO allowed_origins (workspace, origin) VALUES (${workspace}, ${literal(origin)});`,
    ),
  ];
}

/** SQL that lets one console session be opened with a code, until `expiresAt`. */
export function consoleCodeSql(code: {
  workspaceId: string;
  /** sha256 of the code text, 64 hexadecimal digits. */
  hash: string;
  expiresAt: Date;
}): string {
  return `INSERT INTO console_codes (hash, workspace, expires_at) VALUES (${literal(code.hash)}, ${literal(code.workspaceId)}, ${literal(code.expiresAt.toISOString())});`;
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
