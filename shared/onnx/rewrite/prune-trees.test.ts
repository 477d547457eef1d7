import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { scoreTrees } from '../../learn/trees/trees-estimator.ts';
import type { SummedTrees } from '../export/tree-nodes.ts';
import { pruneTrees } from './prune-trees.ts';

const COLUMNS = 3;

/** Random trees of depth 3 over few thresholds and few leaf values, so that parts are equal. */
function randomTrees(seed: number, outputs: number, isPerTree: boolean): SummedTrees {
  const rng = createRng(seed);
  const trees = 6;
  const nodes = trees * 15;
  const width = isPerTree ? 1 : outputs;
  const isLeaf = (node: number) => node % 15 >= 7;
  const list = Array.from({ length: nodes }, (_, node) => node);
  return {
    outputs,
    base: Float32Array.from({ length: outputs }, () => normal(rng)),
    treeOutput: isPerTree ? Int32Array.from({ length: trees }, (_, t) => t % outputs) : null,
    roots: Int32Array.from({ length: trees }, (_, t) => 15 * t),
    feature: Int32Array.from(list, (node) => (isLeaf(node) ? -1 : Math.floor(COLUMNS * rng()))),
    threshold: Float32Array.from(list, () => Math.round(2 * normal(rng))),
    left: Int32Array.from(list, (node) => (isLeaf(node) ? 0 : node + (node % 15) + 1)),
    right: Int32Array.from(list, (node) => (isLeaf(node) ? 0 : node + (node % 15) + 2)),
    missingLeft: Uint8Array.from(list, () => (rng() < 0.5 ? 1 : 0)),
    value: Float32Array.from({ length: nodes * width }, (_, i) =>
      isLeaf(Math.floor(i / width)) ? Math.round(2 * normal(rng)) / 4 : 0,
    ),
  };
}

function scores(trees: SummedTrees): Float32Array {
  const rng = createRng(1);
  const rows = 200;
  const data = Float32Array.from({ length: rows * COLUMNS }, () =>
    rng() < 0.1 ? Number.NaN : Math.round(4 * normal(rng)) / 2,
  );
  const names = ['a', 'b', 'c'];
  const estimator = { type: 'trees', link: 'identity', cover: null, ...trees } as const;
  return scoreTrees(estimator, { rows, names, data, categories: [] });
}

const nodesOf = ({ roots, feature, left, right }: SummedTrees): number => {
  const count = (node: number): number =>
    feature[node] < 0 ? 1 : 1 + count(left[node]) + count(right[node]);
  return roots.reduce((sum, root) => sum + count(root), 0);
};

const ensembles = fc.record({
  seed: fc.nat(1e6),
  outputs: fc.constantFrom(1, 3),
  isPerTree: fc.boolean(),
});

test('no sum changes by more than allowed, nor by more than told, and there are never more nodes', () => {
  fc.assert(
    fc.property(ensembles, fc.double({ min: 0, max: 4, noNaN: true }), (given, most) => {
      const trees = randomTrees(given.seed, given.outputs, given.isPerTree);
      const pruned = pruneTrees(trees, most);
      const [before, after] = [scores(trees), scores(pruned.trees)];
      before.forEach((score, i) => {
        expect(Math.abs(score - after[i])).toBeLessThanOrEqual(pruned.change + 1e-5);
      });
      expect(pruned.change).toBeLessThanOrEqual(most + 1e-6);
      expect(nodesOf(pruned.trees)).toBeLessThanOrEqual(nodesOf(trees));
    }),
    { numRuns: 60 },
  );
});

test('with nothing allowed to change only what is equal goes, and sums stay', () => {
  const trees = randomTrees(3, 1, true);
  const twice = { ...trees, roots: Int32Array.of(0, 15, 0, 15), treeOutput: new Int32Array(4) };
  const { trees: merged, change } = pruneTrees(twice, 0);
  expect(change).toBe(0);
  expect([...merged.roots]).toEqual([0, 15]);
  const after = scores(merged);
  scores(twice).forEach((score, i) => {
    expect(after[i]).toBeCloseTo(score, 5);
  });
});

test('trees that may change by all they add become a part of the base', () => {
  const { trees } = pruneTrees(randomTrees(4, 3, false), 1e6);
  expect(trees.roots).toHaveLength(0);
  expect(trees.base.some((base) => base !== 0)).toBe(true);
});

test('the given trees are not changed', () => {
  const trees = randomTrees(5, 1, true);
  const copy = structuredClone(trees);
  pruneTrees(trees, 1);
  expect(trees).toEqual(copy);
});
