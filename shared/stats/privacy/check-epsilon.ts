import { fail, ok, type Result } from '../../core/result.ts';

/** A privacy loss that is not above 0, or not a number: nothing can be told, or bounded, under it. */
export type EpsilonError = { reason: 'bad_epsilon'; epsilon: number };

/** An epsilon above 0 and finite. */
export const checkEpsilon = (epsilon: number): Result<number, EpsilonError> =>
  epsilon > 0 && epsilon < Infinity ? ok(epsilon) : fail({ reason: 'bad_epsilon', epsilon });
