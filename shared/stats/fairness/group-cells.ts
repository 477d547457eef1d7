/** Decisions of two classes, some perhaps by lot; all of one length. */
export type DrawnDecisions = {
  /** 0 or 1 by row. */
  truth: ArrayLike<number>;
  groups: readonly string[];
  /** Higher for yes: what the ROC curve ranks by. */
  scores: ArrayLike<number>;
  /** Chance in [0, 1] that the decision is yes; 0 or 1 where nothing is drawn. */
  yes: ArrayLike<number>;
};

/** Rows of a group, and how many of them are expected to be decided yes: by truth. */
export type GroupCell = {
  positives: number;
  negatives: number;
  truePositives: number;
  falsePositives: number;
};

/** Rates in which groups may differ. */
export const CELL_RATES = {
  selection: ({ positives, negatives, truePositives, falsePositives }: GroupCell): number =>
    (truePositives + falsePositives) / (positives + negatives),
  truePositive: ({ positives, truePositives }: GroupCell): number => truePositives / positives,
  falsePositive: ({ negatives, falsePositives }: GroupCell): number => falsePositives / negatives,
  error: (cell: GroupCell): number => 1 - accuracyIn(cell),
} as const;
export type CellRate = keyof typeof CELL_RATES;

export const accuracyIn = (cell: GroupCell): number =>
  (cell.truePositives + cell.negatives - cell.falsePositives) / (cell.positives + cell.negatives);

/** Cells of all groups, rows counted as often as given (once, where nothing is). */
export function cellsOf(
  { truth, yes }: Pick<DrawnDecisions, 'truth' | 'yes'>,
  { groupOf, groups }: { groupOf: Int32Array; groups: number },
  counts: Float64Array | null,
): GroupCell[] {
  const cells = Array.from({ length: groups }, () => ({
    ...{ positives: 0, negatives: 0, truePositives: 0, falsePositives: 0 },
  }));
  for (let row = 0; row < groupOf.length; row++) {
    const cell = cells[groupOf[row]];
    const count = counts === null ? 1 : counts[row];
    if (truth[row] === 1) {
      cell.positives += count;
      cell.truePositives += count * yes[row];
    } else {
      cell.negatives += count;
      cell.falsePositives += count * yes[row];
    }
  }
  return cells;
}

export function totalOf(cells: readonly GroupCell[]): GroupCell {
  const total = { positives: 0, negatives: 0, truePositives: 0, falsePositives: 0 };
  for (const cell of cells) {
    total.positives += cell.positives;
    total.negatives += cell.negatives;
    total.truePositives += cell.truePositives;
    total.falsePositives += cell.falsePositives;
  }
  return total;
}

/** Two groups by number, the one of the lower rate first. */
export type Pair = { rate: CellRate; low: number; high: number };

/** The groups furthest apart in a rate; null where fewer than two have it. */
export function furthestApart(
  cells: readonly GroupCell[],
  rate: CellRate,
  isCompared: readonly boolean[],
): Pair | null {
  const known = cells
    .map((cell, group) => ({ group, value: CELL_RATES[rate](cell) }))
    .filter(({ group, value }) => isCompared[group] && !Number.isNaN(value))
    .sort((a, b) => a.value - b.value || a.group - b.group);
  if (known.length < 2) return null;
  return { rate, low: known[0].group, high: known[known.length - 1].group };
}

/** How far two groups are apart; NaN where one lacks the rate. */
export const apart = (cells: readonly GroupCell[], pair: Pair | null): number =>
  pair === null
    ? Number.NaN
    : CELL_RATES[pair.rate](cells[pair.high]) - CELL_RATES[pair.rate](cells[pair.low]);
