import type { GateResult, RolloutView } from '../../shared/contracts/registry.ts';
import type { AlertCondition } from '../../shared/decide/alerts.ts';
import type { StepEvidence } from '../../shared/decide/gate-question.ts';
import { judgeGates } from '../../shared/decide/gates.ts';
import type { RolloutMove } from '../../shared/decide/rollout.ts';
import { tickRollout } from '../../shared/decide/rollout.ts';
import type { VersionBins } from '../services/version-bins.ts';
import type { RolloutRow } from '../store/rollouts.ts';
import { planOf } from '../store/rollouts.ts';
import { readEvidence } from './window-store.ts';

/** What the gates say of the running rollout, and what it does next. */
export function lookAtRollout(
  sql: SqlStorage,
  rollout: RolloutRow,
  context: { bins: ReadonlyMap<string, VersionBins>; nowMs: number },
): { gates: GateResult[]; move: RolloutMove } {
  const challenger = context.bins.get(rollout.challenger);
  if (!challenger) throw new Error(`Broken invariant: ${rollout.challenger} was never published`);
  const plan = planOf(rollout);
  const steps: StepEvidence[] = [];
  for (let step = 0; step <= rollout.step_index; step++)
    steps.push({
      mode: plan.steps[step].mode,
      challenger: evidenceOf(sql, { rollout, step, bins: challenger }),
      champion: rollout.champion
        ? evidenceOf(sql, { rollout, step, bins: context.bins.get(rollout.champion) })
        : null,
    });
  const { declaration, groups } = challenger;
  const { task, target } = declaration;
  const threshold = task.type === 'binary' ? task.threshold : undefined;
  const gates = judgeGates(declaration.gates, steps, { groups, threshold });
  const state = {
    plan,
    stepIndex: rollout.step_index,
    stepStartedAtMs: Date.parse(rollout.step_started_at),
    unit: target.unit,
  };
  return { gates, move: tickRollout(state, gates, context.nowMs) };
}

function evidenceOf(
  sql: SqlStorage,
  { rollout, step, bins }: { rollout: RolloutRow; step: number; bins: VersionBins | undefined },
) {
  if (!bins) throw new Error(`Broken invariant: the champion of ${rollout.id} was never published`);
  const at = { rollout: rollout.id, step, version: bins.version };
  return readEvidence(sql, at, bins);
}

/**
 * A rollout that ended itself is an alert until something newer is there: another rollout, or a
 * rollback that somebody asked for. Only the fold ends one over a gate that failed, so the row says
 * it, and a crash right after the rollback cannot lose it.
 */
export function rolloutCondition(latest: RolloutView | null): AlertCondition {
  const base = { rule: 'rollout', severity: 'critical' } as const;
  const isOverGate = latest?.gates.some((gate) => gate.verdict === 'fail');
  if (latest?.status !== 'rolled_back' || !isOverGate)
    return { ...base, verdict: 'clear', summary: 'No rollout ended itself' };
  const summary = `${latest.challenger} was rolled back: ${latest.reason}`;
  return { ...base, verdict: 'firing', summary };
}
