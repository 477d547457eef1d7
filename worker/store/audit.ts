import type { AuditEntry } from '../../shared/contracts/registry.ts';

/** Newest first; `before` is the id to continue from. */
export async function listAudit(
  db: D1Database,
  workspace: string,
  page: { before: string | null; limit: number },
): Promise<(AuditEntry & { id: string })[]> {
  const { results } = await db
    .prepare(
      `SELECT id, at, actor, action, subject, detail FROM audit
       WHERE workspace = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3`,
    )
    .bind(workspace, page.before, page.limit)
    .all<AuditEntry & { id: string }>();
  return results;
}
