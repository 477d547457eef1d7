import type { Rng } from '../../core/rng.ts';

/** How often each of `rows` rows is drawn in `draws` draws with replacement. */
export function bootstrapCounts(rows: number, draws: number, rng: Rng): Float64Array {
  const counts = new Float64Array(rows);
  for (let i = 0; i < draws; i++) counts[Math.floor(rng() * rows)]++;
  return counts;
}

/** 1 for each of `draws` different rows, 0 for the others (Floyd's sampling, Bentley 1987). */
export function subsampleCounts(rows: number, draws: number, rng: Rng): Float64Array {
  const counts = new Float64Array(rows);
  for (let last = rows - draws; last < rows; last++) {
    const drawn = Math.floor(rng() * (last + 1));
    counts[counts[drawn] === 0 ? drawn : last] = 1;
  }
  return counts;
}

/** Rows of weight above 0, ascending. */
export function weightedRows(weights: Float64Array): Int32Array {
  const rows = new Int32Array(weights.length);
  let n = 0;
  for (let row = 0; row < weights.length; row++) if (weights[row] > 0) rows[n++] = row;
  return rows.subarray(0, n);
}
