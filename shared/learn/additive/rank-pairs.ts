import { runLoop } from '../boosting/run-loop.ts';
import type { RowDerivatives } from './cyclic-boosting.ts';
import { bestQuadrants } from './pair-surface.ts';
import type { StepSums } from './step-function.ts';
import { type CoarseFeature, pairTerm } from './terms.ts';

/** Two features by number, and how much more their four quadrants explain than nothing. */
export type RankedPair = { a: number; b: number; gain: number };

/**
 * What each pair of features could still explain of what the single ones left: the gain of its best
 * cut in four (FAST, Lou et al. 2013).
 * Cost: pairs x rows.
 */
export function pairGains(
  features: readonly CoarseFeature[],
  rows: Uint32Array,
  { derivatives, minSamplesLeaf }: { derivatives: RowDerivatives; minSamplesLeaf: number },
): RankedPair[] {
  const gains: RankedPair[] = [];
  for (let a = 0; a < features.length; a++)
    for (let b = a + 1; b < features.length; b++) {
      const term = pairTerm(features[a], features[b]);
      const sums = new Float64Array(3 * term.values.length);
      sumCells(term.cells, { rows, ...derivatives }, sums);
      const [height, width] = term.sizes;
      const cells = { sums, rows: height, columns: width };
      const found = bestQuadrants(cells, new Float64Array(sums.length), minSamplesLeaf);
      gains.push({ a, b, gain: found?.gain ?? 0 });
    }
  return gains;
}

/** The pairs of greatest summed gain; ties go to the first features. */
export function strongestPairs(byBag: readonly RankedPair[][], count: number): RankedPair[] {
  if (byBag.length === 0) return [];
  const summed = byBag[0].map(({ a, b }, i) => ({
    ...{ a, b },
    gain: byBag.reduce((sum, gains) => sum + gains[i].gain, 0),
  }));
  return summed
    .filter(({ gain }) => gain > 0)
    .sort((x, y) => y.gain - x.gain || x.a - y.a || x.b - y.b)
    .slice(0, count);
}

/** Sums of the rows' derivatives by cell. */
function sumCells(
  cells: Uint8Array,
  given: RowDerivatives & { rows: Uint32Array },
  into: StepSums,
): void {
  into.fill(0);
  runLoop(addToCells, { ...given, cells }, into);
}

function addToCells(
  { rows, gradients, hessians, cells }: RowDerivatives & { rows: Uint32Array; cells: Uint8Array },
  into: StepSums,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const at = 3 * cells[row];
    into[at] += gradients[row];
    into[at + 1] += hessians[row];
    into[at + 2] += 1;
  }
}
