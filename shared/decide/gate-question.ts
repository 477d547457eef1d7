import type { Profile } from '../contracts/profile.ts';
import type { RolloutStep } from '../contracts/registry.ts';

/** What one step of a rollout has seen of both sides, in the same hours. */
export type StepEvidence = {
  /** serve where it is left out. */
  mode?: RolloutStep['mode'];
  challenger: Profile;
  /** Null when the rollout has no champion (a model's first version). */
  champion: Profile | null;
};

/** One bound of one gate, and the evidence it is judged on. */
export type GateQuestion = {
  /** The gate's metric, with what it is of after a colon. */
  metric: string;
  /** Largest value, or largest ratio to the champion's. */
  limit: number;
  minSamples: number;
  /** Chance that this bound ever fails a challenger that keeps it. */
  alpha: number;
  /** Every step so far; the last is the current one. */
  steps: readonly StepEvidence[];
};

/** The challenger's profile of the step that the rollout is in. */
export const currentOf = ({ steps }: Pick<GateQuestion, 'steps'>): Profile =>
  steps[steps.length - 1].challenger;
