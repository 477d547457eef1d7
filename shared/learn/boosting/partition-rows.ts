import type { BinnedMatrix } from './binning.ts';
import { runLoop } from './run-loop.ts';
import type { Split } from './splitting.ts';

/** Rows by node: those of a node are neighbours. The buffers are reused from tree to tree. */
export type RowPartition = {
  rows: Uint32Array;
  /** Room for as many rows. */
  spare: Uint32Array;
  /** By bin of the feature that is being split. */
  leftBins: Uint8Array;
};

export const createPartition = (rows: number): RowPartition => ({
  rows: new Uint32Array(rows),
  spare: new Uint32Array(rows),
  leftBins: new Uint8Array(256),
});

/**
 * Moves the rows that go left to the front of a node's range, keeping both orders.
 * @returns the end of the rows that go left
 */
export function partitionRows(
  { rows, spare, leftBins }: RowPartition,
  { start, end }: { start: number; end: number },
  { matrix, split }: { matrix: BinnedMatrix; split: Split },
): number {
  fillLeftBins(leftBins, matrix, split);
  const codes = matrix.codes[split.feature];
  const middle = runLoop(partRows, { start, end, codes, leftBins }, { rows, spare });
  rows.set(spare.subarray(0, end - middle), middle);
  return middle;
}

/**
 * Packs the rows that go left, and the others into `spare`. Every row is written to both and one
 * end moves on: a branch on the data would be guessed wrong half the time.
 * @returns the end of the rows that go left
 */
function partRows(
  from: { start: number; end: number; codes: Uint8Array; leftBins: Uint8Array },
  into: { rows: Uint32Array; spare: Uint32Array },
): number {
  const { start, end, codes, leftBins } = from;
  const { rows, spare } = into;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const isLeft = leftBins[codes[row]];
    rows[left] = row;
    spare[right] = row;
    left += isLeft;
    right += 1 - isLeft;
  }
  return left;
}

/** 1 for each bin that goes left. */
function fillLeftBins(leftBins: Uint8Array, { features }: BinnedMatrix, split: Split): void {
  const bins = features[split.feature];
  if (bins.type === 'category') {
    leftBins.fill(1);
    leftBins[split.bin] = 0;
    for (const level of split.levels ?? []) leftBins[level] = 0;
    return;
  }
  leftBins.fill(0);
  leftBins.fill(1, 0, split.bin + 1);
  leftBins[bins.thresholds.length + 1] = split.missingLeft ? 1 : 0;
}
