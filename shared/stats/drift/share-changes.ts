import type { ColumnProfile } from '../../contracts/profile.ts';
import { benjaminiHochberg } from '../multiple-testing.ts';
import { countOf } from '../profile/column-profile.ts';
import { fisherExact } from '../tests/counts.ts';
import { proportionDifference, wilsonBounds } from '../tests/proportion-difference.ts';
import { unseenCategories } from './unseen-categories.ts';

/** Rows of a column that are missing, or of a category that the reference does not have: told apart from the rest. */
export type ShareChange = {
  of: 'missing_values' | 'unseen_categories';
  /** Share of the reference's rows; of unseen categories, that which rare ones explain where nothing changed. */
  reference: number;
  current: number;
  /** current - reference, with a 95 % interval. */
  difference: number;
  interval: [number, number];
  pValue: number;
};

/** p adjusted over all such questions of a table (Benjamini and Hochberg). */
export type JudgedShare = ShareChange & { adjustedPValue: number; drifted: boolean };

type Profiles = { reference: ColumnProfile; current: ColumnProfile };

/**
 * Has the share of missing values moved (Fisher's exact test), are there more rows of unseen categories than rare ones
 * explain (`unseenCategories`)? What neither sample has is left out.
 */
export function shareChanges(profiles: Profiles): ShareChange[] {
  return [missingValues(profiles), unseenShare(profiles)].flatMap((change) => change ?? []);
}

function missingValues({ reference, current }: Profiles): ShareChange | null {
  if (reference.missing + current.missing === 0) return null;
  const before = { events: reference.missing, n: countOf(reference) + reference.missing };
  const now = { events: current.missing, n: countOf(current) + current.missing };
  const test = fisherExact(before, now);
  const told = proportionDifference(before, now);
  if (!test || !told) return null;
  return {
    of: 'missing_values',
    reference: before.events / before.n,
    current: now.events / now.n,
    ...told,
    pValue: test.pValue,
  };
}

function unseenShare({ reference, current }: Profiles): ShareChange | null {
  if (reference.type !== 'category' || current.type !== 'category') return null;
  const unseen = unseenCategories(reference, current);
  if (!unseen || unseen.rows === 0) return null;
  const { rows, n, expected, pValue } = unseen;
  const [low, high] = wilsonBounds({ events: rows, n });
  const explained = expected / n;
  return {
    of: 'unseen_categories',
    reference: explained,
    current: rows / n,
    difference: rows / n - explained,
    interval: [low - explained, high - explained],
    pValue,
  };
}

/** Judges the questions of all columns of a table together. */
export function judgeShares(
  columns: readonly (readonly ShareChange[])[],
  alpha: number,
): JudgedShare[][] {
  const adjusted = benjaminiHochberg(columns.flat().map(({ pValue }) => pValue));
  let at = 0;
  return columns.map((changes) =>
    changes.map((change) => {
      const adjustedPValue = adjusted[at++];
      return { ...change, adjustedPValue, drifted: adjustedPValue <= alpha };
    }),
  );
}
