const LEASE = 'training';
/** Longer than the longest step; each step renews it. */
const LEASE_MS = 10 * 60 * 1000;

/** Takes or renews the one training lease. False: another run holds it. */
export async function takeLease(db: D1Database, holder: string, nowMs: number): Promise<boolean> {
  const { meta } = await db
    .prepare(
      `INSERT INTO leases (name, holder, expires_at) VALUES (?1, ?2, ?3)
       ON CONFLICT (name) DO UPDATE SET holder = ?2, expires_at = ?3
       WHERE holder = ?2 OR expires_at < ?4`,
    )
    .bind(LEASE, holder, nowMs + LEASE_MS, nowMs)
    .run();
  return meta.changes === 1;
}

export async function releaseLease(db: D1Database, holder: string): Promise<void> {
  await db.prepare('DELETE FROM leases WHERE name = ? AND holder = ?').bind(LEASE, holder).run();
}
