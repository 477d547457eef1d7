/** Origins that may call from a browser: of one workspace, or of any when none is known yet. */
export async function isAllowedOrigin(
  db: D1Database,
  origin: string,
  workspace: string | null,
): Promise<boolean> {
  const row = await db
    .prepare(
      'SELECT 1 AS found FROM allowed_origins WHERE origin = ?1 AND (?2 IS NULL OR workspace = ?2) LIMIT 1',
    )
    .bind(origin, workspace)
    .first('found');
  return row !== null;
}
