import type { RolloutStrategy } from '../../shared/contracts/declaration.ts';
import type {
  GateResult,
  RolloutPlan,
  RolloutStatus,
  RolloutStep,
  RolloutView,
} from '../../shared/contracts/registry.ts';

export type RolloutRow = {
  id: string;
  model: string;
  champion: string | null;
  challenger: string;
  strategy: RolloutStrategy;
  status: RolloutStatus;
  plan: string;
  step_index: number;
  step_started_at: string;
  started_at: string;
  ended_at: string | null;
  reason: string;
  gates: string;
  /** Grows by one with each update: the compare-and-set of this row. */
  rev: number;
};

export const planOf = ({ plan }: Pick<RolloutRow, 'plan'>): RolloutPlan =>
  JSON.parse(plan) as RolloutPlan;

/** The step that a rollout is in. */
export const stepOf = (row: Pick<RolloutRow, 'plan' | 'step_index'>): RolloutStep =>
  planOf(row).steps[row.step_index];

export const rolloutView = (row: RolloutRow): RolloutView => ({
  id: row.id,
  model: row.model,
  champion: row.champion,
  challenger: row.challenger,
  strategy: row.strategy,
  status: row.status,
  steps: planOf(row).steps.map(({ share }) => share),
  plan: planOf(row),
  stepIndex: row.step_index,
  stepStartedAt: row.step_started_at,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  reason: row.reason,
  gates: JSON.parse(row.gates) as GateResult[],
});

export function findRunningRollout(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<RolloutRow | null> {
  return db
    .prepare("SELECT * FROM rollouts WHERE workspace = ? AND model = ? AND status = 'running'")
    .bind(workspace, model)
    .first<RolloutRow>();
}

/**
 * The rollout that says how things are: the running one, else the one that ended last; undoing a
 * promotion ends it again. Looks back over the last fifty, since it is asked at each fold.
 */
export function findLatestRollout(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<RolloutRow | null> {
  return db
    .prepare(
      `SELECT * FROM (SELECT * FROM rollouts WHERE workspace = ? AND model = ? ORDER BY id DESC LIMIT 50)
       ORDER BY status = 'running' DESC, coalesce(ended_at, started_at) DESC, id DESC LIMIT 1`,
    )
    .bind(workspace, model)
    .first<RolloutRow>();
}

/** Newest first: ids are UUIDv7. */
export async function listRollouts(
  db: D1Database,
  workspace: string,
  model: string,
): Promise<RolloutRow[]> {
  const { results } = await db
    .prepare('SELECT * FROM rollouts WHERE workspace = ? AND model = ? ORDER BY id DESC LIMIT 200')
    .bind(workspace, model)
    .all<RolloutRow>();
  return results;
}

/**
 * When a version last became champion, at the start of the bucket its traffic was counted in then: what it had
 * answered before in that bucket is not told apart. Null if it never did by a rollout.
 */
export async function findDeployment(
  db: D1Database,
  workspace: string,
  deployed: { model: string; version: string; bucketMs: number },
): Promise<number | null> {
  const { model, version, bucketMs } = deployed;
  const at = await db
    .prepare(
      `SELECT max(ended_at) AS at FROM rollouts
       WHERE workspace = ? AND model = ? AND challenger = ? AND status = 'promoted'`,
    )
    .bind(workspace, model, version)
    .first<string | null>('at');
  return at === null ? null : Math.floor(Date.parse(at) / bucketMs) * bucketMs;
}

export function insertRollout(
  db: D1Database,
  workspace: string,
  row: RolloutRow,
): D1PreparedStatement {
  const columns = Object.keys(row) as (keyof RolloutRow)[];
  return db
    .prepare(
      `INSERT INTO rollouts (workspace, ${columns.join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`,
    )
    .bind(workspace, ...columns.map((column) => row[column]));
}

/** Writes `row` over the revision it was read at; touches no row when someone was faster. */
export function updateRollout(
  db: D1Database,
  workspace: string,
  row: RolloutRow,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE rollouts SET status = ?, step_index = ?, step_started_at = ?, ended_at = ?, reason = ?, gates = ?, rev = rev + 1
       WHERE workspace = ? AND id = ? AND rev = ?`,
    )
    .bind(
      row.status,
      row.step_index,
      row.step_started_at,
      row.ended_at,
      row.reason,
      row.gates,
      workspace,
      row.id,
      row.rev,
    );
}

/** Notes the last look at the gates, unless the rollout has moved on since it was read. */
export async function noteLook(db: D1Database, workspace: string, row: RolloutRow): Promise<void> {
  await db
    .prepare('UPDATE rollouts SET reason = ?, gates = ? WHERE workspace = ? AND id = ? AND rev = ?')
    .bind(row.reason, row.gates, workspace, row.id, row.rev)
    .run();
}
