import type { RolloutView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { StoredConfiguration } from '../store/flag-configurations.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import { findRunningRollout, listRollouts, rolloutView, updateRollout } from '../store/rollouts.ts';
import type { ConfigurationEdit } from './change-configuration.ts';
import { changeConfiguration, withModel } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { rolloutEdit } from './move-rollout.ts';
import { listRevoked } from './revocations.ts';
import type { Scope } from './scope.ts';

/**
 * Ends the running rollout; without one, returns to the champion before the present one, skipping
 * versions revoked since. Each champion is left once: rolling back again goes further back. Two who
 * ask at once undo one thing: a lost race does not go on to undo what the winner left.
 */
export function rollBack(scope: Scope, model: string): Promise<Result<RolloutView, Failure>> {
  let asked: string | null = null;
  return changeConfiguration<RolloutView>(scope, async (current) => {
    if (!Object.hasOwn(current.models, model))
      return fail({ reason: 'not_found', what: `model ${model}` });
    const running = await findRunningRollout(scope.env.DB, scope.workspace, model);
    const seen = running?.id ?? `champion ${current.models[model].champion}`;
    asked ??= seen;
    if (asked !== seen) return fail({ reason: 'changed_meanwhile', what: model });
    if (running)
      return ok(
        rolloutEdit(scope, current, {
          row: rolledBack(scope, running),
          action: 'rollout.roll_back',
        }),
      );
    return returnToChampionBefore(scope, current, model);
  });
}

function rolledBack(scope: Scope, row: RolloutRow): RolloutRow {
  return {
    ...row,
    status: 'rolled_back',
    ended_at: new Date(scope.nowMs).toISOString(),
    reason: `rolled back by ${scope.actor}`,
  };
}

async function returnToChampionBefore(
  scope: Scope,
  current: StoredConfiguration,
  model: string,
): Promise<Result<ConfigurationEdit<RolloutView>, Failure>> {
  const served = current.models[model];
  const promoted = (await listRollouts(scope.env.DB, scope.workspace, model)).filter(
    (row) => row.status === 'promoted',
  );
  const undone = promoted.find((row) => row.challenger === served.champion);
  const revoked = new Set(
    (await listRevoked(scope)).flatMap((entry) => (entry.model === model ? [entry.version] : [])),
  );
  const before = undone && earlierChampion(promoted, undone, revoked);
  if (!undone || !before) return fail({ reason: 'nothing_to_roll_back', model });
  const row = rolledBack(scope, undone);
  const view = rolloutView(row);
  return ok({
    next: withModel(current, model, { ...served, champion: before }),
    compareAndSet: updateRollout(scope.env.DB, scope.workspace, row),
    audit: {
      action: 'rollout.roll_back',
      subject: `${model}@${undone.challenger}`,
      detail: `champion is ${before} again`,
    },
    messages: [{ type: 'rollout', model, rollout: view }],
    value: view,
  });
}

/** Follows the chain of champions back from `undone` to the first that may still run. */
function earlierChampion(
  promoted: RolloutRow[],
  undone: RolloutRow,
  revoked: ReadonlySet<string>,
): string | null {
  let at: RolloutRow | undefined = undone;
  const seen = new Set<string>();
  while (at?.champion && !seen.has(at.id)) {
    seen.add(at.id);
    const { champion, id }: RolloutRow = at;
    if (!revoked.has(champion)) return champion;
    at = promoted.find((row) => row.challenger === champion && row.id < id);
  }
  return null;
}
