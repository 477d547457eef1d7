import type { Algorithm } from './algorithm.ts';

/** A target that an algorithm cannot learn from. */
export type OutsideTarget = { row: number; value: number };

/** The first target that is not in the algorithm's range; null where all are, or it has none. */
export function firstOutside(
  { targetRange }: Pick<Algorithm, 'targetRange'>,
  target: ArrayLike<number>,
): OutsideTarget | null {
  if (targetRange === undefined) return null;
  for (let row = 0; row < target.length; row++) {
    const value = target[row];
    if (value > 0 || (value === 0 && targetRange === 'non-negative')) continue;
    return { row, value };
  }
  return null;
}
