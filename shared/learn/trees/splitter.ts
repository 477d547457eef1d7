import type { Rng } from '../../core/rng.ts';
import type { OrderedColumns } from './ordered-columns.ts';
import type { TreeGoal } from './tree-goal.ts';

/** The rows of a node: those between two positions of the splitter's order. */
export type Segment = { from: number; to: number };

/** x <= threshold goes left. */
export type Split = {
  column: number;
  threshold: number;
  missingLeft: boolean;
  /** By how much it raises the goal's score. */
  gain: number;
};

/** Seeks splits and keeps the rows of each node together, for one tree after the other. */
export type Splitter = {
  /** Rows in the order of the tree in progress. */
  rows: Int32Array;
  begin(rows: Int32Array): void;
  /** Of the entered node; null where no column differs or `minSamplesLeaf` forbids every cut. */
  seek(segment: Segment): Split | null;
  /** Moves the rows that go left to the front. @returns where the others begin */
  part(segment: Segment, split: Split): number;
  /** Called after `part` where a part may be split again. */
  prepareParts(segment: Segment): void;
};

export type SplitterContext = {
  columns: OrderedColumns;
  goal: TreeGoal;
  /** Columns looked at per node; more where those are constant. */
  maxFeatures: number;
  minSamplesLeaf: number;
  rng: Rng;
};

/** Puts a random one of the columns from position `at` on there. */
export function drawColumn(pool: Int32Array, at: number, rng: Rng): number {
  const drawn = at + Math.floor(rng() * (pool.length - at));
  const column = pool[drawn];
  pool[drawn] = pool[at];
  pool[at] = column;
  return column;
}

/** Marks each row of a segment: 1 where the split sends it left. */
export function markSides(
  { values, rows, segment }: { values: Float32Array; rows: Int32Array; segment: Segment },
  { threshold, missingLeft }: Pick<Split, 'threshold' | 'missingLeft'>,
  sides: Uint8Array,
): void {
  const missing = missingLeft ? 1 : 0;
  for (let i = segment.from; i < segment.to; i++) {
    const value = values[rows[i]];
    sides[rows[i]] = value <= threshold ? 1 : value > threshold ? 0 : missing;
  }
}

/**
 * Moves rows with side 1 to the front of a segment, keeping both orders. Each row is written to both
 * ends and one moves on: a branch would be guessed wrong half the time.
 */
export function partSegment(
  { rows, spare, sides }: { rows: Int32Array; spare: Int32Array; sides: Uint8Array },
  from: number,
  to: number,
): number {
  let left = from;
  let right = 0;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    const isLeft = sides[row];
    rows[left] = row;
    spare[right] = row;
    left += isLeft;
    right += 1 - isLeft;
  }
  for (let i = 0; i < right; i++) rows[left + i] = spare[i];
  return left;
}
