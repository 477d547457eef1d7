import type { Rng } from '../../../core/rng.ts';
import type { Matrix } from '../../../prepare/matrix.ts';
import { thresholdsOf } from '../../boosting/binning.ts';
import type { BinLayout, LeafEvidence } from './leaf-evidence.ts';

/** Trees that learn row by row and never look back; as data, so that learning goes on where it ended. */
export type HoeffdingForest = {
  type: 'hoeffding-forest';
  layout: BinLayout;
  /** By column: ascending cuts, of the first rows learnt. */
  cuts: Float32Array[];
  trees: HoeffdingTree[];
};

/** Nodes in the order of their making; inner nodes have no evidence. */
export type HoeffdingTree = {
  column: number[];
  bin: number[];
  missingLeft: boolean[];
  left: number[];
  right: number[];
  evidence: (LeafEvidence | null)[];
};

const MOST_CUTS = 64;

/** @param classes 0 for a regression */
export function startHoeffdingForest(
  { matrix }: { matrix: Matrix },
  {
    classes,
    trees,
    maxFeatures,
    rng,
  }: { classes: number; trees: number; maxFeatures: number; rng: Rng },
): HoeffdingForest {
  const width = matrix.names.length;
  const cuts = Array.from({ length: width }, (_, column) => {
    const values = new Float32Array(matrix.rows);
    for (let row = 0; row < matrix.rows; row++) values[row] = matrix.data[row * width + column];
    const all = thresholdsOf(values, new Float32Array(matrix.rows));
    const step = Math.max(1, all.length / MOST_CUTS);
    return Float32Array.from(
      { length: Math.min(all.length, MOST_CUTS) },
      (_, i) => all[Math.floor(i * step)],
    );
  });
  const starts = new Int32Array(width + 1);
  // A bin between two cuts and beyond each end, and one for what is missing.
  for (let j = 0; j < width; j++) starts[j + 1] = starts[j] + cuts[j].length + 2;
  const isRegression = classes === 0;
  const layout = { starts, channels: isRegression ? 3 : classes, isRegression };
  const forest: HoeffdingForest = { type: 'hoeffding-forest', layout, cuts, trees: [] };
  for (let tree = 0; tree < trees; tree++) {
    const root = leafOf(layout, new Float64Array(layout.channels), { maxFeatures, rng });
    forest.trees.push({
      column: [-1],
      bin: [0],
      missingLeft: [false],
      left: [0],
      right: [0],
      evidence: [root],
    });
  }
  return forest;
}

/** A leaf that has seen nothing but what its parent knew of its rows. */
export function leafOf(
  { starts, channels }: BinLayout,
  totals: Float64Array,
  { maxFeatures, rng }: { maxFeatures: number; rng: Rng },
): LeafEvidence {
  const width = starts.length - 1;
  let columns: Int32Array | null = null;
  if (maxFeatures < width) {
    columns = Int32Array.from({ length: width }, (_, j) => j);
    for (let i = 0; i < maxFeatures; i++) {
      const j = i + Math.floor(rng() * (width - i));
      [columns[i], columns[j]] = [columns[j], columns[i]];
    }
    columns = columns.slice(0, maxFeatures);
  }
  const bins = new Float64Array(starts[width] * channels);
  return { totals, bins, seen: 0, sinceLook: 0, columns };
}
