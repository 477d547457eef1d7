import type { AlertView } from '../../shared/contracts/registry.ts';
import type { AlertUpdate } from '../../shared/decide/alerts.ts';
import { isNews } from '../../shared/decide/alerts.ts';

type Row = { view: string };

export function firingAlerts(sql: SqlStorage): AlertView[] {
  return read(sql.exec<Row>('SELECT view FROM alerts WHERE firing = 1 ORDER BY id'));
}

/** Alerts with something to tell that D1 does not know: a renewal alone waits for its minute. */
export function unpublishedAlerts(sql: SqlStorage): AlertView[] {
  return read(sql.exec<Row>('SELECT view FROM alerts WHERE published = 0 ORDER BY id'));
}

export function keepAlerts(sql: SqlStorage, update: AlertUpdate): void {
  for (const alert of [...update.alerts, ...update.resolved])
    sql.exec(
      `INSERT INTO alerts (id, view, firing, published) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET view = excluded.view, firing = excluded.firing,
         published = excluded.published
       WHERE alerts.view <> excluded.view`,
      alert.id,
      JSON.stringify(alert),
      alert.status === 'firing' ? 1 : 0,
      isNews(toldAlert(sql, alert.id), alert) ? 0 : 1,
    );
}

function toldAlert(sql: SqlStorage, id: string): AlertView | null {
  const [told] = read(sql.exec<Row>('SELECT view FROM told_alerts WHERE id = ?', id));
  return told ?? null;
}

/** D1 has them now; a resolved alert is its business alone. */
export function markPublished(sql: SqlStorage, alerts: readonly AlertView[]): void {
  for (const alert of alerts) {
    const view = JSON.stringify(alert);
    sql.exec('UPDATE alerts SET published = 1 WHERE id = ? AND view = ?', alert.id, view);
    sql.exec('INSERT OR REPLACE INTO told_alerts (id, view) VALUES (?, ?)', alert.id, view);
  }
  sql.exec('DELETE FROM alerts WHERE firing = 0 AND published = 1');
  sql.exec('DELETE FROM told_alerts WHERE id NOT IN (SELECT id FROM alerts)');
}

const read = (rows: SqlStorageCursor<Row>): AlertView[] =>
  rows.toArray().map((row) => JSON.parse(row.view) as AlertView);
