import { runLoop } from '../boosting/run-loop.ts';
import type { StepSums } from './step-function.ts';

/** Cells of a pair of features: rows x columns, row-major, sums as a step's. */
export type CellSums = { sums: StepSums; rows: number; columns: number };

/** The cut in four whose quadrants follow the gradients best. Rows and columns below it are first. */
export type Quadrants = {
  gain: number;
  row: number;
  column: number;
  /** Newton steps: below-below, below-above, above-below, above-above. */
  steps: [number, number, number, number];
};

const LEAST_HESSIAN = 1e-4;

/**
 * Tries each crossing of a row cut and a column cut (Lou et al. 2013, FAST): what the four quadrants
 * gain over the cells as one. Null when no crossing gains.
 * @param prefix room for as many entries as the sums
 * Cost: cells.
 */
export function bestQuadrants(
  cells: CellSums,
  prefix: Float64Array,
  minSamplesLeaf: number,
): Quadrants | null {
  runLoop(fillPrefix, cells, prefix);
  const best: Quadrants = { gain: 0, row: 0, column: 0, steps: [0, 0, 0, 0] };
  runLoop(scanCrossings, { cells, prefix, least: Math.max(1, minSamplesLeaf) }, best);
  return best.row === 0 ? null : best;
}

/** Entry (r, c): sums of all cells up to row r and column c. */
function fillPrefix({ sums, rows, columns }: CellSums, prefix: Float64Array): void {
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++)
      for (let k = 0; k < 3; k++) {
        const at = 3 * (r * columns + c) + k;
        const above = r > 0 ? prefix[at - 3 * columns] : 0;
        const before = c > 0 ? prefix[at - 3] : 0;
        const both = r > 0 && c > 0 ? prefix[at - 3 * columns - 3] : 0;
        prefix[at] = sums[at] + above + before - both;
      }
}

function scanCrossings(
  { cells, prefix, least }: { cells: CellSums; prefix: Float64Array; least: number },
  best: Quadrants,
): void {
  const { rows, columns } = cells;
  const all = 3 * (rows * columns - 1);
  const whole = prefix[all + 1] > 0 ? (prefix[all] * prefix[all]) / prefix[all + 1] : 0;
  best.gain = whole * 1e-10;
  for (let r = 0; r < rows - 1; r++) {
    const end = 3 * (r * columns + columns - 1);
    for (let c = 0; c < columns - 1; c++) {
      const corner = 3 * (r * columns + c);
      const foot = 3 * ((rows - 1) * columns + c);
      const n0 = prefix[corner + 2];
      const n1 = prefix[end + 2] - n0;
      const n2 = prefix[foot + 2] - n0;
      const n3 = prefix[all + 2] - prefix[end + 2] - n2;
      if (n0 < least || n1 < least || n2 < least || n3 < least) continue;
      const h0 = prefix[corner + 1];
      const h1 = prefix[end + 1] - h0;
      const h2 = prefix[foot + 1] - h0;
      const h3 = prefix[all + 1] - prefix[end + 1] - h2;
      if (Math.min(h0, h1, h2, h3) < LEAST_HESSIAN) continue;
      const g0 = prefix[corner];
      const g1 = prefix[end] - g0;
      const g2 = prefix[foot] - g0;
      const g3 = prefix[all] - prefix[end] - g2;
      const gain = (g0 * g0) / h0 + (g1 * g1) / h1 + (g2 * g2) / h2 + (g3 * g3) / h3 - whole;
      if (gain <= best.gain) continue;
      best.gain = gain;
      best.row = r + 1;
      best.column = c + 1;
      best.steps = [-g0 / h0, -g1 / h1, -g2 / h2, -g3 / h3];
    }
  }
}
