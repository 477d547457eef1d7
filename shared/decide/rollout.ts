import type { GateResult } from '../contracts/registry.ts';

export type RolloutState = {
  /** Shares in (0, 1], growing, the last 1. */
  steps: readonly number[];
  stepIndex: number;
  stepStartedAtMs: number;
  holdMs: number;
};

export type RolloutMove =
  | { kind: 'hold'; reason: string }
  | { kind: 'advance'; stepIndex: number }
  | { kind: 'promote' }
  | { kind: 'roll_back'; reason: string };

/**
 * What a running rollout does next. A failed gate rolls back at once, at any time and whatever else
 * holds. A step is left only after `holdMs` and when every gate passes; leaving the last promotes.
 * Pure: the caller brings the verdicts and the time, and writes the outcome.
 */
export function tickRollout(
  state: RolloutState,
  gates: readonly GateResult[],
  nowMs: number,
): RolloutMove {
  const failed = gates.filter((gate) => gate.verdict === 'fail');
  if (failed.length > 0)
    return { kind: 'roll_back', reason: failed.map(describeFailure).join('; ') };
  const open = gates.find((gate) => gate.verdict !== 'pass');
  if (open) return { kind: 'hold', reason: describeOpen(open) };
  const heldMs = nowMs - state.stepStartedAtMs;
  if (heldMs < state.holdMs)
    return { kind: 'hold', reason: `held ${seconds(heldMs)} of ${seconds(state.holdMs)}` };
  if (state.stepIndex >= state.steps.length - 1) return { kind: 'promote' };
  return { kind: 'advance', stepIndex: state.stepIndex + 1 };
}

function describeFailure(gate: GateResult): string {
  const against = gate.champion === null ? '' : `, champion ${show(gate.champion)}`;
  return `${gate.metric} is ${show(gate.challenger)}, beyond ${show(gate.limit)}${against}`;
}

function describeOpen(gate: GateResult): string {
  if (gate.verdict === 'insufficient_data')
    return `${gate.metric} has ${gate.n} of ${gate.needed} samples`;
  return `${gate.metric} is ${show(gate.challenger)} against ${show(gate.limit)}: not settled`;
}

const show = (value: number | null): string =>
  value === null ? 'unknown' : String(Number(value.toPrecision(4)));

const seconds = (ms: number): string => `${Math.max(0, Math.floor(ms / 1000))} s`;
