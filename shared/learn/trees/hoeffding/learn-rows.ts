import { log } from '../../../core/portable-math.ts';
import type { Rng } from '../../../core/rng.ts';
import type { Matrix } from '../../../prepare/matrix.ts';
import { type BinLayout, isPure, type LeafEvidence, rankCuts } from './leaf-evidence.ts';
import { type HoeffdingForest, type HoeffdingTree, leafOf } from './start-hoeffding.ts';

export type HoeffdingOptions = {
  /** Weight that a leaf sees between two looks for a split. */
  gracePeriod: number;
  /** Chance of a wrong choice of column. */
  delta: number;
  /** Columns closer than this are as good as each other. */
  tau: number;
  /** Columns that may split a leaf, drawn when it is made. */
  maxFeatures: number;
};

/** Rows to learn: target units or class codes. */
export type StreamRows = { matrix: Matrix; target: Float64Array; weights: Float64Array | null };

/**
 * Learns rows in their order, each once: VFDT (Domingos and Hulten 2000), for numbers by the share of
 * standard deviation as FIMT (Ikonomovska, Gama and Dzeroski 2011). A leaf is split once the best column
 * beats the second by Hoeffding's bound. Counts are kept in bins cut by the first rows. Several trees
 * see a row Poisson(1) times each (online bagging, Oza and Russell 2001). Changes the forest.
 * Cost: rows x trees x columns, and per look bins x channels.
 */
export function learnRows(
  forest: HoeffdingForest,
  rows: StreamRows,
  { options, rng }: { options: HoeffdingOptions; rng: Rng },
): void {
  const codes = binRows(forest, rows.matrix);
  const width = forest.cuts.length;
  for (let row = 0; row < rows.matrix.rows; row++) {
    const weight = rows.weights === null ? 1 : rows.weights[row];
    const own = codes.subarray(row * width, (row + 1) * width);
    for (const tree of forest.trees) {
      const drawn = forest.trees.length === 1 ? weight : weight * poissonOne(rng);
      if (drawn > 0)
        learnRow(forest, tree, {
          codes: own,
          target: rows.target[row],
          weight: drawn,
          options,
          rng,
        });
    }
  }
}

type Lesson = {
  codes: Uint8Array;
  target: number;
  weight: number;
  options: HoeffdingOptions;
  rng: Rng;
};

function learnRow(forest: HoeffdingForest, tree: HoeffdingTree, lesson: Lesson): void {
  const { codes, target, weight, options } = lesson;
  const { layout } = forest;
  const node = findLeaf(forest, tree, codes);
  const leaf = tree.evidence[node]!;
  addTo(leaf.totals, 0, { layout, target, weight });
  for (const column of leaf.columns ?? codes.keys())
    addTo(leaf.bins, (layout.starts[column] + codes[column]) * layout.channels, {
      layout,
      target,
      weight,
    });
  leaf.seen += weight;
  leaf.sinceLook += weight;
  if (leaf.sinceLook < options.gracePeriod) return;
  leaf.sinceLook = 0;
  if (!isPure(leaf.totals, layout.isRegression)) trySplit(forest, tree, { node, ...lesson });
}

function addTo(
  sums: Float64Array,
  at: number,
  { layout, target, weight }: { layout: BinLayout; target: number; weight: number },
): void {
  if (!layout.isRegression) {
    sums[at + target] += weight;
    return;
  }
  sums[at] += weight;
  sums[at + 1] += weight * target;
  sums[at + 2] += weight * target * target;
}

function findLeaf({ cuts }: HoeffdingForest, tree: HoeffdingTree, codes: Uint8Array): number {
  let node = 0;
  while (tree.column[node] >= 0) {
    const column = tree.column[node];
    const isMissing = codes[column] === cuts[column].length + 1;
    const isLeft = isMissing ? tree.missingLeft[node] : codes[column] <= tree.bin[node];
    node = isLeft ? tree.left[node] : tree.right[node];
  }
  return node;
}

function trySplit(
  { layout }: HoeffdingForest,
  tree: HoeffdingTree,
  { node, options, rng }: Lesson & { node: number },
): void {
  const leaf = tree.evidence[node]!;
  const [best, second] = rankCuts(leaf, layout);
  if (best === undefined) return;
  const range = layout.isRegression ? 1 : log(Math.max(2, layout.channels)) * Math.LOG2E;
  const bound = Math.sqrt((range * range * log(1 / options.delta)) / (2 * leaf.seen));
  // Leaving the leaf whole is a column of merit 0.
  if (best.merit - (second?.merit ?? 0) <= bound && bound >= options.tau) return;
  if (best.merit <= 0) return;
  tree.column[node] = best.column;
  tree.bin[node] = best.bin;
  tree.missingLeft[node] = best.missingLeft;
  tree.evidence[node] = null;
  tree.left[node] = addLeaf(
    tree,
    leafOf(layout, best.left, { maxFeatures: options.maxFeatures, rng }),
  );
  tree.right[node] = addLeaf(
    tree,
    leafOf(layout, best.right, { maxFeatures: options.maxFeatures, rng }),
  );
}

function addLeaf(tree: HoeffdingTree, leaf: LeafEvidence): number {
  tree.column.push(-1);
  tree.bin.push(0);
  tree.missingLeft.push(false);
  tree.left.push(0);
  tree.right.push(0);
  return tree.evidence.push(leaf) - 1;
}

function binRows({ cuts }: HoeffdingForest, { rows, data }: Matrix): Uint8Array {
  const width = cuts.length;
  const codes = new Uint8Array(rows * width);
  for (let at = 0; at < codes.length; at++) {
    const own = cuts[at % width];
    const value = data[at];
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (own[middle] < value) low = middle + 1;
      else high = middle;
    }
    codes[at] = Number.isNaN(value) ? own.length + 1 : low;
  }
  return codes;
}

/** Knuth's draw from a Poisson distribution of mean 1. */
function poissonOne(rng: Rng): number {
  let count = 0;
  for (let product = rng(); product > 1 / Math.E; product *= rng()) count++;
  return count;
}
