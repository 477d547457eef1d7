import type { Task } from '../contracts/declaration.ts';
import { SCORE_BINS } from '../contracts/profile.ts';
import { scoreBinOf } from '../stats/profile/score-counts.ts';

export type BinaryTask = Extract<Task, { type: 'binary' }>;
export type OutcomeClass = BinaryTask['classes'][number];

/**
 * The class that a probability of the positive one stands for: positive from the threshold on. Compared in
 * whole hundredths, as outcomes are counted, so that what is shown and what is judged are one decision.
 */
export function classAt({ classes, threshold }: BinaryTask, probability: number): OutcomeClass {
  const isPositive = scoreBinOf(probability) >= Math.round(SCORE_BINS * threshold);
  return classes[isPositive ? 1 : 0];
}

/** What happened, as events carry it: 0 or 1, told as such or by a class's value. Null: it names neither. */
export function outcomeOf({ classes }: BinaryTask, told: unknown): 0 | 1 | null {
  const index = typeof told === 'number' ? told : classes.findIndex(({ value }) => value === told);
  return index === 0 || index === 1 ? index : null;
}
