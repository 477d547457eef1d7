import type { GateResult, RolloutView, Suggestion } from '../contracts/registry.ts';
import { about, metricWords } from './metric-words.ts';

/**
 * What an operator might do about a running rollout: promote one that waits for it, or wait for what would settle
 * a gate that is open. Nothing where the rollout goes on by itself.
 */
export function suggestRollout(rollout: RolloutView | null): Suggestion[] {
  if (rollout?.status !== 'running') return [];
  const { gates, plan, stepIndex, challenger } = rollout;
  const open = gates.find(({ verdict }) => verdict !== 'pass');
  if (open) return aboutGate(open, challenger);
  const isLast = stepIndex === plan.steps.length - 1;
  if (plan.promotion !== 'hand' || !isLast || gates.length === 0) return [];
  const { n } = gates.reduce((least, gate) => (gate.n < least.n ? gate : least));
  const sentence = `Promote ${challenger}, or roll it back: all ${gates.length} gates hold, on ${n} samples or more each.`;
  return [{ action: 'promote', sentence, numbers: { gates: gates.length, samples: n } }];
}

/** A gate that was broken has ended its rollout; what is open waits for data. */
function aboutGate({ metric, n, settledAt }: GateResult, challenger: string): Suggestion[] {
  const more = settledAt ? settledAt - n : 0;
  if (more <= 0) return [];
  const sentence = `Wait for about ${about(more)} more samples of ${challenger}: they settle its ${metricWords(metric)}, which has ${n}.`;
  return [{ action: 'wait', sentence, numbers: { samples: n, more } }];
}
