import type { Retraining } from '../contracts/declaration.ts';
import { minuteOf } from '../core/time.ts';
import { cronMatches } from './cron.ts';
import { LOSS_WORDS, type LossName } from './loss.ts';

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
  /** What the window says of the champion; left out where nobody looked. */
  champion?: ChampionState;
};

export type ChampionState = {
  driftedInputs: number;
  inputs: number;
  /** Null without outcomes. */
  error: WindowLoss | null;
};

export type WindowLoss = {
  loss: LossName;
  mean: number;
  /** Of one outcome's. */
  variance: number;
  outcomes: number;
  /** When the version was trained. */
  tested: number;
};

/** Why a run is due. */
export type RetrainCause =
  | { trigger: 'schedule' }
  | { trigger: 'drift'; driftedInputs: number; inputs: number }
  | ({ trigger: 'decay' } & WindowLoss)
  | { trigger: 'labels' };

export type RetrainDecision = {
  retrain: boolean;
  reason:
    | { tag: 'due'; newLabels: number; cause: RetrainCause }
    | { tag: 'running' }
    | { tag: 'not_scheduled' }
    | { tag: 'cooling_down'; remainingMs: number }
    | { tag: 'too_few_labels'; newLabels: number; needed: number };
};

/**
 * Should a retraining start in the minute that holds `nowMs`? It must be scheduled or triggered (drift, decay,
 * volume of labels), not running, past the cool-down since the last start, and have enough new labels. At most one
 * start a minute.
 */
export function shouldRetrain(
  policy: RetrainPolicy,
  state: RetrainState,
  nowMs: number,
): RetrainDecision {
  const no = (reason: RetrainDecision['reason']): RetrainDecision => ({ retrain: false, reason });
  const cause = causeOf(policy, state, nowMs);
  if (!cause) return no({ tag: 'not_scheduled' });
  if (state.runningRun) return no({ tag: 'running' });
  const remainingMs = remainingCooldownMs(policy, state, nowMs);
  if (remainingMs > 0) return no({ tag: 'cooling_down', remainingMs });
  const { newLabels } = state;
  if (newLabels < policy.minNewLabels)
    return no({ tag: 'too_few_labels', newLabels, needed: policy.minNewLabels });
  return { retrain: true, reason: { tag: 'due', newLabels, cause } };
}

function causeOf(policy: RetrainPolicy, state: RetrainState, nowMs: number): RetrainCause | null {
  const { cron, triggers = {} } = policy;
  if (cron === undefined || cronMatches(cron, nowMs)) return { trigger: 'schedule' };
  const { champion, newLabels } = state;
  if (champion && triggers.drift !== undefined && isDrifted(champion, triggers.drift)) {
    const { driftedInputs, inputs } = champion;
    return { trigger: 'drift', driftedInputs, inputs };
  }
  if (
    champion?.error &&
    triggers.decay !== undefined &&
    isDecayed(champion.error, triggers.decay)
  ) {
    return { trigger: 'decay', ...champion.error };
  }
  if (triggers.labels !== undefined && newLabels >= triggers.labels) return { trigger: 'labels' };
  return null;
}

const isDrifted = ({ driftedInputs, inputs }: ChampionState, share: number): boolean =>
  inputs > 0 && driftedInputs > 0 && driftedInputs >= share * inputs;

/** Chance 0.001 that an error which has not grown so far is said to: one looks each minute. */
const STANDARD_ERRORS = 3.09;

/** Is the loss shown (normal lower bound) to be above `ratio` times the tested one? */
function isDecayed({ mean, variance, outcomes, tested }: WindowLoss, ratio: number): boolean {
  if (outcomes < 2) return false;
  return mean - STANDARD_ERRORS * Math.sqrt(variance / outcomes) > ratio * tested;
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
      return `${describeCause(reason.cause)}${reason.newLabels} new labels`;
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

function describeCause(cause: RetrainCause): string {
  switch (cause.trigger) {
    case 'schedule':
    case 'labels':
      return '';
    case 'drift':
      return `${cause.driftedInputs} of ${cause.inputs} inputs drifted, `;
    case 'decay':
      return `${LOSS_WORDS[cause.loss]} ${short(cause.mean)} over ${cause.outcomes} outcomes, ${short(cause.tested)} when tested, `;
  }
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
