import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { changeConfiguration, withModel } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { listRevoked } from './revocations.ts';
import { rollBack } from './rollback.ts';
import type { Scope } from './scope.ts';

/**
 * Stops serving what is revoked: a running rollout of a revoked challenger ends, a revoked champion
 * gives way to the one before it, or to none. Clients refuse these versions anyway; this spares them.
 */
export async function withdrawRevoked(scope: Scope): Promise<Result<null, Failure>> {
  const revoked = new Set(
    (await listRevoked(scope)).map((entry) => `${entry.model}@${entry.version}`),
  );
  const { models } = await latestConfiguration(scope.env.DB, scope.workspace);
  for (const [model, { challenger, champion }] of Object.entries(models)) {
    const isChampion = revoked.has(`${model}@${champion}`);
    const isChallenger = revoked.has(`${model}@${challenger?.version}`);
    // Rolling back ends a running rollout first, and only then leaves the champion.
    const isInTheWay = challenger !== null && (isChampion || isChallenger);
    for (let i = 0; i < Number(isInTheWay) + Number(isChampion); i++) {
      const withdrawn = await withdraw(scope, model);
      if (!withdrawn.ok) return withdrawn;
    }
  }
  return ok(null);
}

async function withdraw(scope: Scope, model: string): Promise<Result<null, Failure>> {
  const rolledBack = await rollBack(scope, model);
  if (rolledBack.ok) return ok(null);
  if (rolledBack.error.reason !== 'nothing_to_roll_back') return rolledBack;
  return changeConfiguration<null>(scope, async (current) => {
    const served = current.models[model];
    if (!served) return fail({ reason: 'not_found', what: `model ${model}` });
    return ok({
      next: withModel(current, model, { ...served, champion: null }),
      audit: {
        action: 'champion.withdraw',
        subject: `${model}@${served.champion}`,
        detail: 'revoked, and there is no champion before it',
      },
      value: null,
    });
  });
}
