import { fail, ok, type Result } from '../../core/result.ts';

export type TooLittleData = { reason: 'insufficient_data'; n: number; needed: number };

/**
 * Meaning: the bound that the score of a new row stays under with a chance of at least `level`,
 * where it and the given ones come in any order. Definition: the ceil((n + 1) level)-th smallest
 * score; without ties the chance is below level + 1 / (n + 1).
 * @param scores of rows that the model was not fitted on; no NaN
 * @param level in (0, 1)
 * @returns what is needed where n is below level / (1 - level): then no finite bound has that chance
 * Cost: one sort. Source: Papadopoulos et al. 2002; Lei et al. 2018.
 */
export function conformalQuantile(
  scores: ArrayLike<number>,
  level: number,
): Result<number, TooLittleData> {
  const n = scores.length;
  const rank = conformalRank(n, level);
  // What is exactly a whole number must not become the next one by rounding.
  const needed = Math.ceil(level / (1 - level) - 1e-9);
  if (rank > n) return fail({ reason: 'insufficient_data', n, needed });
  return ok(Float64Array.from(scores).sort()[rank - 1]);
}

/** Of n scores the one, counted from 1, that bounds a new one with that chance. */
export const conformalRank = (n: number, level: number): number =>
  Math.max(1, Math.ceil((n + 1) * level - 1e-9));
