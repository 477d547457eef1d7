import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import type { ReadTrees } from './tree-nodes.ts';
import { planSums } from './tree-sums.ts';

const OUTPUTS = 3;
const TREES = 40;
const WIDTH = 2;

/** A branch and two leaves each. */
function stumps(rng: Rng, outputOf: (leaf: number) => number): ReadTrees {
  const branch = (node: number) => node % 3 === 0;
  const nodes = Array.from({ length: 3 * TREES }, (_, node) => node);
  const leaves = nodes.filter((node) => !branch(node));
  return {
    roots: Int32Array.from(nodes.filter(branch)),
    feature: Int32Array.from(nodes, (node) => (branch(node) ? (node / 3) % WIDTH : -1)),
    threshold: Float32Array.from(nodes, () => rng()),
    left: Int32Array.from(nodes, (node) => (branch(node) ? node + 1 : -1)),
    right: Int32Array.from(nodes, (node) => (branch(node) ? node + 2 : -1)),
    missingLeft: Uint8Array.from(nodes, () => (rng() < 0.5 ? 1 : 0)),
    width: WIDTH,
    entries: {
      node: Int32Array.from(leaves),
      output: Float64Array.from(leaves, (_, leaf) => outputOf(leaf)),
      weight: Float32Array.from(leaves, () => rng() - 0.5),
    },
  };
}

/** One tree after the other, one comparison of floats each. */
function sumOneByOne(trees: ReadTrees, row: Float32Array): Float32Array {
  const { entries, feature, threshold, missingLeft } = trees;
  const sums = new Float32Array(OUTPUTS);
  for (const root of trees.roots) {
    const x = row[feature[root]];
    const isLeft = Number.isNaN(x) ? missingLeft[root] === 1 : x <= threshold[root];
    const leaf = entries.node.indexOf(isLeft ? root + 1 : root + 2);
    sums[entries.output[leaf]] += entries.weight[leaf];
  }
  return sums;
}

test.each([
  ['each to one output', (leaf: number) => (leaf >> 1) % OUTPUTS],
  ['to one of the outputs only', () => 1],
  ['to several', (leaf: number) => leaf % OUTPUTS],
])('trees that add %s are summed in their order', (_, outputOf) => {
  const rng = createRng(1);
  const trees = stumps(rng, outputOf);
  const sumsOf = planSums(trees, OUTPUTS, 'test');
  for (const rows of [1, 7, 10_001]) {
    const data = Float32Array.from({ length: rows * WIDTH }, () =>
      rng() < 0.1 ? Number.NaN : rng(),
    );
    const sums = sumsOf({ type: 'float', dims: [rows, WIDTH], data });
    expect(sums).toHaveLength(rows * OUTPUTS);
    for (let row = 0; row < rows; row += 100)
      expect(sums.subarray(row * OUTPUTS, (row + 1) * OUTPUTS)).toEqual(
        sumOneByOne(trees, data.subarray(row * WIDTH, (row + 1) * WIDTH)),
      );
  }
});
