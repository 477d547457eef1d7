import type { Rng } from '../../core/rng.ts';
import type { Parameters } from './space.ts';
import type { Trial } from './trial.ts';

/** What a sampler is asked for: the trial that comes next. */
export type Question = {
  /** All trials so far, by number; the new one is not among them. */
  trials: readonly Trial[];
  /** Number of the new trial. */
  number: number;
  /** Of this trial alone: made from the study's seed and `number`. */
  rng: Rng;
};

export type Suggestion = { parameters: Parameters; generation?: number };

/**
 * Says what to try next. The answer depends on the question only: what a sampler keeps between
 * questions is a cache of what the trials already say, so that a restored study goes on the same.
 */
export type Sampler = { suggest(question: Question): Suggestion };
