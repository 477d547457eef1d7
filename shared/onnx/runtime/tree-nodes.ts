import type { WalkedTrees } from '../../learn/boosting/tree-walk.ts';
import type { Attributes } from './attributes.ts';
import { invalid, unsupported } from './tensor.ts';

/** Nodes in the order of the file; leaves have feature -1. */
export type ReadTrees = Omit<WalkedTrees, 'value'> & {
  /** 1 + the greatest column read. */
  width: number;
  /** What leaves add: node, target or class, weight. */
  entries: { node: Int32Array; output: Float64Array; weight: Float32Array };
};

/** `x <= v` is what a walk asks; the others are that of a neighbouring value, or its contrary. */
const MODES: Record<string, { isBelow: boolean; isSwapped: boolean }> = {
  BRANCH_LEQ: { isBelow: false, isSwapped: false },
  BRANCH_LT: { isBelow: true, isSwapped: false },
  BRANCH_GT: { isBelow: false, isSwapped: true },
  BRANCH_GTE: { isBelow: true, isSwapped: true },
};
const LEAF = 'LEAF';

/** The nodes of a TreeEnsembleRegressor (`target`) or a TreeEnsembleClassifier (`class`). */
export function readTrees(
  attributes: Attributes,
  leaves: 'target' | 'class',
  operator: string,
): ReadTrees {
  const modes = attributes.strings('nodes_modes');
  for (const mode of new Set(modes))
    if (mode !== LEAF && !Object.hasOwn(MODES, mode))
      throw unsupported(`${operator}: nodes_modes ${mode} is not supported`);
  const n = modes.length;
  const numbersOf = (name: string) => sameLength(attributes.ints(name), { n, name, operator });
  const treeIds = numbersOf('nodes_treeids');
  const indexOf = indexNodes(treeIds, numbersOf('nodes_nodeids'), operator);
  const child = (ids: Float64Array) =>
    Int32Array.from(ids, (id, i) => (modes[i] === LEAF ? -1 : indexOf(treeIds[i], id)));
  const features = numbersOf('nodes_featureids');
  const feature = Int32Array.from(features, (id, i) => (modes[i] === LEAF ? -1 : id));
  if (feature.some((id, i) => id < 0 && modes[i] !== LEAF))
    throw invalid(`${operator}: a branch reads a negative column`);
  const values = attributes.floats('nodes_values');
  const missing = attributes.ints('nodes_missing_value_tracks_true');
  attributes.floats('nodes_hitrates');
  const trees = {
    feature,
    threshold: sameLength(values, { n, name: 'nodes_values', operator }),
    left: child(numbersOf('nodes_truenodeids')),
    right: child(numbersOf('nodes_falsenodeids')),
    missingLeft: Uint8Array.from({ length: n }, (_, i) => missing[i] ?? 0),
  };
  for (let i = 0; i < n; i++) if (modes[i] !== LEAF) toLessOrEqual(trees, i, MODES[modes[i]]);
  return {
    ...trees,
    roots: rootsOf(trees, operator),
    width: feature.reduce((widest, id) => Math.max(widest, id + 1), 0),
    entries: readEntries(attributes, { leaves, indexOf, operator }),
  };
}

type Branches = Pick<WalkedTrees, 'feature' | 'threshold' | 'left' | 'right' | 'missingLeft'>;

function toLessOrEqual(
  { threshold, left, right, missingLeft }: Branches,
  node: number,
  { isBelow, isSwapped }: (typeof MODES)[string],
): void {
  if (isBelow) threshold[node] = floatBelow(threshold[node]);
  if (!isSwapped) return;
  [left[node], right[node]] = [right[node], left[node]];
  missingLeft[node] = 1 - missingLeft[node];
}

const bits = new Int32Array(1);
const floatOf = new Float32Array(bits.buffer);

/** The next smaller float32: x < v is x <= that. */
function floatBelow(value: number): number {
  if (Number.isNaN(value) || value === Number.NEGATIVE_INFINITY) return value;
  floatOf[0] = value === 0 ? -0 : value;
  bits[0] += value > 0 ? -1 : 1;
  return floatOf[0];
}

type IndexOf = (tree: number, node: number) => number;

/** More nodes than a tree has here. */
const MOST_NODES = 2 ** 26;

function indexNodes(treeIds: Float64Array, nodeIds: Float64Array, operator: string): IndexOf {
  const missing = (tree: number, node: number) =>
    invalid(`${operator}: tree ${tree} has no node ${node}`);
  const starts = startsOf(treeIds, nodeIds);
  if (starts !== null)
    return (tree, node) => {
      const index = (starts.get(tree) ?? Number.NaN) + node;
      if (treeIds[index] === tree && nodeIds[index] === node) return index;
      throw missing(tree, node);
    };
  const indices = new Map<number, number>();
  for (let i = 0; i < treeIds.length; i++) indices.set(treeIds[i] * MOST_NODES + nodeIds[i], i);
  return (tree, node) => {
    const index = indices.get(tree * MOST_NODES + node);
    if (index === undefined) throw missing(tree, node);
    return index;
  };
}

/** Where each tree begins, if each stands together with its nodes numbered from 0; else null. */
function startsOf(treeIds: Float64Array, nodeIds: Float64Array): Map<number, number> | null {
  const starts = new Map<number, number>();
  for (let i = 0; i < treeIds.length; i++) {
    if (!starts.has(treeIds[i])) starts.set(treeIds[i], i);
    if (starts.get(treeIds[i])! + nodeIds[i] !== i) return null;
  }
  return starts;
}

/** Nodes that are no one's child; a node with two parents would let a walk go round for ever. */
function rootsOf({ left, right }: Branches, operator: string): Int32Array {
  const parents = new Uint8Array(left.length);
  for (const children of [left, right])
    for (const child of children)
      if (child >= 0 && ++parents[child] > 1) throw invalid(`${operator}: a node has two parents`);
  const roots: number[] = [];
  for (let node = 0; node < parents.length; node++) if (parents[node] === 0) roots.push(node);
  if (countReached(roots, left, right) !== left.length)
    throw invalid(`${operator}: nodes form a circle`);
  return Int32Array.from(roots);
}

function countReached(roots: number[], left: Int32Array, right: Int32Array): number {
  const open = [...roots];
  let reached = 0;
  while (open.length > 0) {
    const node = open.pop()!;
    reached++;
    if (left[node] >= 0) open.push(left[node], right[node]);
  }
  return reached;
}

function readEntries(
  attributes: Attributes,
  { leaves, indexOf, operator }: { leaves: string; indexOf: IndexOf; operator: string },
): ReadTrees['entries'] {
  const weight = attributes.floats(`${leaves}_weights`);
  const numbersOf = (name: string) =>
    sameLength(attributes.ints(name), { n: weight.length, name, operator });
  const treeIds = numbersOf(`${leaves}_treeids`);
  const nodeIds = numbersOf(`${leaves}_nodeids`);
  const output = numbersOf(`${leaves}_ids`);
  return { node: Int32Array.from(nodeIds, (id, i) => indexOf(treeIds[i], id)), output, weight };
}

function sameLength<T extends { length: number }>(
  values: T,
  { n, name, operator }: { n: number; name: string; operator: string },
): T {
  if (values.length === n) return values;
  throw invalid(`${operator}: ${name} has ${values.length} of ${n}`);
}
