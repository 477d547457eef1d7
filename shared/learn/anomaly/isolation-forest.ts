import { log } from '../../core/portable-math.ts';
import type { Rng } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import { drawColumn } from '../trees/splitter.ts';
import { addNode, emptyNodes, finishNodes, type TreeNodes } from '../trees/tree-nodes.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { createDealer } from './dealer.ts';

const EULER_GAMMA = 0.5772156649015329;

/**
 * Mean depth of an unsuccessful search in a binary search tree of n keys: c(n) of Liu, Ting and Zhou
 * (2008, equation 1), 0 below 2.
 */
export function averagePathLength(n: number): number {
  if (n < 2) return 0;
  if (n === 2) return 1;
  return 2 * (log(n - 1) + EULER_GAMMA) - (2 * (n - 1)) / n;
}

/**
 * Isolation forest (Liu, Ting and Zhou 2008): 2^(-mean path length / c(sample)), in (0, 1], the
 * higher the stranger; a half where a row is as deep as a random one. Each tree cuts a sample at
 * uniform thresholds of uniform columns until rows are alone or log2(sample) deep; a leaf with n
 * rows stands for c(n) levels more. Samples are dealt from a shuffled deck, so that all rows are
 * used equally often. Reference: scikit-learn 1.2 IsolationForest, whose score_samples is minus this.
 * Cost: trees x sample x log2 sample; no missing values.
 */
export function fitIsolationForest(
  { matrix, weights }: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): TreesEstimator {
  const deck = usedRows(matrix.rows, weights);
  const size = Math.min(deck.length, Number(parameters.maxSamples));
  const deal = createDealer(deck, rng);
  const columns = createDealer(
    Int32Array.from({ length: matrix.names.length }, (_, column) => column),
    rng,
  );
  const perTree = Math.max(1, Math.round(Number(parameters.maxFeatures) * matrix.names.length));
  const nodes = emptyNodes(1);
  const maxDepth = 32 - Math.clz32(Math.max(size, 2) - 1);
  const trees = Number(parameters.nEstimators);
  for (let tree = 0; tree < trees && !(tree > 0 && isTimeUp?.()); tree++)
    isolate({ matrix, nodes, rng, maxDepth, rows: deal(size), pool: columns(perTree) });
  const whole = Math.max(averagePathLength(size), Number.MIN_VALUE);
  return finishNodes(nodes, { factor: -1 / (nodes.roots.length * whole), link: 'exp2' });
}

function usedRows(rows: number, weights: Float64Array | null): Int32Array {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return weights === null ? all : all.filter((row) => weights[row] > 0);
}

type Isolation = {
  matrix: Matrix;
  nodes: TreeNodes;
  rng: Rng;
  maxDepth: number;
  rows: Int32Array;
  /** Columns to cut at. */
  pool: Int32Array;
};

function isolate(on: Isolation): void {
  const { nodes, rows, maxDepth } = on;
  nodes.roots.push(nodes.count);
  const open = [{ node: addNode(nodes, rows.length), from: 0, to: rows.length, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, from, to, depth } = next;
    nodes.value[node] = depth + averagePathLength(to - from);
    if (depth >= maxDepth || to - from < 2) continue;
    const middle = cutNode(on, node, { from, to });
    if (middle < 0) continue;
    const left = addNode(nodes, middle - from);
    const right = addNode(nodes, to - middle);
    nodes.left[node] = left;
    nodes.right[node] = right;
    open.push({ node: left, from, to: middle, depth: depth + 1 });
    open.push({ node: right, from: middle, to, depth: depth + 1 });
  }
}

/** Parts a node's rows at a random cut. @returns where the right part begins; -1 if all rows are alike */
function cutNode(
  { matrix, nodes, rng, rows, pool }: Isolation,
  node: number,
  { from, to }: { from: number; to: number },
): number {
  const width = matrix.names.length;
  for (let at = 0; at < pool.length; at++) {
    const column = drawColumn(pool, at, rng);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const value = matrix.data[rows[i] * width + column];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(low < high)) continue;
    const drawn = Math.fround(low + rng() * (high - low));
    const threshold = drawn < high ? Math.max(drawn, low) : low;
    nodes.feature[node] = column;
    nodes.threshold[node] = threshold;
    // What is missing later is as strange as the smaller part.
    const middle = partRows(
      rows,
      { from, to },
      (row) => matrix.data[row * width + column] <= threshold,
    );
    nodes.missingLeft[node] = 2 * (middle - from) < to - from ? 1 : 0;
    return middle;
  }
  return -1;
}

function partRows(
  rows: Int32Array,
  { from, to }: { from: number; to: number },
  isLeft: (row: number) => boolean,
): number {
  let left = from;
  for (let i = from; i < to; i++) {
    const row = rows[i];
    if (!isLeft(row)) continue;
    rows[i] = rows[left];
    rows[left++] = row;
  }
  return left;
}
