import type { RolloutView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { findRunningRollout } from '../store/rollouts.ts';
import { changeConfiguration } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { rolloutEdit } from './move-rollout.ts';
import { findRevocation } from './revocations.ts';
import type { Scope } from './scope.ts';

/**
 * Makes the challenger of the running rollout champion now, whatever its gates say: somebody decided. Two who ask
 * at once promote one thing.
 */
export function promote(scope: Scope, model: string): Promise<Result<RolloutView, Failure>> {
  let asked: string | null = null;
  return changeConfiguration<RolloutView>(scope, async (current) => {
    if (!Object.hasOwn(current.models, model))
      return fail({ reason: 'not_found', what: `model ${model}` });
    const running = await findRunningRollout(scope.env.DB, scope.workspace, model);
    if (!running || (asked !== null && asked !== running.id))
      return fail({ reason: 'no_rollout_running', model });
    asked = running.id;
    const { challenger: version } = running;
    const revoked = await findRevocation(scope, model, version);
    if (revoked) return fail({ reason: 'version_revoked', model, version, why: revoked.why });
    const row = {
      ...running,
      status: 'promoted' as const,
      ended_at: new Date(scope.nowMs).toISOString(),
      reason: `promoted by ${scope.actor}`,
    };
    return ok(rolloutEdit(scope, current, { row, action: 'rollout.promote' }));
  });
}
