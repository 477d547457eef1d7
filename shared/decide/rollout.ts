import type { GateResult, RolloutPlan } from '../contracts/registry.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/time.ts';
import { about, isWanted, metricFigure, metricWords } from './metric-words.ts';

export type RolloutState = {
  plan: RolloutPlan;
  stepIndex: number;
  stepStartedAtMs: number;
  /** Of the target. */
  unit: string;
};

export type RolloutMove =
  | { kind: 'hold'; reason: string }
  | { kind: 'advance'; stepIndex: number }
  | { kind: 'promote' }
  | { kind: 'roll_back'; reason: string };

/**
 * What a running rollout does next, whatever its strategy: the plan says what the steps are. A failed gate rolls
 * back at once, at any time and whatever else holds. A step is left only after its time and when every gate
 * passes (at the pace of time: when none looks bad); leaving the last promotes, or waits for somebody to.
 * Pure: the caller brings the verdicts and the time, and writes the outcome.
 */
export function tickRollout(
  { plan, stepIndex, stepStartedAtMs, unit }: RolloutState,
  gates: readonly GateResult[],
  nowMs: number,
): RolloutMove {
  const failed = gates.filter((gate) => gate.verdict === 'fail');
  if (failed.length > 0)
    return {
      kind: 'roll_back',
      reason: failed.map((gate) => describeFailure(gate, unit)).join('; '),
    };
  const open = gates.find((gate) => isOpen(gate, plan.pace));
  if (open) return { kind: 'hold', reason: describeOpen(open, unit) };
  const { holdMs } = plan.steps[stepIndex];
  const heldMs = nowMs - stepStartedAtMs;
  if (heldMs < holdMs) return { kind: 'hold', reason: `held ${span(heldMs)} of ${span(holdMs)}` };
  if (stepIndex < plan.steps.length - 1) return { kind: 'advance', stepIndex: stepIndex + 1 };
  if (plan.promotion === 'hand')
    return { kind: 'hold', reason: 'every gate held: waits for somebody to promote it' };
  return { kind: 'promote' };
}

/** Does it keep its step from being left? */
export function isOpen({ verdict }: GateResult, pace: RolloutPlan['pace']): boolean {
  if (verdict === 'insufficient_data') return pace === 'evidence';
  return verdict === 'inconclusive';
}

function describeFailure(
  { metric, challenger, champion, limit }: GateResult,
  unit: string,
): string {
  const show = (value: number | null): string => metricFigure(metric, value, unit);
  const side = isWanted(metric) ? 'below' : 'beyond';
  const against = champion === null ? '' : `, champion ${show(champion)}`;
  return `${metricWords(metric)} is ${show(challenger)}, ${side} ${show(limit)}${against}`;
}

function describeOpen(gate: GateResult, unit: string): string {
  const { metric, verdict, n, needed, challenger, limit } = gate;
  const words = metricWords(metric);
  if (verdict === 'insufficient_data') return `${words} has ${n} of ${needed} samples`;
  const found = `${words} is ${metricFigure(metric, challenger, unit)} against ${metricFigure(metric, limit, unit)}: not settled`;
  const more = gate.settledAt ? gate.settledAt - n : 0;
  return more > 0
    ? `${found}, at this difference it would be after about ${about(more)} more`
    : found;
}

/** In the largest unit of which there are two at least. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  if (seconds < 120) return `${seconds} s`;
  if (ms < 2 * HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}
