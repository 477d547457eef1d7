import type { Rng } from '../../core/rng.ts';
import type { Derivatives } from './loss.ts';
import { runLoop } from './run-loop.ts';
import { type DrawnRows, drawMask } from './sampling.ts';

export type GossOptions = {
  /** Share of the rows, those of the largest gradients, that is kept. */
  topRate: number;
  /** Share of the rows that is drawn from the others, which then weigh (1 - topRate) / otherRate. */
  otherRate: number;
};

export type GossRows = DrawnRows & {
  /** By table row, what derivatives are multiplied by. */
  factors: Float32Array;
};

/**
 * Gradient-based one-side sampling (Ke et al. 2017, algorithm 2; LightGBM 4.6's `goss`): rows that
 * are fitted badly are kept, of the rest a few stand for all. Ties at the border go to the first
 * rows. Cost: rows x log rows.
 * @param sizes by table row: sum over the outputs of |gradient x hessian|
 */
export function drawByGradient(
  rows: Uint32Array,
  sizes: Float32Array,
  { topRate, otherRate, rng }: GossOptions & { rng: Rng },
): GossRows {
  const top = Math.max(1, Math.round(topRate * rows.length));
  const sorted = Float32Array.from(rows, (row) => sizes[row]).sort();
  const border = sorted[rows.length - top];
  let ties = top - sorted.reduce((above, size) => above + (size > border ? 1 : 0), 0);
  const isTop = Uint8Array.from(rows, (row) => {
    if (sizes[row] !== border) return sizes[row] > border ? 1 : 0;
    return ties-- > 0 ? 1 : 0;
  });
  const others = rows.length - top;
  const isDrawn = others > 0 ? drawMask(others, (otherRate * rows.length) / others, rng) : isTop;
  const factor = (1 - topRate) / otherRate;
  const factors = new Float32Array(sizes.length).fill(1);
  let other = 0;
  const isKept = rows.map((row, i) => {
    if (isTop[i] === 1) return 1;
    factors[row] = factor;
    return isDrawn[other++];
  });
  return {
    factors,
    kept: rows.filter((_, i) => isKept[i] === 1),
    leftOut: rows.filter((_, i) => isKept[i] === 0),
  };
}

/** Adds |gradient x hessian| of each row. */
export const addSizes = (rows: Uint32Array, from: Derivatives, into: Float32Array): void =>
  runLoop(addRowSizes, { rows, ...from }, into);

function addRowSizes(
  { rows, gradients, hessians }: Derivatives & { rows: Uint32Array },
  into: Float32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    into[row] += Math.abs(gradients[row] * (hessians === null ? 1 : hessians[row]));
  }
}

/** Multiplies the derivatives of the rows. */
export const weighDerivatives = (
  rows: Uint32Array,
  factors: Float32Array,
  into: Derivatives,
): void => runLoop(weighRows, { rows, factors }, into);

function weighRows(
  { rows, factors }: { rows: Uint32Array; factors: Float32Array },
  { gradients, hessians }: Derivatives,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    gradients[row] *= factors[row];
    if (hessians !== null) hessians[row] *= factors[row];
  }
}
