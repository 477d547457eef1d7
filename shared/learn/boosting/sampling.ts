import type { Rng } from '../../core/rng.ts';

/** Rows that a round is grown on (null: all), and the others. */
export type DrawnRows = { kept: Uint32Array | null; leftOut: Uint32Array };

const NO_ROWS = new Uint32Array(0);

/** Draws a share of the rows without replacement, at least one, keeping their order. */
export function drawRows(rows: Uint32Array, share: number, rng: Rng): DrawnRows {
  if (share >= 1) return { kept: null, leftOut: NO_ROWS };
  const isKept = drawMask(rows.length, share, rng);
  return {
    kept: rows.filter((_, i) => isKept[i] === 1),
    leftOut: rows.filter((_, i) => isKept[i] === 0),
  };
}

/** Draws a share of the features, at least one, ascending. */
export function drawFeatures(features: number, share: number, rng: Rng): Int32Array {
  const isDrawn = drawMask(features, share, rng);
  return Int32Array.from(isDrawn.keys()).filter((f) => isDrawn[f] === 1);
}

/** A share of `count` entries is 1, at least one of them (Knuth, TAOCP 2, algorithm 3.4.2 S). */
export function drawMask(count: number, share: number, rng: Rng): Uint8Array {
  const mask = new Uint8Array(count);
  let wanted = Math.max(1, Math.round(share * count));
  for (let i = 0; wanted > 0; i++)
    if (rng() * (count - i) < wanted) {
      mask[i] = 1;
      wanted--;
    }
  return mask;
}
