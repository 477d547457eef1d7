import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { planWalk, sumLeaves, type WalkedTrees } from './tree-walk.ts';

const WIDTH = 3;
const EDGES = [0, -0, Number.NaN, Infinity, -Infinity, 1.5, 3.4028234663852886e38, 1e-45, -1e-45];

const draw = (rng: Rng) =>
  rng() < 0.5 ? EDGES[Math.floor(rng() * EDGES.length)] : Math.fround(normal(rng));

/** Trees of random splits at awkward thresholds; the first is a leaf alone. */
function randomTrees(rng: Rng, leaves: readonly number[]): WalkedTrees {
  const nodes = leaves.reduce((sum, count) => sum + 2 * count - 1, 0);
  const trees: WalkedTrees = {
    roots: new Int32Array(leaves.length),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes).fill(-1),
    right: new Int32Array(nodes).fill(-1),
    missingLeft: new Uint8Array(nodes),
    value: Float32Array.from({ length: nodes }, () => normal(rng)),
  };
  let next = 0;
  leaves.forEach((count, tree) => {
    const open = [next];
    trees.roots[tree] = next++;
    for (let leaf = 1; leaf < count; leaf++) {
      const [node] = open.splice(Math.floor(rng() * open.length), 1);
      const threshold = draw(rng);
      trees.feature[node] = Math.floor(rng() * WIDTH);
      trees.threshold[node] = Number.isNaN(threshold) ? 0 : threshold;
      trees.missingLeft[node] = rng() < 0.5 ? 1 : 0;
      open.push(next, next + 1);
      trees.left[node] = next++;
      trees.right[node] = next++;
    }
  });
  return trees;
}

/** The naive twin: one row, one comparison of floats at a time. */
function sumByComparing(trees: WalkedTrees, row: Float32Array): number {
  let sum = 0;
  for (const root of trees.roots) {
    let node = root;
    while (trees.feature[node] >= 0) {
      const x = row[trees.feature[node]];
      const isLeft = Number.isNaN(x) ? trees.missingLeft[node] === 1 : x <= trees.threshold[node];
      node = isLeft ? trees.left[node] : trees.right[node];
    }
    sum = Math.fround(sum + trees.value[node]);
  }
  return sum;
}

test('a walk ends where comparing floats ends: zeros of both signs, infinities and missing too', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.integer({ min: 0, max: 11 }),
      fc.integer({ min: 0, max: 2 }),
      (seed, rows, unused) => {
        const rng = createRng(seed);
        const trees = randomTrees(rng, [1, 6, 2, 15]);
        const stride = WIDTH + unused;
        const data = Float32Array.from({ length: rows * stride }, () => draw(rng));
        const sums = new Float32Array(rows).fill(7);
        sumLeaves(planWalk(trees, WIDTH), { data, stride }, sums);
        sums.forEach((sum, row) => {
          expect(sum).toBe(sumByComparing(trees, data.subarray(row * stride)));
        });
      },
    ),
    { numRuns: 500 },
  );
});

test('more rows than a block, in a view of a larger buffer', () => {
  const rng = createRng(3);
  const trees = randomTrees(rng, [9, 9]);
  const data = Float32Array.from({ length: 2 + 601 * WIDTH }, () => draw(rng)).subarray(2);
  const sums = new Float32Array(601);
  sumLeaves(planWalk(trees, WIDTH), { data, stride: WIDTH }, sums);
  for (const row of [0, 255, 256, 599, 600])
    expect(sums[row]).toBe(sumByComparing(trees, data.subarray(row * WIDTH)));
});
