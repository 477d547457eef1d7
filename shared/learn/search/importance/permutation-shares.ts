import { type Rng, shuffle } from '../../../core/rng.ts';
import { type Leaf, predictForest, type Rows } from './regression-forest.ts';

const REPEATS = 5;

/**
 * By input, how much the forest's squared error grows when that input's values are shuffled over
 * the rows, scaled to sum to 1. Losses count as 0. Source: Breiman (2001), section 10.
 */
export function permutationShares(
  forest: readonly Leaf[][],
  rows: Rows,
  { targets, rng }: { targets: Float64Array; rng: Rng },
): Float64Array {
  const error = (moved: Rows): number =>
    moved.reduce((sum, row, i) => sum + (predictForest(forest, row) - targets[i]) ** 2, 0);
  const own = error(rows);
  const growth = Float64Array.from(rows[0], (_, input) => {
    let worse = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const column = shuffle(
        Float64Array.from(rows, (row) => row[input]),
        rng,
      );
      worse += error(rows.map((row, i) => row.with(input, column[i]))) - own;
    }
    return Math.max(0, worse);
  });
  const total = growth.reduce((sum, value) => sum + value, 0);
  return total > 0 ? growth.map((value) => value / total) : growth;
}
