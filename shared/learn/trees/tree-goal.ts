/** The best way to part a node so far; a score compares splits of one node only. */
export type BestSplit = {
  score: number;
  column: number;
  /** x <= threshold goes left. */
  threshold: number;
  missingLeft: boolean;
};

/** One column of a node: rows order[from .. to - 1], ascending by value, missing from `known` on. */
export type ColumnScan = {
  column: number;
  values: Float32Array;
  order: Int32Array;
  from: number;
  known: number;
  to: number;
  minSamplesLeaf: number;
};

/**
 * What trees are grown for. It holds the totals of the node that was entered last, and parts of a
 * node are scored so that the greatest score is the purest split.
 */
export type TreeGoal = {
  /** Numbers a node answers with. */
  outputs: number;
  /** Scores times this are weight times impurity as scikit-learn measures it. */
  impurityPerScore: number;
  /** By row, 0 for rows that are left out: the weights of the trees that follow. */
  weigh(weights: Float64Array): void;
  /** Takes the totals of a node's rows. */
  enter(rows: Int32Array, from: number, to: number): NodeTotals;
  /** Writes the node's answer: [outputs] from `at` on. */
  answer(into: Float32Array, at: number): void;
  /** Score of leaving the entered node whole, and the score that no split can exceed. */
  bounds(): { whole: number; pure: number };
  /** Seeks a better split among all thresholds of a column. */
  scan(scan: ColumnScan, best: BestSplit): void;
  /** Lays the entered node's rows out for `scoreCut`. */
  lay(rows: Int32Array, from: number, to: number): void;
  /** Score of sending left what is not above the threshold; both sides have rows. */
  scoreCut(cut: LaidCut): number;
};

/** Values of the laid rows, in the same order, and a threshold, all as keys. @see keyOf */
export type LaidCut = { keys: Int32Array; count: number; threshold: number };

export type NodeTotals = { weight: number; isPure: boolean };

/** A float32 t with low <= t < high. */
export function between(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}

/** Above every value: parts the known from the missing. */
export const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** Whether the rows before and at position `at` differ in value; true at the last known row. */
export const isCut = ({ values, order, known }: ColumnScan, at: number): boolean =>
  at + 1 === known || values[order[at]] !== values[order[at + 1]];

/** Keeps the split after position `at`. */
export function keepSplit(
  { column, values, order, from, known, to }: ColumnScan,
  { at, score, missingLeft }: { at: number; score: number; missingLeft: boolean },
  best: BestSplit,
): void {
  best.score = score;
  best.column = column;
  best.threshold =
    at + 1 === known ? LARGEST_FLOAT32 : between(values[order[at]], values[order[at + 1]]);
  // Where the node misses nothing, what is missing later goes with the greater part.
  best.missingLeft = known < to ? missingLeft : 2 * (at + 1 - from) > to - from;
}

/** 1 for true: compiled to a comparison's flag, without a branch. */
export const bit = (isTrue: boolean): number => (isTrue as unknown as number) | 0;

/** Leaves room for the rounding of sums, so that a split that parts all is known for one. */
export const ROUNDING = 1e-12;
