import type { CategoryProfile } from '../../contracts/profile.ts';
import { sumOf } from '../tests/value-runs.ts';
import { type EventGroup, eventSumTail } from './event-sum-tail.ts';

export type UnseenCategories = {
  /** Rows of the current sample whose category the reference does not have, of `n` that have one. */
  rows: number;
  n: number;
  /** Rows that chance alone would give: rare categories are in one of two unchanged samples only. */
  expected: number;
  /** Chance of at least as many rows where nothing changed. */
  pValue: number;
};

/**
 * Are there more rows of categories that the reference does not have than rare categories explain?
 *
 * Definition: given how often each category is in the two samples together, it is missing in the reference when all
 * its rows fell in the current sample: of t rows with chance C(m, t) / C(n + m, t). Categories are taken as
 * independent; that they are dealt without replacement makes the p too large where most rows are of rare ones. What a profile counts as
 * `other` is taken as categories of a row each, which makes it larger too.
 * @param reference, current profiles in the same categories; missing values count for nothing
 * @returns null when a sample has no category
 * Cost: O(categories), and `eventSumTail`. Source: permutation of the samples' labels; Good, The population
 * frequencies of species (1953), for what rare categories explain.
 */
export function unseenCategories(
  reference: CategoryProfile,
  current: CategoryProfile,
): UnseenCategories | null {
  const [n, m] = [sumOf(reference.counts), sumOf(current.counts)];
  if (n === 0 || m === 0) return null;
  const other = reference.categories.length;
  const bySize = new Map<number, number>();
  let rows = 0;
  reference.counts.forEach((before, i) => {
    const now = current.counts[i];
    const isUnknown = i === other && before === 0;
    const [size, count] = isUnknown ? [1, now] : [before + now, 1];
    if (before === 0) rows += now;
    if (size > 0 && count > 0) bySize.set(size, (bySize.get(size) ?? 0) + count);
  });
  const groups = [...bySize].flatMap(([size, count]): EventGroup[] => {
    const chance = chanceOfNone(size, { n, m });
    return chance > 0 ? [{ size, count, chance }] : [];
  });
  const expected = groups.reduce((sum, { size, count, chance }) => sum + size * count * chance, 0);
  return { rows, n: m, expected, pValue: eventSumTail(rows, groups) };
}

/** Chance that all `size` rows of a category are in the current sample. */
function chanceOfNone(size: number, { n, m }: { n: number; m: number }): number {
  if (size > m) return 0;
  let chance = 1;
  for (let i = 0; i < size && chance > 0; i++) chance *= (m - i) / (n + m - i);
  return chance;
}
