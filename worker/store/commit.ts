import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { newId } from '../services/new-id.ts';
import type { Scope } from '../services/scope.ts';

export type AuditNote = { action: string; subject: string; detail: string };

export type Change = {
  audit: AuditNote;
  /** Done together with the rest or not at all. A broken UNIQUE constraint is a lost race. */
  statements: D1PreparedStatement[];
  /** An update that must touch exactly one row, else everything is undone. */
  compareAndSet?: D1PreparedStatement;
};

export type Lost = { reason: 'changed_meanwhile'; what: string };

/** Writes one state change with its audit entry in a single D1 batch. */
export async function commit(scope: Scope, change: Change): Promise<Result<null, Lost>> {
  const { DB } = scope.env;
  const batch = [...change.statements, auditStatement(scope, change.audit)];
  if (change.compareAndSet) batch.push(change.compareAndSet, guardStatement(DB));
  try {
    await DB.batch(batch);
    return ok(null);
  } catch (error) {
    if (!isLostRace(error)) throw error;
    return fail({ reason: 'changed_meanwhile', what: change.audit.subject });
  }
}

/** Must follow the update it guards: `changes()` speaks of the statement before. */
function guardStatement(db: D1Database): D1PreparedStatement {
  return db.prepare('INSERT INTO guard (lost) SELECT 1 WHERE changes() <> 1');
}

function auditStatement(scope: Scope, note: AuditNote): D1PreparedStatement {
  return scope.env.DB.prepare(
    'INSERT INTO audit (workspace, id, at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
  ).bind(
    scope.workspace,
    newId(scope.nowMs),
    new Date(scope.nowMs).toISOString(),
    scope.actor,
    note.action,
    note.subject,
    note.detail,
  );
}

function isLostRace(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return message.includes('compare_and_set_lost') || message.includes('UNIQUE constraint failed');
}
