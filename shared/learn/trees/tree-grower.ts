import { pruneTree } from './prune-tree.ts';
import type { Segment, Split, Splitter } from './splitter.ts';
import type { TreeGoal } from './tree-goal.ts';
import { addNode, type TreeNodes } from './tree-nodes.ts';

export type GrowOptions = {
  /** Edges from root to leaf at most; 0: no limit. */
  maxDepth: number;
  minSamplesSplit: number;
  minSamplesLeaf: number;
  /** 0: no limit; else leaves are split in the order of what they gain. */
  maxLeafNodes: number;
  /** Splits that remove less impurity, as a share of the tree's weight, are not made. */
  minImpurityDecrease: number;
  /** Above 0: the tree is pruned (@see pruneTree). */
  ccpAlpha: number;
};

/** A leaf that can be split. */
type OpenNode = Segment & { node: number; depth: number; split: Split };

type Growing = { goal: TreeGoal; splitter: Splitter; nodes: TreeNodes; options: GrowOptions };

/**
 * Grows one tree and appends it: depth first, or best first where leaves are limited. Counts are of
 * rows, each once however often a bootstrap drew it (as scikit-learn does); rows of weight 0 are not
 * to be among them.
 * @param rows ascending, at least one
 */
export function growTree(growing: Growing, rows: Int32Array): void {
  const { splitter, nodes, options } = growing;
  splitter.begin(rows);
  nodes.roots.push(nodes.count);
  const open: OpenNode[] = [];
  const whole = { from: 0, to: rows.length };
  const root = createNode(growing, whole, 0);
  if (root.isOpen) openNode(growing, { ...whole, node: root.node, depth: 0 }, open);
  for (let leaves = 1; open.length > 0 && leaves !== options.maxLeafNodes; leaves++)
    splitNode(growing, options.maxLeafNodes > 0 ? takeMostGaining(open) : open.pop()!, open);
  if (options.ccpAlpha > 0) pruneTree(nodes, options.ccpAlpha);
}

/** Appends a node with its answer; `isOpen` where a split may be sought. */
function createNode(
  { goal, splitter, nodes, options }: Growing,
  { from, to }: Segment,
  depth: number,
): { node: number; isOpen: boolean } {
  const { weight, isPure } = goal.enter(splitter.rows, from, to);
  const node = addNode(nodes, weight);
  goal.answer(nodes.value, node * nodes.outputs);
  const { maxDepth, minSamplesSplit, minSamplesLeaf } = options;
  const isDeep = maxDepth > 0 && depth >= maxDepth;
  const isSmall = to - from < Math.max(2, minSamplesSplit, 2 * minSamplesLeaf);
  return { node, isOpen: !(isPure || isDeep || isSmall) };
}

/** @param leaf the node that the goal entered last */
function openNode(
  { goal, splitter, nodes, options }: Growing,
  leaf: Segment & { node: number; depth: number },
  open: OpenNode[],
): void {
  const split = splitter.seek(leaf);
  if (split === null) return;
  // Of the whole tree: what a subtree removes is measured by its weight.
  const decrease =
    (split.gain * goal.impurityPerScore) / nodes.cover[nodes.roots[nodes.roots.length - 1]];
  if (decrease + Number.EPSILON < options.minImpurityDecrease) return;
  nodes.gain[leaf.node] = decrease;
  open.push({ ...leaf, split });
}

function splitNode(growing: Growing, parent: OpenNode, open: OpenNode[]): void {
  const { goal, splitter, nodes } = growing;
  const { from, to, split } = parent;
  const depth = parent.depth + 1;
  const middle = splitter.part(parent, split);
  const left = createNode(growing, { from, to: middle }, depth);
  const right = createNode(growing, { from: middle, to }, depth);
  nodes.feature[parent.node] = split.column;
  nodes.threshold[parent.node] = split.threshold;
  nodes.missingLeft[parent.node] = split.missingLeft ? 1 : 0;
  nodes.left[parent.node] = left.node;
  nodes.right[parent.node] = right.node;
  if (!left.isOpen && !right.isOpen) return;
  splitter.prepareParts(parent);
  if (right.isOpen) openNode(growing, { from: middle, to, node: right.node, depth }, open);
  if (!left.isOpen) return;
  goal.enter(splitter.rows, from, middle);
  openNode(growing, { from, to: middle, node: left.node, depth }, open);
}

function takeMostGaining(open: OpenNode[]): OpenNode {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i].split.gain > open[best].split.gain) best = i;
  return open.splice(best, 1)[0];
}
