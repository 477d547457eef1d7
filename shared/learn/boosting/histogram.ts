import type { BinnedMatrix } from './binning.ts';

/**
 * Sums of gradients and counts of rows per bin, interleaved: entry 2 b is the sum, 2 b + 1 the count,
 * b counted through all features by `matrix.offsets`. Squared error has constant hessians, so a
 * count is a sum of hessians.
 */
export type Histogram = Float64Array;

export const createHistogram = (matrix: BinnedMatrix): Histogram =>
  new Float64Array(2 * matrix.offsets[matrix.features.length]);

/** The rows of a node. */
export type HistogramRows = {
  rows: Uint32Array;
  /** By table row. */
  gradients: Float32Array;
  /** Room for a gradient per row, so that each is looked up once, not once per feature. */
  scratch: Float32Array;
};

export function fillHistogram(matrix: BinnedMatrix, node: HistogramRows, into: Histogram): void {
  const { rows, gradients, scratch } = node;
  for (let i = 0; i < rows.length; i++) scratch[i] = gradients[rows[i]];
  into.fill(0);
  for (let f = 0; f < matrix.codes.length; f++)
    addFeature(matrix.codes[f], { rows, gradients: scratch, offset: 2 * matrix.offsets[f] }, into);
}

/** @param node.gradients in the order of `rows` */
function addFeature(
  codes: Uint8Array,
  node: { rows: Uint32Array; gradients: Float32Array; offset: number },
  into: Histogram,
): void {
  const { rows, gradients, offset } = node;
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
