import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { sumByMasks } from './leaf-masks.ts';
import { planLeafMasks } from './plan-leaf-masks.ts';
import { sumLeaves } from './sum-leaves.ts';
import { planWalk, sumByWalking, type TreeWalk, type WalkedTrees } from './tree-walk.ts';

const WIDTH = 3;
const EDGES = [0, -0, Number.NaN, Infinity, -Infinity, 1.5, 3.4028234663852886e38, 1e-45, -1e-45];

const draw = (rng: Rng) =>
  rng() < 0.5 ? EDGES[Math.floor(rng() * EDGES.length)] : Math.fround(normal(rng));

/** Trees of random splits at awkward thresholds; the first is a leaf alone. */
function randomTrees(rng: Rng, leaves: readonly number[], width = WIDTH): WalkedTrees {
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
      trees.feature[node] = Math.floor(rng() * width);
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

type Rows = { data: Float32Array; stride: number };

const walked = (walk: TreeWalk, rows: Rows, into: Float32Array) => sumByWalking(walk, rows, into);

function masked(walk: TreeWalk, rows: Rows, into: Float32Array): void {
  const masks = planLeafMasks(walk);
  if (masks === null) throw new Error('These trees have masks');
  sumByMasks(masks, rows, into);
}

for (const [name, sum] of Object.entries({ walked, masked }))
  test(`${name}, rows end where comparing floats ends: zeros of both signs, infinities, missing`, () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.integer({ min: 0, max: 11 }),
        fc.integer({ min: 0, max: 2 }),
        fc.constantFrom(1, WIDTH, 11),
        (seed, rows, unused, width) => {
          const rng = createRng(seed);
          const trees = randomTrees(rng, [1, 6, 2, 15, 32], width);
          const stride = width + unused;
          const data = Float32Array.from({ length: rows * stride }, () => draw(rng));
          const sums = new Float32Array(rows).fill(7);
          sum(planWalk(trees, width), { data, stride }, sums);
          sums.forEach((sum, row) => {
            expect(sum).toBe(sumByComparing(trees, data.subarray(row * stride)));
          });
        },
      ),
      { numRuns: 300 },
    );
  });

test('more rows than a block, in a view of a larger buffer', () => {
  const rng = createRng(3);
  const trees = randomTrees(rng, [9, 9]);
  const rows = 2100;
  const data = Float32Array.from({ length: 2 + rows * WIDTH }, () => draw(rng)).subarray(2);
  for (const sum of [walked, masked]) {
    const sums = new Float32Array(rows);
    sum(planWalk(trees, WIDTH), { data, stride: WIDTH }, sums);
    for (const row of [0, 255, 256, 1023, 1024, 2098, 2099])
      expect(sums[row]).toBe(sumByComparing(trees, data.subarray(row * WIDTH)));
  }
});

test('trees of more thresholds than are ranked together are tabulated in parts, columns of few thresholds in groups', () => {
  const rng = createRng(4);
  const width = 40;
  const few = randomTrees(rng, Array(3).fill(20), width);
  const [part] = planLeafMasks(planWalk(few, width))!.parts;
  expect(part.columns.length).toBeGreaterThan(20);
  expect(part.starts.length).toBeLessThan(part.columns.length / 2);
  const many = randomTrees(rng, Array(130).fill(32), WIDTH);
  expect(planLeafMasks(planWalk(many, WIDTH))!.parts.length).toBeGreaterThan(1);
  for (const [trees, stride] of [[few, width] as const, [many, WIDTH] as const]) {
    const data = Float32Array.from({ length: 20 * stride }, () => draw(rng));
    const sums = new Float32Array(20);
    masked(planWalk(trees, stride), { data, stride }, sums);
    sums.forEach((sum, row) => {
      expect(sum).toBe(sumByComparing(trees, data.subarray(row * stride)));
    });
  }
});

test('some of the trees whose nodes are given', () => {
  const rng = createRng(7);
  const all = randomTrees(rng, [4, 32, 6, 32, 2, 1]);
  const trees = { ...all, roots: all.roots.filter((_, tree) => tree % 2 === 0) };
  const data = Float32Array.from({ length: 30 * WIDTH }, () => draw(rng));
  for (const sum of [walked, masked]) {
    const sums = new Float32Array(30);
    sum(planWalk(trees, WIDTH), { data, stride: WIDTH }, sums);
    sums.forEach((found, row) => {
      expect(found).toBe(sumByComparing(trees, data.subarray(row * WIDTH)));
    });
  }
});

test('a tree of 33 leaves, or too many columns of many thresholds, are walked', () => {
  const rng = createRng(5);
  expect(planLeafMasks(planWalk(randomTrees(rng, [5, 33]), WIDTH))).toBeNull();
  expect(planLeafMasks(planWalk(randomTrees(rng, Array(40).fill(32), 30), 30))).toBeNull();
});

test('the layout changes once many rows were asked for, the answers do not', () => {
  const rng = createRng(6);
  const trees = randomTrees(rng, [32, 7, 30, 32, 12]);
  const rows = 6000;
  const data = Float32Array.from({ length: rows * WIDTH }, () => draw(rng));
  const walk = planWalk(trees, WIDTH);
  const [first, second] = [new Float32Array(rows), new Float32Array(rows)];
  sumLeaves(walk, { data, stride: WIDTH }, first);
  for (let row = 0; row < rows; row++)
    sumLeaves(walk, { data: data.subarray(row * WIDTH), stride: WIDTH }, second.subarray(0, 1));
  expect(walk.masks).toBeUndefined();
  sumLeaves(walk, { data, stride: WIDTH }, second);
  expect(walk.masks?.parts).toHaveLength(1);
  expect(second).toEqual(first);
});
