import type { BinnedColumns } from './bin-matrix.ts';
import type { Monotone } from './bounded-splitting.ts';

/**
 * Reads `{"column": 1, "other": -1}`: answers must not fall as `column` grows, nor rise with
 * `other`. A name that is no number column of the matrix, or another direction, is a caller's bug.
 * @param text empty: no constraints
 * @returns by feature, or undefined where there is nothing to hold to
 */
export function readMonotone(
  text: string,
  names: readonly string[],
  { matrix, columns }: BinnedColumns,
): Monotone | undefined {
  if (text === '') return undefined;
  const monotone = new Int8Array(matrix.features.length);
  for (const [name, direction] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
    const feature = columns.indexOf(names.indexOf(name));
    if (feature < 0 || matrix.features[feature].type !== 'number')
      throw new Error(`Broken invariant: ${name} is no number column that can be monotone`);
    if (direction !== 1 && direction !== -1 && direction !== 0)
      throw new Error(`Broken invariant: ${name} is monotone by 1, -1 or 0, not ${direction}`);
    monotone[feature] = direction;
  }
  return monotone.some((direction) => direction !== 0) ? monotone : undefined;
}
