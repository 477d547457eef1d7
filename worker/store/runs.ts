import type { RunView } from '../../shared/contracts/registry.ts';

type RunRow = {
  id: string;
  model: string;
  trigger: RunView['trigger'];
  status: RunView['status'];
  started_at: string;
  ended_at: string | null;
  parent_version: string | null;
  version: string | null;
  rows: number | null;
  detail: string;
};

const runView = (row: RunRow): RunView => ({
  id: row.id,
  model: row.model,
  trigger: row.trigger,
  status: row.status,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  parentVersion: row.parent_version,
  version: row.version,
  rows: row.rows,
  detail: row.detail,
});

export async function listRuns(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<RunView[]> {
  const { results } = await db
    .prepare(
      'SELECT * FROM runs WHERE workspace = ? AND model = ? ORDER BY started_at DESC, id DESC LIMIT 200',
    )
    .bind(workspace, model)
    .all<RunRow>();
  return results.map(runView);
}

export async function findRun(
  db: D1Database,
  workspace: string,
  id: string,
): Promise<RunView | null> {
  const row = await db
    .prepare('SELECT * FROM runs WHERE workspace = ? AND id = ?')
    .bind(workspace, id)
    .first<RunRow>();
  return row && runView(row);
}

/** Runs of every workspace that nobody has ended yet. */
export async function listOpenRuns(
  db: D1Database,
): Promise<(Pick<RunView, 'id' | 'model' | 'trigger'> & { workspace: string })[]> {
  const { results } = await db
    .prepare("SELECT workspace, id, model, trigger FROM runs WHERE status = 'running'")
    .all<Pick<RunView, 'id' | 'model' | 'trigger'> & { workspace: string }>();
  return results;
}

/** Labels known when the last run started that did not fail; 0 when there was none. */
export async function labelsAtLastRun(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<number> {
  const labels = await db
    .prepare(
      "SELECT max(labels) AS labels FROM runs WHERE workspace = ? AND model = ? AND status <> 'failed'",
    )
    .bind(workspace, model)
    .first<number | null>('labels');
  return labels ?? 0;
}

export function insertRun(
  db: D1Database,
  workspace: string,
  { run, labels }: { run: RunView; labels: number },
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO runs (workspace, id, model, trigger, status, started_at, parent_version, detail, labels)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      workspace,
      run.id,
      run.model,
      run.trigger,
      run.status,
      run.startedAt,
      run.parentVersion,
      run.detail,
      labels,
    );
}

/** Ends a run that still runs; touches no row when it has ended already. */
export function endRun(db: D1Database, workspace: string, run: RunView): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE runs SET status = ?, ended_at = ?, version = ?, rows = ?, detail = ?
       WHERE workspace = ? AND id = ? AND status = 'running'`,
    )
    .bind(run.status, run.endedAt, run.version, run.rows, run.detail, workspace, run.id);
}
