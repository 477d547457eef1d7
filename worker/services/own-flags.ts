import * as v from 'valibot';
import type { WorkspaceFlag } from '../../shared/contracts/flags.ts';
import { MODEL_FLAGS } from '../../shared/contracts/flags.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { latestConfiguration } from '../store/flag-configurations.ts';
import { changeConfiguration } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

const flagValue = v.union([
  v.boolean(),
  v.pipe(v.number(), v.finite()),
  v.pipe(v.string(), v.maxLength(4096)),
]);

/** PUT /v1/flags/:key */
export const workspaceFlag = v.object({
  enabled: v.boolean(),
  basisPoints: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000)),
  on: flagValue,
  off: flagValue,
});

const FLAG_LIMIT = 500;
const RESERVED: readonly string[] = Object.values(MODEL_FLAGS);

export async function readFlag(
  { env, workspace }: Pick<Scope, 'env' | 'workspace'>,
  key: string,
): Promise<Result<WorkspaceFlag, Failure>> {
  const { flags } = await latestConfiguration(env.DB, workspace);
  return Object.hasOwn(flags, key)
    ? ok(flags[key])
    : fail({ reason: 'not_found', what: `flag ${key}` });
}

export function writeFlag(
  scope: Scope,
  key: string,
  flag: WorkspaceFlag,
): Promise<Result<WorkspaceFlag, Failure>> {
  return changeConfiguration(scope, async (current) => {
    if (RESERVED.includes(key))
      return fail({
        reason: 'invalid',
        detail: `${key} is a flag of every model: change the model's settings.`,
      });
    const flags = { ...current.flags, [key]: flag };
    if (Object.keys(flags).length > FLAG_LIMIT)
      return fail({ reason: 'invalid', detail: `A workspace has at most ${FLAG_LIMIT} flags.` });
    return ok({
      next: { ...current, flags },
      audit: { action: 'flag.write', subject: key, detail: JSON.stringify(flag) },
      value: flag,
    });
  });
}
