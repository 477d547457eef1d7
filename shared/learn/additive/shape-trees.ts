import type { BinnedColumns } from '../boosting/bin-matrix.ts';
import { LARGEST_FLOAT32 } from '../boosting/binned-tree.ts';
import type { Term } from './terms.ts';

/** Nodes of trees in the making, children after their parents. */
export type TreeNodes = {
  roots: number[];
  feature: number[];
  threshold: number[];
  left: number[];
  right: number[];
  value: number[];
};

/** One feature of a term: the columns and cuts that tell its positions apart. */
type Axis = {
  size: number;
  /** First column of the matrix. */
  column: number;
  /** Of a number: the upper end of each position; position 0 is that of missing values. */
  uppers: number[] | null;
  /** Of a category: the position of each level, then that of none. */
  positionOfBin: Uint8Array;
};

/**
 * Writes the term as trees that look at nothing else. A number is searched for by halves, missing
 * values asked for first; a category alone is a tree of two leaves per level.
 * @returns what is to be added for every row
 */
export function writeTerm(nodes: TreeNodes, term: Term, binned: BinnedColumns): number {
  const axes = term.features.map((feature, i) => axisOf(term, i, feature, binned));
  if (axes.length === 1 && axes[0].uppers === null) return writeLevels(nodes, term, axes[0]);
  const root = nodes.feature.length;
  nodes.roots.push(root);
  writeAxis(nodes, axes, term.values);
  return 0;
}

function axisOf(term: Term, i: number, feature: number, { matrix, columns }: BinnedColumns): Axis {
  const bins = matrix.features[feature];
  const positionOfBin = term.positionOfBin[i];
  const axis = { size: term.sizes[i], column: columns[feature], positionOfBin };
  if (bins.type === 'category') return { ...axis, uppers: null };
  const uppers = new Array<number>(axis.size).fill(LARGEST_FLOAT32);
  bins.thresholds.forEach((threshold, bin) => {
    uppers[positionOfBin[bin]] = threshold;
  });
  return { ...axis, uppers };
}

function writeLevels(nodes: TreeNodes, { values }: Term, axis: Axis): number {
  const levels = axis.positionOfBin.length - 1;
  const other = values[axis.positionOfBin[levels]];
  for (let level = 0; level < levels; level++) {
    const value = values[axis.positionOfBin[level]] - other;
    if (value === 0) continue;
    const root = addNode(nodes, { feature: axis.column + level, threshold: 0.5 });
    nodes.roots.push(root);
    nodes.left[root] = addLeaf(nodes, 0);
    nodes.right[root] = addLeaf(nodes, value);
  }
  return other;
}

/** @returns the number of the first node written */
function writeAxis(nodes: TreeNodes, [axis, ...rest]: Axis[], values: Float64Array): number {
  if (axis === undefined) return addLeaf(nodes, values[0]);
  const stride = values.length / axis.size;
  const at = (position: number) => values.subarray(position * stride, (position + 1) * stride);
  const write = (position: number) => writeAxis(nodes, rest, at(position));
  if (axis.uppers === null) return writeChain(nodes, axis, write);
  const segments = segmentsOf(axis.size, at);
  const root = addNode(nodes, { feature: axis.column, threshold: LARGEST_FLOAT32 });
  nodes.left[root] = writeSearch(nodes, { axis, uppers: axis.uppers, segments, write });
  nodes.right[root] = write(0);
  return root;
}

/** Last positions of runs of positions that answer the same, from position 1 on. */
function segmentsOf(size: number, at: (position: number) => Float64Array): number[] {
  const ends: number[] = [];
  for (let position = 1; position < size; position++) {
    const next = position + 1 < size ? at(position + 1) : null;
    if (next === null || at(position).some((value, i) => value !== next[i])) ends.push(position);
  }
  return ends;
}

type Search = {
  axis: Axis;
  uppers: number[];
  segments: number[];
  write: (position: number) => number;
};

function writeSearch(nodes: TreeNodes, search: Search): number {
  const { axis, uppers, segments, write } = search;
  if (segments.length === 0) return addLeaf(nodes, 0);
  if (segments.length === 1) return write(segments[0]);
  const middle = segments.length >> 1;
  const threshold = uppers[segments[middle - 1]];
  const node = addNode(nodes, { feature: axis.column, threshold });
  nodes.left[node] = writeSearch(nodes, { ...search, segments: segments.slice(0, middle) });
  nodes.right[node] = writeSearch(nodes, { ...search, segments: segments.slice(middle) });
  return node;
}

/** Asks for one level after the other. */
function writeChain(nodes: TreeNodes, axis: Axis, write: (position: number) => number): number {
  const levels = axis.positionOfBin.length - 1;
  let first = -1;
  let before = -1;
  for (let level = 0; level < levels; level++) {
    const node = addNode(nodes, { feature: axis.column + level, threshold: 0.5 });
    if (before >= 0) nodes.left[before] = node;
    else first = node;
    nodes.right[node] = write(axis.positionOfBin[level]);
    before = node;
  }
  const last = write(axis.positionOfBin[levels]);
  if (before < 0) return last;
  nodes.left[before] = last;
  return first;
}

function addNode(nodes: TreeNodes, split: { feature: number; threshold: number }): number {
  nodes.threshold.push(split.threshold);
  nodes.left.push(0);
  nodes.right.push(0);
  nodes.value.push(0);
  return nodes.feature.push(split.feature) - 1;
}

function addLeaf(nodes: TreeNodes, value: number): number {
  const leaf = addNode(nodes, { feature: -1, threshold: 0 });
  nodes.value[leaf] = value;
  return leaf;
}
