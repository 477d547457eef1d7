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

/**
 * Why nothing can be learnt from targets that differ and yet are one number in float32, which models
 * answer in; null where they are not, or do not differ at all.
 */
export function narrowTarget(target: ArrayLike<number>): string | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < target.length; row++) {
    if (target[row] < least) least = target[row];
    if (target[row] > greatest) greatest = target[row];
  }
  const one = Math.fround(least);
  if (!(least < greatest) || one !== Math.fround(greatest)) return null;
  const remedy = one === 0 ? 'multiply them' : 'subtract what they have in common';
  return `the targets, from ${least} to ${greatest}, are one number in float32, which models answer in: ${remedy}`;
}
