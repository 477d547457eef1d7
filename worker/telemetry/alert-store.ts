import type { AlertView } from '../../shared/contracts/registry.ts';
import type { AlertUpdate } from '../../shared/decide/alerts.ts';

type Row = { view: string };

export function firingAlerts(sql: SqlStorage): AlertView[] {
  return read(sql.exec<Row>('SELECT view FROM alerts WHERE firing = 1 ORDER BY id'));
}

/** Alerts that D1 does not know in their present state. */
export function unpublishedAlerts(sql: SqlStorage): AlertView[] {
  return read(sql.exec<Row>('SELECT view FROM alerts WHERE published = 0 ORDER BY id'));
}

export function keepAlerts(sql: SqlStorage, update: AlertUpdate): void {
  for (const alert of [...update.alerts, ...update.resolved])
    sql.exec(
      `INSERT INTO alerts (id, view, firing, published) VALUES (?, ?, ?, 0)
       ON CONFLICT (id) DO UPDATE SET view = excluded.view, firing = excluded.firing, published = 0
       WHERE alerts.view <> excluded.view`,
      alert.id,
      JSON.stringify(alert),
      alert.status === 'firing' ? 1 : 0,
    );
}

/** D1 has them now; a resolved alert is its business alone. */
export function markPublished(sql: SqlStorage, alerts: readonly AlertView[]): void {
  for (const alert of alerts)
    sql.exec(
      'UPDATE alerts SET published = 1 WHERE id = ? AND view = ?',
      alert.id,
      JSON.stringify(alert),
    );
  sql.exec('DELETE FROM alerts WHERE firing = 0 AND published = 1');
}

const read = (rows: SqlStorageCursor<Row>): AlertView[] =>
  rows.toArray().map((row) => JSON.parse(row.view) as AlertView);
