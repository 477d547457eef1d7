import type { SilenceView } from '../../shared/contracts/registry.ts';

type Row = { rule: string; until_ms: number; why: string; by: string; created_at: string };

/** Silences of a model that are still in force, in the order of their rules. */
export async function listSilences(
  db: D1Database,
  workspace: string,
  of: { model: string; nowMs: number },
): Promise<SilenceView[]> {
  const { results } = await db
    .prepare(
      `SELECT rule, until_ms, why, by, created_at FROM silences
       WHERE workspace = ? AND model = ? AND until_ms > ? ORDER BY rule`,
    )
    .bind(workspace, of.model, of.nowMs)
    .all<Row>();
  return results.map(({ rule, until_ms, why, by, created_at }) => ({
    rule,
    until: new Date(until_ms).toISOString(),
    why,
    by,
    createdAt: created_at,
  }));
}

export function upsertSilence(
  db: D1Database,
  workspace: string,
  silence: Omit<SilenceView, 'until'> & { model: string; untilMs: number },
): D1PreparedStatement {
  const { model, rule, untilMs, why, by, createdAt } = silence;
  return db
    .prepare(
      `INSERT INTO silences (workspace, model, rule, until_ms, why, by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (workspace, model, rule) DO UPDATE SET until_ms = excluded.until_ms, why = excluded.why,
         by = excluded.by, created_at = excluded.created_at`,
    )
    .bind(workspace, model, rule, untilMs, why, by, createdAt);
}
