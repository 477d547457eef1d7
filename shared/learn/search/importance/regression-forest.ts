import type { Rng } from '../../../core/rng.ts';

/** Rows of numbers in [0, 1]: shape [n][d]. */
export type Rows = readonly Float64Array[];

/** A leaf is the box lower <= x < upper (by input) and its mean. */
export type Leaf = { lower: Float64Array; upper: Float64Array; mean: number };

export type ForestOptions = { trees: number; mostDepth: number; leastLeaf: number };

const DEFAULTS: ForestOptions = { trees: 64, mostDepth: 64, leastLeaf: 1 };

/**
 * A small random forest for the surface of an objective, each tree as its leaves' boxes: bootstrap
 * samples, best squared-error split over all inputs, at the middle between two values.
 * Cost: O(trees d n log^2 n). Source: Breiman (2001).
 */
export function fitRegressionForest(
  rows: Rows,
  targets: Float64Array,
  { rng, ...given }: Partial<ForestOptions> & { rng: Rng },
): Leaf[][] {
  const options = { ...DEFAULTS, ...given };
  const width = rows[0].length;
  return Array.from({ length: options.trees }, () => {
    const sample = Uint32Array.from(rows, () => Math.floor(rng() * rows.length));
    const leaves: Leaf[] = [];
    const box = { lower: new Float64Array(width), upper: new Float64Array(width).fill(1) };
    grow({ rows, targets, options, leaves }, sample, { ...box, depth: 0 });
    return leaves;
  });
}

type Growth = { rows: Rows; targets: Float64Array; options: ForestOptions; leaves: Leaf[] };
type Box = { lower: Float64Array; upper: Float64Array; depth: number };
type Split = { input: number; threshold: number; gain: number };

function grow(growth: Growth, members: Uint32Array, box: Box): void {
  const { rows, targets, options, leaves } = growth;
  const split = box.depth < options.mostDepth ? bestSplit(growth, members) : null;
  if (split === null) {
    let sum = 0;
    for (const row of members) sum += targets[row];
    leaves.push({ lower: box.lower, upper: box.upper, mean: sum / members.length });
    return;
  }
  const { input, threshold } = split;
  const upper = box.upper.with(input, threshold);
  const lower = box.lower.with(input, threshold);
  const depth = box.depth + 1;
  const isBelow = (row: number): boolean => rows[row][input] < threshold;
  grow(growth, members.filter(isBelow), { lower: box.lower, upper, depth });
  grow(
    growth,
    members.filter((row) => !isBelow(row)),
    { lower, upper: box.upper, depth },
  );
}

/** Null where no split lowers the squared error. */
function bestSplit({ rows, targets, options }: Growth, members: Uint32Array): Split | null {
  let total = 0;
  for (const row of members) total += targets[row];
  let best: Split | null = null;
  for (let input = 0; input < rows[0].length; input++) {
    const order = members.slice().sort((a, b) => rows[a][input] - rows[b][input]);
    let left = 0;
    for (let at = 1; at < order.length; at++) {
      left += targets[order[at - 1]];
      const [below, above] = [rows[order[at - 1]][input], rows[order[at]][input]];
      if (below === above || Math.min(at, order.length - at) < options.leastLeaf) continue;
      const right = total - left;
      const gain =
        (left * left) / at + (right * right) / (order.length - at) - (total * total) / order.length;
      if (gain > (best?.gain ?? 1e-12 * Math.abs(total)))
        best = { input, threshold: (below + above) / 2, gain };
    }
  }
  return best;
}

/** Mean of the leaves that a row falls in, one by tree. */
export function predictForest(forest: readonly Leaf[][], row: Float64Array): number {
  let sum = 0;
  for (const leaves of forest) sum += leaves.find((leaf) => isInside(leaf, row))?.mean ?? 0;
  return sum / forest.length;
}

function isInside({ lower, upper }: Leaf, row: Float64Array): boolean {
  for (let j = 0; j < row.length; j++)
    if (row[j] < lower[j] || (row[j] >= upper[j] && upper[j] < 1)) return false;
  return true;
}
