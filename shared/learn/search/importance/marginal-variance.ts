import type { Leaf } from './regression-forest.ts';

/**
 * By input, the share of the forest's variance over the unit cube that the input alone explains:
 * the variance of its marginal, means over the trees, scaled to sum to 1. All 0 where the forest is
 * flat. Cost: O(trees d leaves^2). Source: Hutter et al. (2014), algorithm 2.
 */
export function marginalShares(forest: readonly Leaf[][], inputs: number): Float64Array {
  const shares = new Float64Array(inputs);
  for (const leaves of forest) {
    const volumes = leaves.map((leaf) => volumeOf(leaf, -1));
    let mean = 0;
    for (let l = 0; l < leaves.length; l++) mean += volumes[l] * leaves[l].mean;
    let variance = 0;
    for (let l = 0; l < leaves.length; l++) variance += volumes[l] * (leaves[l].mean - mean) ** 2;
    if (variance <= 0) continue;
    for (let input = 0; input < inputs; input++)
      shares[input] += marginalVariance(leaves, input, mean) / variance;
  }
  const total = shares.reduce((sum, share) => sum + share, 0);
  return total > 0 ? shares.map((share) => share / total) : shares;
}

function marginalVariance(leaves: readonly Leaf[], input: number, mean: number): number {
  const cuts = [...new Set(leaves.flatMap((leaf) => [leaf.lower[input], leaf.upper[input]]))];
  cuts.sort((a, b) => a - b);
  const sides = leaves.map((leaf) => volumeOf(leaf, input));
  let variance = 0;
  for (let c = 0; c + 1 < cuts.length; c++) {
    let marginal = 0;
    for (let l = 0; l < leaves.length; l++)
      if (leaves[l].lower[input] <= cuts[c] && leaves[l].upper[input] >= cuts[c + 1])
        marginal += sides[l] * leaves[l].mean;
    variance += (cuts[c + 1] - cuts[c]) * (marginal - mean) ** 2;
  }
  return variance;
}

/** Product of the sides, one of them left out. */
function volumeOf({ lower, upper }: Leaf, without: number): number {
  let volume = 1;
  for (let j = 0; j < lower.length; j++) if (j !== without) volume *= upper[j] - lower[j];
  return volume;
}
