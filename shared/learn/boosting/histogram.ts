import type { BinnedMatrix } from './binning.ts';
import { runLoop } from './run-loop.ts';

/**
 * Sums of gradients and counts of rows per bin, interleaved: entry 2 b is the sum, 2 b + 1 the count,
 * b counted through all features by `matrix.offsets`. Squared error has constant hessians, so a
 * count is a sum of hessians. Where hessians differ there are three entries a bin: the sums of
 * gradients and of hessians, and the count.
 */
export type Histogram = Float64Array;

export const createHistogram = (matrix: BinnedMatrix, hasHessians = false): Histogram =>
  new Float64Array((hasHessians ? 3 : 2) * matrix.offsets[matrix.features.length]);

/** The rows of a node. */
export type HistogramRows = {
  rows: Uint32Array;
  /** By table row. */
  gradients: Float32Array;
  /** Room for a gradient per row, so that each is looked up once, not once per feature. */
  scratch: Float32Array;
  /** By table row; null: all 1. */
  hessians: Float32Array | null;
  /** Room for a hessian per row; not looked at where there are none. */
  hessianScratch: Float32Array;
};

export function fillHistogram(matrix: BinnedMatrix, node: HistogramRows, into: Histogram): void {
  const { rows, gradients, scratch, hessians, hessianScratch } = node;
  runLoop(gather, { from: gradients, rows }, scratch);
  into.fill(0);
  if (hessians !== null) {
    runLoop(gather, { from: hessians, rows }, hessianScratch);
    addWithHessians(matrix, node, into);
    return;
  }
  const features = matrix.codes.length;
  for (let f = 0; f < features; ) {
    const isFour = f + 4 <= features;
    const on = { matrix, f, rows, gradients: scratch };
    if (isFour) runLoop(addFourFeatures, on, into);
    else runLoop(addFeature, on, into);
    f += isFour ? 4 : 1;
  }
}

function gather(
  { from, rows }: { from: Float32Array; rows: Uint32Array },
  into: Float32Array,
): void {
  for (let i = 0; i < rows.length; i++) into[i] = from[rows[i]];
}

/** From feature `f` on: the rows of a node and their gradients, in the same order. */
type Features = { matrix: BinnedMatrix; f: number; rows: Uint32Array; gradients: Float32Array };

function addFeature({ matrix, f, rows, gradients }: Features, into: Histogram): void {
  const codes = matrix.codes[f];
  const offset = 2 * matrix.offsets[f];
  for (let i = 0; i < rows.length; i++) {
    const at = offset + 2 * codes[rows[i]];
    into[at] += gradients[i];
    into[at + 1] += 1;
  }
}

/** Four features in one pass: row and gradient are read once, and four bins wait for memory at once. */
function addFourFeatures({ matrix, f, rows, gradients }: Features, into: Histogram): void {
  const [codes0, codes1, codes2, codes3] = matrix.codes.slice(f, f + 4);
  const [offset0, offset1, offset2, offset3] = matrix.offsets.subarray(f, f + 4);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const gradient = gradients[i];
    const at0 = 2 * (offset0 + codes0[row]);
    const at1 = 2 * (offset1 + codes1[row]);
    const at2 = 2 * (offset2 + codes2[row]);
    const at3 = 2 * (offset3 + codes3[row]);
    into[at0] += gradient;
    into[at0 + 1] += 1;
    into[at1] += gradient;
    into[at1 + 1] += 1;
    into[at2] += gradient;
    into[at2 + 1] += 1;
    into[at3] += gradient;
    into[at3 + 1] += 1;
  }
}

function addWithHessians(matrix: BinnedMatrix, node: HistogramRows, into: Histogram): void {
  const { rows, scratch: gradients, hessianScratch: hessians } = node;
  const features = matrix.codes.length;
  for (let f = 0; f < features; ) {
    const isPair = f + 2 <= features;
    const on = { matrix, f, rows, gradients, hessians };
    if (isPair) runLoop(addTwoWithHessians, on, into);
    else runLoop(addOneWithHessians, on, into);
    f += isPair ? 2 : 1;
  }
}

function addOneWithHessians(
  { matrix, f, rows, gradients, hessians }: Features & { hessians: Float32Array },
  into: Histogram,
): void {
  const codes = matrix.codes[f];
  const offset = 3 * matrix.offsets[f];
  for (let i = 0; i < rows.length; i++) {
    const at = offset + 3 * codes[rows[i]];
    into[at] += gradients[i];
    into[at + 1] += hessians[i];
    into[at + 2] += 1;
  }
}

function addTwoWithHessians(
  { matrix, f, rows, gradients, hessians }: Features & { hessians: Float32Array },
  into: Histogram,
): void {
  const [codes0, codes1] = matrix.codes.slice(f, f + 2);
  const [offset0, offset1] = matrix.offsets.subarray(f, f + 2);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const gradient = gradients[i];
    const hessian = hessians[i];
    const at0 = 3 * (offset0 + codes0[row]);
    const at1 = 3 * (offset1 + codes1[row]);
    into[at0] += gradient;
    into[at0 + 1] += hessian;
    into[at0 + 2] += 1;
    into[at1] += gradient;
    into[at1 + 1] += hessian;
    into[at1 + 2] += 1;
  }
}

/**
 * The sibling's histogram, in place: parent - child costs bins, not rows. A bin that is left without
 * rows is left without a sum too, not with the rounding of one.
 */
export function subtractHistogram(parent: Histogram, child: Histogram, hasHessians = false): void {
  runLoop(hasHessians ? subtractBinsWithHessians : subtractBins, child, parent);
}

function subtractBins(child: Histogram, parent: Histogram): void {
  for (let i = 0; i < parent.length; i += 2) {
    const count = parent[i + 1] - child[i + 1];
    parent[i] = count === 0 ? 0 : parent[i] - child[i];
    parent[i + 1] = count;
  }
}

function subtractBinsWithHessians(child: Histogram, parent: Histogram): void {
  for (let i = 0; i < parent.length; i += 3) {
    const count = parent[i + 2] - child[i + 2];
    parent[i] = count === 0 ? 0 : parent[i] - child[i];
    parent[i + 1] = count === 0 ? 0 : parent[i + 1] - child[i + 1];
    parent[i + 2] = count;
  }
}

/**
 * Takes a node's rows out of its parent's histogram, in place: for few rows cheaper than to count
 * them apart and subtract all bins.
 */
export function removeRows(matrix: BinnedMatrix, node: HistogramRows, from: Histogram): void {
  for (let f = 0; f < matrix.codes.length; f++) {
    const on = { codes: matrix.codes[f], offset: matrix.offsets[f], ...node };
    if (node.hessians === null) runLoop(removeFrom, on, from);
    else runLoop(removeFromWithHessians, { ...on, hessians: node.hessians }, from);
  }
}

type Removed = HistogramRows & { codes: Uint8Array; offset: number };

function removeFrom({ rows, gradients, codes, offset }: Removed, from: Histogram): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const at = 2 * (offset + codes[row]);
    const count = from[at + 1] - 1;
    from[at] = count === 0 ? 0 : from[at] - gradients[row];
    from[at + 1] = count;
  }
}

function removeFromWithHessians(
  { rows, gradients, hessians, codes, offset }: Removed & { hessians: Float32Array },
  from: Histogram,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const at = 3 * (offset + codes[row]);
    const count = from[at + 2] - 1;
    from[at] = count === 0 ? 0 : from[at] - gradients[row];
    from[at + 1] = count === 0 ? 0 : from[at + 1] - hessians[row];
    from[at + 2] = count;
  }
}
