import type { Gate } from '../contracts/declaration.ts';
import type { Profile } from '../contracts/profile.ts';

/** What one step of a rollout has seen of both sides, in the same hours. */
export type StepEvidence = {
  challenger: Profile;
  /** Null when the rollout has no champion (a model's first version). */
  champion: Profile | null;
};

/** One bound of one gate, and the evidence it is judged on. */
export type GateQuestion = {
  metric: Gate['metric'];
  /** Largest value, or largest ratio to the champion's. */
  limit: number;
  minSamples: number;
  /** Chance that this bound ever fails a challenger that keeps it. */
  alpha: number;
  /** Every step so far; the last is the current one. */
  steps: readonly StepEvidence[];
};
