import type { BinnedMatrix } from './binning.ts';

/**
 * Sums of gradients and counts of rows per bin, interleaved: entry 2 b is the sum, 2 b + 1 the count,
 * b counted through all features by `matrix.offsets`. Squared error has constant hessians, so a
 * count is a sum of hessians.
 */
export type Histogram = Float64Array;

export const createHistogram = (matrix: BinnedMatrix): Histogram =>
  new Float64Array(2 * matrix.offsets[matrix.features.length]);

/**
 * Histogram of the rows rows[start..end).
 * @param gradients by table row
 * @param scratch room for end - start gradients, so that each is looked up once, not per feature
 */
export function fillHistogram(
  matrix: BinnedMatrix,
  node: { rows: Uint32Array; start: number; end: number },
  gradients: Float32Array,
  scratch: Float32Array,
  into: Histogram,
): void {
  const { rows, start, end } = node;
  const own = rows.subarray(start, end);
  for (let i = 0; i < own.length; i++) scratch[i] = gradients[own[i]];
  into.fill(0);
  for (let f = 0; f < matrix.codes.length; f++)
    addFeature(matrix.codes[f], own, scratch, into, 2 * matrix.offsets[f]);
}

function addFeature(
  codes: Uint8Array,
  rows: Uint32Array,
  gradients: Float32Array,
  into: Histogram,
  offset: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const at = offset + 2 * codes[rows[i]];
    into[at] += gradients[i];
    into[at + 1] += 1;
  }
}

/** The sibling's histogram, in place: parent - child costs bins, not rows. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let i = 0; i < parent.length; i++) parent[i] -= child[i];
}
