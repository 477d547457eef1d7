import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import { bootstrapSql, consoleCodeSql } from '../../worker/store/bootstrap-sql.ts';
import { type LocalPaths, ROOT } from './local-paths.ts';
import type { WorkerFiles } from './worker-files.ts';

/** The part of D1's binding used here; its own types would bring the Worker's globals along. */
type Statement = {
  all: <T>() => Promise<{ results: T[] }>;
  bind: (...values: string[]) => Statement;
};
type Database = {
  prepare: (sql: string) => Statement;
  batch: (all: Statement[]) => Promise<unknown>;
};

const CODE_LIFETIME_MS = 15 * 60_000;

const MIGRATIONS_TABLE =
  'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)';

export type DatabaseContent = {
  workspaceId: string;
  publishableKey: string;
  secretKey: string;
  /** Opens one console session within a quarter of an hour. */
  consoleCode: string;
};

/**
 * Brings the local D1 up to date while no server has it open: migrations, the workspace, its keys
 * (hashed) and a one-time console code. Migrations are recorded as `wrangler d1 migrations apply`
 * does, so either can continue the other's work.
 */
export async function prepareDatabase(
  paths: LocalPaths,
  workers: WorkerFiles,
  content: DatabaseContent,
): Promise<void> {
  await mkdir(paths.workers, { recursive: true });
  const configPath = join(paths.workers, 'database.json');
  await writeFile(configPath, JSON.stringify(databaseConfig(workers)));
  const proxy = await getPlatformProxy<{ DB: Database }>({
    configPath,
    envFiles: [],
    persist: { path: join(paths.data, 'v3') },
  });
  try {
    await applyMigrations(proxy.env.DB);
    const statements = [...workspaceSql(content), ...codeSql(content)];
    await proxy.env.DB.batch(statements.map((sql) => proxy.env.DB.prepare(sql)));
  } finally {
    await proxy.dispose();
  }
}

const databaseConfig = ({ edge }: WorkerFiles) => ({
  name: 'edgewise-database',
  compatibility_date: edge.compatibility_date,
  d1_databases: edge.d1_databases,
});

async function applyMigrations(db: Database): Promise<void> {
  await db.prepare(MIGRATIONS_TABLE).all();
  const { results } = await db.prepare('SELECT name FROM d1_migrations').all<{ name: string }>();
  const applied = new Set(results.map(({ name }) => name));
  const folder = join(ROOT, 'worker/migrations');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  for (const name of names.filter((candidate) => !applied.has(candidate))) {
    const sql = await readFile(join(folder, name), 'utf8');
    const record = db.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name);
    await db.batch([...splitStatements(sql).map((statement) => db.prepare(statement)), record]);
  }
}

/**
 * Statements of a migration: comment lines go, a semicolon at a line's end separates. Our migrations
 * hold no triggers, whose bodies would be cut.
 */
export function splitStatements(sql: string): string[] {
  return sql
    .replaceAll(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

const workspaceSql = ({ workspaceId, publishableKey, secretKey }: DatabaseContent): string[] =>
  bootstrapSql({
    workspaceId,
    keys: [
      { kind: 'publishable', hash: sha256(publishableKey), prefix: publishableKey.slice(0, 11) },
      { kind: 'secret', hash: sha256(secretKey), prefix: secretKey.slice(0, 11) },
    ],
    now: new Date(),
  });

const codeSql = ({ workspaceId, consoleCode }: DatabaseContent): string[] => [
  consoleCodeSql({
    workspaceId,
    hash: sha256(consoleCode),
    expiresAt: new Date(Date.now() + CODE_LIFETIME_MS),
  }),
];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
