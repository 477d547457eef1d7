export type ModelRow = { model: string; title: string };

/** Makes the model known, or gives a known one the title of its newest version. */
export function upsertModel(
  db: D1Database,
  workspace: string,
  row: ModelRow & { createdAt: string },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO models (workspace, model, title, created_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (workspace, model) DO UPDATE SET title = excluded.title`,
    )
    .bind(workspace, row.model, row.title, row.createdAt);
}

/** Makes a model known; touches no row when the workspace has `limit` models, fails on a known one. */
export function insertModelWithin(
  db: D1Database,
  workspace: string,
  { row, limit }: { row: ModelRow & { createdAt: string }; limit: number },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO models (workspace, model, title, created_at) SELECT ?1, ?2, ?3, ?4
       WHERE (SELECT count(*) FROM models WHERE workspace = ?1) < ?5`,
    )
    .bind(workspace, row.model, row.title, row.createdAt, limit);
}

export async function listModels(db: D1Database, workspace: string): Promise<ModelRow[]> {
  const { results } = await db
    .prepare('SELECT model, title FROM models WHERE workspace = ? ORDER BY model')
    .bind(workspace)
    .all<ModelRow>();
  return results;
}

export function findModel(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<ModelRow | null> {
  return db
    .prepare('SELECT model, title FROM models WHERE workspace = ? AND model = ?')
    .bind(workspace, model)
    .first<ModelRow>();
}

/** Every model of every workspace: what cron walks over. */
export async function allModels(db: D1Database): Promise<{ workspace: string; model: string }[]> {
  const { results } = await db
    .prepare('SELECT workspace, model FROM models ORDER BY workspace, model')
    .all<{ workspace: string; model: string }>();
  return results;
}
