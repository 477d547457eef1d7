import type { Link } from '../link.ts';
import type { TreesEstimator } from './trees-estimator.ts';

/** Nodes of trees one after the other, in arrays that double. */
export type TreeNodes = {
  outputs: number;
  count: number;
  roots: number[];
  feature: Int32Array;
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
  missingLeft: Uint8Array;
  cover: Float32Array;
  /** Share of the tree's impurity, in its own units, that the split of an inner node removes. */
  gain: Float32Array;
  /** Row-major [nodes, outputs]; inner nodes too. */
  value: Float32Array;
};

const FIRST_NODES = 256;

export const emptyNodes = (outputs: number): TreeNodes => ({
  outputs,
  ...{ count: 0, roots: [] },
  feature: new Int32Array(FIRST_NODES),
  threshold: new Float32Array(FIRST_NODES),
  left: new Int32Array(FIRST_NODES),
  right: new Int32Array(FIRST_NODES),
  missingLeft: new Uint8Array(FIRST_NODES),
  cover: new Float32Array(FIRST_NODES),
  gain: new Float32Array(FIRST_NODES),
  value: new Float32Array(FIRST_NODES * outputs),
});

/** Appends a leaf. @returns its number */
export function addNode(nodes: TreeNodes, cover: number): number {
  if (nodes.count === nodes.feature.length) growNodes(nodes);
  nodes.feature[nodes.count] = -1;
  nodes.cover[nodes.count] = cover;
  return nodes.count++;
}

function growNodes(nodes: TreeNodes): void {
  const capacity = 2 * nodes.feature.length;
  nodes.feature = grown(nodes.feature, new Int32Array(capacity));
  nodes.threshold = grown(nodes.threshold, new Float32Array(capacity));
  nodes.left = grown(nodes.left, new Int32Array(capacity));
  nodes.right = grown(nodes.right, new Int32Array(capacity));
  nodes.missingLeft = grown(nodes.missingLeft, new Uint8Array(capacity));
  nodes.cover = grown(nodes.cover, new Float32Array(capacity));
  nodes.gain = grown(nodes.gain, new Float32Array(capacity));
  nodes.value = grown(nodes.value, new Float32Array(capacity * nodes.outputs));
}

function grown<T extends Int32Array | Uint8Array | Float32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** The trees as an estimator whose score is the mean of their answers. */
export const averageTrees = (nodes: TreeNodes, link: Link): TreesEstimator =>
  finishNodes(nodes, { factor: shareOfOne(nodes.roots.length), link });

/** The trees as an estimator whose score is the sum of their answers times `factor`. */
export function finishNodes(
  nodes: TreeNodes,
  { factor, link }: { factor: number; link: Link },
): TreesEstimator {
  const { outputs, count, roots } = nodes;
  const value = new Float32Array(count * outputs);
  for (let node = 0; node < count; node++) {
    if (nodes.feature[node] >= 0) continue;
    for (let k = 0; k < outputs; k++)
      value[node * outputs + k] = nodes.value[node * outputs + k] * factor;
  }
  return {
    type: 'trees',
    roots: Int32Array.from(roots),
    feature: nodes.feature.slice(0, count),
    threshold: nodes.threshold.slice(0, count),
    left: nodes.left.slice(0, count),
    right: nodes.right.slice(0, count),
    missingLeft: nodes.missingLeft.slice(0, count),
    outputs,
    treeOutput: outputs === 1 ? new Int32Array(roots.length) : null,
    value,
    base: new Float32Array(outputs),
    link,
    cover: nodes.cover.slice(0, count),
  };
}

/** The float32 nearest to 1 / trees of which as many, added up in float32, do not exceed 1. */
function shareOfOne(trees: number): number {
  const unit = new Float32Array([1 / trees]);
  const bits = new Int32Array(unit.buffer);
  while (sumOf(unit[0], trees) > 1) bits[0]--;
  return unit[0];
}

function sumOf(share: number, trees: number): number {
  let sum = 0;
  for (let tree = 0; tree < trees; tree++) sum = Math.fround(sum + share);
  return sum;
}
