import { fisherExact, type Proportion, proportionsZ } from '../tests/counts.ts';
import type { TestResult } from '../tests/test-result.ts';

/** Counts of a column's values by cell, and of what is missing. */
export type CountedColumn = { counts: readonly number[]; missing: number };

/**
 * Fisher's exact test or Z of a column that is a 2 x 2 table: the two cells that hold something, missing values left
 * out; or, where only one does, present against missing.
 * @returns null of any other column
 */
export function twoCellTest(
  method: 'fisher_exact' | 'z',
  before: CountedColumn,
  now: CountedColumn,
): TestResult | null {
  const used = before.counts.flatMap((count, i) => (count + now.counts[i] > 0 ? [i] : []));
  const proportion = ({ counts, missing }: CountedColumn): Proportion => {
    const events = counts[used[0]];
    return { events, n: events + (used.length === 2 ? counts[used[1]] : missing) };
  };
  const isTable = used.length === 2 || (used.length === 1 && before.missing + now.missing > 0);
  if (!isTable) return null;
  const test = method === 'z' ? proportionsZ : fisherExact;
  return test(proportion(before), proportion(now));
}
