import type { Retraining } from '../contracts/declaration.ts';
import { minuteOf } from '../core/time.ts';
import { cronMatches } from './cron.ts';

export type RetrainPolicy = Omit<Retraining, 'cron'> & {
  /** Five fields, UTC; left out when something else than a schedule asks. */
  cron?: string;
};

export type RetrainState = {
  /** Labels that arrived since the last run's snapshot. */
  newLabels: number;
  /** Start of the last run, whatever became of it; null when there was none. */
  lastRunAtMs: number | null;
  /** Is a run under way? */
  runningRun: boolean;
};

export type RetrainDecision = {
  retrain: boolean;
  reason:
    | { tag: 'due'; newLabels: number }
    | { tag: 'running' }
    | { tag: 'not_scheduled' }
    | { tag: 'cooling_down'; remainingMs: number }
    | { tag: 'too_few_labels'; newLabels: number; needed: number };
};

/**
 * Should a retraining start in the minute that holds `nowMs`? It must be scheduled, not running,
 * past the cool-down since the last start, and have enough new labels. At most one start a minute.
 */
export function shouldRetrain(
  policy: RetrainPolicy,
  state: RetrainState,
  nowMs: number,
): RetrainDecision {
  const no = (reason: RetrainDecision['reason']): RetrainDecision => ({ retrain: false, reason });
  if (policy.cron !== undefined && !cronMatches(policy.cron, nowMs))
    return no({ tag: 'not_scheduled' });
  if (state.runningRun) return no({ tag: 'running' });
  const remainingMs = remainingCooldownMs(policy, state, nowMs);
  if (remainingMs > 0) return no({ tag: 'cooling_down', remainingMs });
  if (state.newLabels < policy.minNewLabels)
    return no({
      tag: 'too_few_labels',
      newLabels: state.newLabels,
      needed: policy.minNewLabels,
    });
  return { retrain: true, reason: { tag: 'due', newLabels: state.newLabels } };
}

function remainingCooldownMs(policy: RetrainPolicy, state: RetrainState, nowMs: number): number {
  if (state.lastRunAtMs === null) return 0;
  const cooldownMs = policy.cooldownMs - (nowMs - state.lastRunAtMs);
  const isSameMinute = policy.cron !== undefined && minuteOf(nowMs) === minuteOf(state.lastRunAtMs);
  return Math.max(cooldownMs, isSameMinute ? 1 : 0);
}

/** The decision as a person reads it. */
export function describeRetrain({ reason }: RetrainDecision): string {
  switch (reason.tag) {
    case 'due':
      return `${reason.newLabels} new labels`;
    case 'running':
      return 'a run is under way';
    case 'not_scheduled':
      return 'not scheduled now';
    case 'cooling_down':
      return `cooling down for ${Math.ceil(reason.remainingMs / 1000)} s more`;
    case 'too_few_labels':
      return `${reason.newLabels} of ${reason.needed} new labels`;
  }
}
