import type { RolloutRequest, RolloutView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import type { StoredConfiguration } from '../store/flag-configurations.ts';
import { findModel } from '../store/models.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import { findRunningRollout, insertRollout, listRollouts, rolloutView } from '../store/rollouts.ts';
import { declarationOf, findVersion } from '../store/versions.ts';
import type { ConfigurationEdit } from './change-configuration.ts';
import { changeConfiguration, NEW_MODEL, withModel } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { newId } from './new-id.ts';
import { findRevocation } from './revocations.ts';
import type { Scope } from './scope.ts';

export type RolloutStart = RolloutRequest & { model: string; reason?: string };

/**
 * Puts a version in front of users: `all` makes it champion at once, `canary` opens a rollout with
 * the steps of its own declaration. One rollout runs per model.
 */
export async function startRollout(
  scope: Scope,
  start: RolloutStart,
): Promise<Result<RolloutView, Failure>> {
  const { model, version } = start;
  const row = await findVersion(scope.env.DB, { workspace: scope.workspace, model, version });
  if (!row) return fail({ reason: 'not_found', what: `version ${version} of ${model}` });
  const { rollout: policy } = declarationOf(row);
  return changeConfiguration(scope, async (current) => {
    const revoked = await findRevocation(scope, model, version);
    if (revoked) return fail({ reason: 'version_revoked', model, version, why: revoked.why });
    const running = await findRunningRollout(scope.env.DB, scope.workspace, model);
    if (running) return fail({ reason: 'rollout_running', model, rolloutId: running.id });
    if (current.models[model]?.champion === version)
      return fail({ reason: 'already_champion', model, version });
    const rollout = newRollout(scope, { start, policy, champion: current.models[model]?.champion });
    return ok(startEdit(scope, current, rollout));
  });
}

function newRollout(
  scope: Scope,
  options: {
    start: RolloutStart;
    policy: { steps: number[]; holdMs: number };
    champion: string | null | undefined;
  },
): RolloutRow {
  const { start, policy, champion = null } = options;
  const now = new Date(scope.nowMs).toISOString();
  const isCanary = start.strategy === 'canary';
  return {
    id: newId(scope.nowMs),
    model: start.model,
    champion,
    challenger: start.version,
    strategy: start.strategy,
    status: isCanary ? 'running' : 'promoted',
    steps: JSON.stringify(isCanary ? policy.steps : [1]),
    hold_ms: isCanary ? policy.holdMs : 0,
    step_index: 0,
    step_started_at: now,
    started_at: now,
    ended_at: isCanary ? null : now,
    reason: start.reason ?? `asked by ${scope.actor}`,
    gates: '[]',
    rev: 0,
  };
}

function startEdit(
  scope: Scope,
  current: StoredConfiguration,
  rollout: RolloutRow,
): ConfigurationEdit<RolloutView> {
  const { model, challenger: version } = rollout;
  const served = current.models[model] ?? NEW_MODEL;
  const isCanary = rollout.status === 'running';
  const basisPoints = basisPointsOf(rollout);
  const next = isCanary
    ? { ...served, challenger: { version, rolloutId: rollout.id, basisPoints } }
    : { ...served, champion: version, challenger: null };
  const view = rolloutView(rollout);
  return {
    next: withModel(current, model, next),
    statements: [insertRollout(scope.env.DB, scope.workspace, rollout)],
    audit: {
      action: `rollout.${rollout.strategy}`,
      subject: `${model}@${version}`,
      detail: isCanary
        ? `steps ${rollout.steps}`
        : `champion before: ${rollout.champion ?? 'none'}`,
    },
    messages: [{ type: 'rollout', model, rollout: view }],
    value: view,
  };
}

/** The share of assigned traffic that the rollout's present step gives to the challenger. */
export const basisPointsOf = (rollout: RolloutRow): number =>
  Math.round((JSON.parse(rollout.steps) as number[])[rollout.step_index] * 10_000);

export async function readRollouts(
  reader: Pick<Scope, 'env' | 'workspace'>,
  model: string,
): Promise<Result<RolloutView[], Failure>> {
  if (!(await findModel(reader.env.DB, reader.workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  return ok((await listRollouts(reader.env.DB, reader.workspace, model)).map(rolloutView));
}
