import type { RolloutPlan, RolloutRequest, RolloutView } from '../../shared/contracts/registry.ts';
import type { Result } from '../../shared/core/result.ts';
import { fail, ok } from '../../shared/core/result.ts';
import { needsChampion, planRollout } from '../../shared/decide/rollout-plan.ts';
import type { ServedModel, StoredConfiguration } from '../store/flag-configurations.ts';
import { findModel } from '../store/models.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import {
  findRunningRollout,
  insertRollout,
  listRollouts,
  rolloutView,
  stepOf,
} from '../store/rollouts.ts';
import { declarationOf, findVersion } from '../store/versions.ts';
import type { ConfigurationEdit } from './change-configuration.ts';
import { changeConfiguration, NEW_MODEL, withModel } from './change-configuration.ts';
import type { Failure } from './failure.ts';
import { newId } from './new-id.ts';
import { findRevocation } from './revocations.ts';
import type { Scope } from './scope.ts';
import { championMismatch } from './task-mismatch.ts';

export type RolloutStart = RolloutRequest & { model: string; reason?: string };

/**
 * Puts a version in front of users: `all` makes it champion at once, every other strategy opens a rollout with
 * the plan that its own declaration makes of it. One rollout runs per model.
 */
export async function startRollout(
  scope: Scope,
  start: RolloutStart,
): Promise<Result<RolloutView, Failure>> {
  const { model, version } = start;
  const row = await findVersion(scope.env.DB, { workspace: scope.workspace, model, version });
  if (!row) return fail({ reason: 'not_found', what: `version ${version} of ${model}` });
  const plan = planRollout(start.strategy, declarationOf(row).rollout, start.promotion);
  return changeConfiguration(scope, async (current) => {
    const revoked = await findRevocation(scope, model, version);
    if (revoked) return fail({ reason: 'version_revoked', model, version, why: revoked.why });
    const running = await findRunningRollout(scope.env.DB, scope.workspace, model);
    if (running) return fail({ reason: 'rollout_running', model, rolloutId: running.id });
    if (current.models[model]?.champion === version)
      return fail({ reason: 'already_champion', model, version });
    const champion = current.models[model]?.champion ?? null;
    if (champion === null && needsChampion(plan)) return fail({ reason: 'no_champion', model });
    // Publishing asked this too, but perhaps of another champion, or before there was one.
    const subject = { model, version, task: declarationOf(row).task };
    const mismatch = await championMismatch(scope, subject, champion);
    if (mismatch !== null) return fail({ reason: 'invalid', detail: mismatch });
    return ok(startEdit(scope, current, newRollout(scope, { start, plan, champion })));
  });
}

function newRollout(
  scope: Scope,
  { start, plan, champion }: { start: RolloutStart; plan: RolloutPlan; champion: string | null },
): RolloutRow {
  const now = new Date(scope.nowMs).toISOString();
  const isRunning = start.strategy !== 'all';
  return {
    id: newId(scope.nowMs),
    model: start.model,
    champion,
    challenger: start.version,
    strategy: start.strategy,
    status: isRunning ? 'running' : 'promoted',
    plan: JSON.stringify(plan),
    step_index: 0,
    step_started_at: now,
    started_at: now,
    ended_at: isRunning ? null : now,
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
  const isRunning = rollout.status === 'running';
  const next = isRunning
    ? { ...served, challenger: challengerOf(rollout) }
    : { ...served, champion: version, challenger: null };
  const view = rolloutView(rollout);
  return {
    next: withModel(current, model, next),
    statements: [insertRollout(scope.env.DB, scope.workspace, rollout)],
    audit: {
      action: `rollout.${rollout.strategy}`,
      subject: `${model}@${version}`,
      detail: isRunning
        ? `steps ${view.plan.steps.map(({ mode, share }) => `${mode} ${share}`).join(', ')}`
        : `champion before: ${rollout.champion ?? 'none'}`,
    },
    messages: [{ type: 'rollout', model, rollout: view }],
    value: view,
  };
}

/** What the rollout's present step has of the challenger served. */
export function challengerOf(rollout: RolloutRow): NonNullable<ServedModel['challenger']> {
  const { share, mode } = stepOf(rollout);
  const basisPoints = Math.round(share * 10_000);
  return { version: rollout.challenger, rolloutId: rollout.id, basisPoints, mode };
}

export async function readRollouts(
  reader: Pick<Scope, 'env' | 'workspace'>,
  model: string,
): Promise<Result<RolloutView[], Failure>> {
  if (!(await findModel(reader.env.DB, reader.workspace, model)))
    return fail({ reason: 'not_found', what: `model ${model}` });
  return ok((await listRollouts(reader.env.DB, reader.workspace, model)).map(rolloutView));
}
