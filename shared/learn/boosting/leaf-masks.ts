import { bit, keyOf } from './tree-walk.ts';

/**
 * Trees of at most 32 leaves, laid out so that a row need not walk them. A tree's leaves are bits, the
 * leftmost leaf the highest. A value of one column rules leaves out; which ones depends only on how
 * many of the column's thresholds lie below it (its rank), so a table holds the mask of what is left
 * for every rank and tree. The leaf that a row ends in is the highest bit that the masks of all columns
 * share. After QuickScorer (Lucchese et al., SIGIR 2015), whose masks are of nodes, not of ranks.
 */
export type LeafMasks = {
  /** Consecutive trees whose thresholds are ranked together. */
  parts: MaskPart[];
  /** Room for the places of a block of rows: [rows, groups]. */
  places: Int32Array;
};

/** Trees are kept by fours, of which the last may be filled up with trees of one leaf, 0. */
export type MaskPart = {
  columns: RankedColumn[];
  /** By group of columns: where its masks begin among those of a four. */
  starts: Int32Array;
  /** Entries of a four: its places times four. */
  size: number;
  /** [fours, places, 4] */
  masks: Int32Array;
  /** [fours, 4, 32] */
  values: Float32Array;
};

/** Columns of few thresholds share a group: a place is then of the ranks of all of them. */
export type RankedColumn = {
  column: number;
  group: number;
  /** From a rank's masks to those of the next. */
  step: number;
  /** Ascending; @see paddedKeys */
  keys: Int32Array;
  /** The rank after all others, which a missing value has. */
  missing: number;
};

export const LEAVES = 32;
/** As many rows look for their masks in a few trees before the next trees' come into the cache. */
export const ROWS_AT_ONCE = 1024;
export const TREES_AT_ONCE = 4;

/** The same sums as by walking. @see sumByWalking */
export function sumByMasks(
  { parts, places }: LeafMasks,
  rows: { data: Float32Array; stride: number },
  into: Float32Array,
): void {
  into.fill(0);
  for (let from = 0; from < into.length; from += ROWS_AT_ONCE) {
    const sums = into.subarray(from, from + ROWS_AT_ONCE);
    for (const part of parts) {
      findPlaces(part, { ...rows, from, count: sums.length }, places);
      addLeaves(part, places, sums);
    }
  }
}

type Block = { data: Float32Array; stride: number; from: number; count: number };

function findPlaces({ columns, starts }: MaskPart, block: Block, places: Int32Array): void {
  const groups = starts.length;
  for (let i = 0; i < block.count; i++)
    for (let group = 0; group < groups; group++) places[i * groups + group] = starts[group];
  for (const column of columns) addRanks(column, block, { places, groups });
}

function addRanks(
  { column, group, step, keys, missing }: RankedColumn,
  { data, stride, from, count }: Block,
  { places, groups }: { places: Int32Array; groups: number },
): void {
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  const half = (keys.length + 1) >> 1;
  let at = from * stride + column;
  let place = group;
  for (let i = 0; i < count; i++) {
    const key = keyOf(bits[at]);
    let rank = 0;
    for (let size = half; size > 0; size >>= 1)
      rank = (rank + (-bit(keys[rank + size - 1] < key) & size)) | 0;
    if (Number.isNaN(data[at])) rank = missing;
    places[place] += Math.imul(rank, step);
    at += stride;
    place += groups;
  }
}

/** Four trees at once: a place is looked up once for all of them. */
function addLeaves(
  { starts, size, masks, values }: MaskPart,
  places: Int32Array,
  sums: Float32Array,
): void {
  const groups = starts.length;
  const fours = values.length / (TREES_AT_ONCE * LEAVES);
  for (let four = 0; four < fours; four++) {
    const first = four * size;
    const leaf = four * TREES_AT_ONCE * LEAVES;
    for (let i = 0; i < sums.length; i++) {
      const end = (i + 1) * groups;
      let a = -1;
      let b = -1;
      let c = -1;
      let d = -1;
      for (let place = i * groups; place < end; place++) {
        const at = (first + places[place]) | 0;
        a &= masks[at];
        b &= masks[(at + 1) | 0];
        c &= masks[(at + 2) | 0];
        d &= masks[(at + 3) | 0];
      }
      let sum = Math.fround(sums[i] + values[leaf + Math.clz32(a)]);
      sum = Math.fround(sum + values[leaf + LEAVES + Math.clz32(b)]);
      sum = Math.fround(sum + values[leaf + 2 * LEAVES + Math.clz32(c)]);
      sums[i] = Math.fround(sum + values[leaf + 3 * LEAVES + Math.clz32(d)]);
    }
  }
}
