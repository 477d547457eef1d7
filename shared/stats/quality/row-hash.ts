/** A hash of cells in order, 53 bits: of a million rows, two that differ are equal once in 18,000 files. */
export type RowHash = { add(cell: string): void; end(): number };

/**
 * Two 32-bit multiply-and-xor hashes over UTF-16 units, a mark after each cell, finished by the
 * mixer of MurmurHash3. The same object is used for row after row.
 */
export function createRowHash(): RowHash {
  let first = 1;
  let second = 2;
  return {
    add(cell) {
      for (let i = 0; i < cell.length; i++) {
        const unit = cell.charCodeAt(i);
        first = Math.imul(first ^ unit, 0x85ebca6b);
        second = Math.imul(second ^ unit, 0xc2b2ae35);
        first ^= first >>> 15;
        second ^= second >>> 13;
      }
      first = Math.imul(first ^ 0x10000, 0x85ebca6b);
      second = Math.imul(second ^ 0x10000, 0xc2b2ae35);
    },
    end() {
      const hash = (mixed(first) >>> 11) * 2 ** 32 + (mixed(second) >>> 0);
      first = 1;
      second = 2;
      return hash;
    },
  };
}

function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export type Duplicates = {
  /** Rows that are equal to an earlier one. */
  rows: number;
  /** The first of them, with the first row each is equal to; rows count from 1. */
  examples: { row: number; sameAs: number }[];
};

const KEPT_EXAMPLES = 3;

/** Rows whose hash came before. Cost: one sort. @param fileRows names of rows; null: from 1 on */
export function findDuplicates(
  hashes: Float64Array,
  fileRows: Uint32Array | null = null,
): Duplicates {
  const rowOf = (index: number): number => fileRows?.[index] ?? index + 1;
  const sorted = hashes.slice().sort();
  let rows = 0;
  for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) rows++;
  const examples: Duplicates['examples'] = [];
  if (rows === 0) return { rows, examples };
  const firstOf = new Map<number, number>();
  for (let row = 0; row < hashes.length && examples.length < KEPT_EXAMPLES; row++) {
    const first = firstOf.get(hashes[row]);
    if (first === undefined) firstOf.set(hashes[row], row);
    else examples.push({ row: rowOf(row), sameAs: rowOf(first) });
  }
  return { rows, examples };
}
