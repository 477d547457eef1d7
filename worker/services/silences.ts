import type { SilenceRequest, SilenceView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { DAY_MS } from '../../shared/core/time.ts';
import { commit } from '../store/commit.ts';
import { findModel } from '../store/models.ts';
import { listSilences, upsertSilence } from '../store/silences.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './scope.ts';

/** Longer than this is not a silence but a rule that nobody wants. */
export const LONGEST_SILENCE_MS = 30 * DAY_MS;

export async function readSilences(
  { env, workspace, nowMs }: Pick<Scope, 'env' | 'workspace' | 'nowMs'>,
  model: string,
): Promise<Result<SilenceView[], Failure>> {
  if (!(await findModel(env.DB, workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  return ok(await listSilences(env.DB, workspace, { model, nowMs }));
}

/** Leaves a rule's alerts alone for a time, or no longer; answers what is silent now. */
export async function silenceRule(
  scope: Scope,
  model: string,
  { rule, durationMs, why }: SilenceRequest,
): Promise<Result<SilenceView[], Failure>> {
  const { env, workspace, actor, nowMs } = scope;
  if (!(await findModel(env.DB, workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  const untilMs = nowMs + durationMs;
  const createdAt = new Date(nowMs).toISOString();
  const until = durationMs > 0 ? `until ${new Date(untilMs).toISOString()}` : 'lifted';
  const written = await commit(scope, {
    audit: {
      action: durationMs > 0 ? 'alert.silence' : 'alert.unsilence',
      subject: `${model} ${rule}`,
      detail: why ? `${until}: ${why}` : until,
    },
    statements: [
      upsertSilence(env.DB, workspace, { model, rule, untilMs, why, by: actor, createdAt }),
    ],
  });
  return written.ok ? readSilences(scope, model) : written;
}
