import type { AlertView, ModelSummary } from '../../shared/contracts/registry.ts';

/** Writes the summary unless a newer one is there: publishing twice, or late, changes nothing. */
export function upsertSummary(
  db: D1Database,
  workspace: string,
  summary: ModelSummary,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO summaries (workspace, model, revision, document) VALUES (?, ?, ?, ?)
       ON CONFLICT (workspace, model) DO UPDATE SET revision = excluded.revision, document = excluded.document
       WHERE excluded.revision > summaries.revision`,
    )
    .bind(workspace, summary.model, summary.revision, JSON.stringify(summary));
}

export async function findSummary(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<ModelSummary | null> {
  const document = await db
    .prepare('SELECT document FROM summaries WHERE workspace = ? AND model = ?')
    .bind(workspace, model)
    .first<string>('document');
  return document === null ? null : (JSON.parse(document) as ModelSummary);
}

export function upsertAlert(
  db: D1Database,
  workspace: string,
  alert: AlertView,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO alerts (workspace, id, model, rule, severity, status, summary, opened_at, last_seen_at, resolved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace, id) DO UPDATE SET severity = excluded.severity, status = excluded.status,
         summary = excluded.summary, last_seen_at = excluded.last_seen_at, resolved_at = excluded.resolved_at`,
    )
    .bind(
      workspace,
      alert.id,
      alert.model,
      alert.rule,
      alert.severity,
      alert.status,
      alert.summary,
      alert.openedAt,
      alert.lastSeenAt,
      alert.resolvedAt,
    );
}

/** Newest first; `before` is an id to continue from. */
export async function listAlerts(
  db: D1Database,
  workspace: string,
  page: { model?: string; before: string | null; limit: number },
): Promise<AlertView[]> {
  const { results } = await db
    .prepare(
      `SELECT id, model, rule, severity, status, summary, opened_at AS openedAt,
         last_seen_at AS lastSeenAt, resolved_at AS resolvedAt
       FROM alerts WHERE workspace = ?1 AND (?2 IS NULL OR model = ?2) AND (?3 IS NULL OR id < ?3)
       ORDER BY id DESC LIMIT ?4`,
    )
    .bind(workspace, page.model ?? null, page.before, page.limit)
    .all<AlertView>();
  return results;
}
