import type { GateResult, RolloutView } from '../../shared/contracts/registry.ts';
import { unreachable } from '../../shared/core/assert.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { RolloutMove } from '../../shared/decide/rollout.ts';
import type { ServedModel, StoredConfiguration } from '../store/flag-configurations.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import { findRunningRollout, noteLook, rolloutView, updateRollout } from '../store/rollouts.ts';
import type { ConfigurationEdit } from './change-configuration.ts';
import { changeConfiguration, withModel } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { tellHub } from './live.ts';
import { challengerOf } from './rollouts.ts';
import type { Scope } from './scope.ts';

export type DecidedMove = { rollout: RolloutRow; gates: GateResult[]; move: RolloutMove };

/**
 * Carries out what `tickRollout` decided on the rollout as it was read. Whoever changed it since
 * has won: the decision is dropped, and the next look decides on what is there then.
 */
export async function moveRollout(
  scope: Scope,
  decided: DecidedMove,
): Promise<Result<RolloutView, Failure>> {
  const row = moved(decided, new Date(scope.nowMs).toISOString());
  if (decided.move.kind === 'hold') return holdRollout(scope, decided.rollout, row);
  return changeConfiguration(scope, async (current) => {
    const running = await findRunningRollout(scope.env.DB, scope.workspace, row.model);
    if (running?.id !== row.id || running.rev !== row.rev)
      return fail({ reason: 'changed_meanwhile', what: `rollout ${row.id}` });
    return ok(rolloutEdit(scope, current, { row, action: `rollout.${decided.move.kind}` }));
  });
}

function moved({ rollout, gates, move }: DecidedMove, now: string): RolloutRow {
  const looked = { ...rollout, gates: JSON.stringify(gates) };
  switch (move.kind) {
    case 'hold':
      return { ...looked, reason: move.reason };
    case 'advance':
      return {
        ...looked,
        step_index: move.stepIndex,
        step_started_at: now,
        reason: 'every gate held',
      };
    case 'promote':
      return {
        ...looked,
        status: 'promoted',
        ended_at: now,
        reason: 'every gate held at every step',
      };
    case 'roll_back':
      return { ...looked, status: 'rolled_back', ended_at: now, reason: move.reason };
    default:
      return unreachable(move);
  }
}

/** The configuration that serves what the rollout row says, written together with the row. */
export function rolloutEdit(
  scope: Scope,
  current: StoredConfiguration,
  { row, action }: { row: RolloutRow; action: string },
): ConfigurationEdit<RolloutView> {
  const view = rolloutView({ ...row, rev: row.rev + 1 });
  return {
    next: withModel(current, row.model, serve(current.models[row.model], row)),
    compareAndSet: updateRollout(scope.env.DB, scope.workspace, row),
    audit: { action, subject: `${row.model}@${row.challenger}`, detail: row.reason },
    messages: [{ type: 'rollout', model: row.model, rollout: view }],
    value: view,
  };
}

function serve(served: ServedModel, row: RolloutRow): ServedModel {
  if (row.status === 'promoted') return { ...served, champion: row.challenger, challenger: null };
  if (row.status !== 'running') return { ...served, challenger: null };
  return { ...served, challenger: challengerOf(row) };
}

/** A hold changes nothing that is served: it is a look, noted where the rollout is read from. */
async function holdRollout(
  scope: Scope,
  before: RolloutRow,
  row: RolloutRow,
): Promise<Result<RolloutView, Failure>> {
  const view = rolloutView(row);
  if (before.reason === row.reason && before.gates === row.gates) return ok(view);
  await noteLook(scope.env.DB, scope.workspace, row);
  await tellHub(scope, [{ type: 'rollout', model: row.model, rollout: view }]);
  return ok(view);
}
