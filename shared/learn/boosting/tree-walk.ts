import type { LeafMasks } from './leaf-masks.ts';

/** Trees in flat arrays: x <= threshold goes left, a missing value where `missingLeft` says. */
export type WalkedTrees = {
  roots: Int32Array;
  /** -1 in leaves. */
  feature: Int32Array;
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
  missingLeft: Uint8Array;
  value: Float32Array;
};

/** Trees laid out to be walked without a branch on the data. */
export type TreeWalk = {
  /** Columns that the trees read: the features are below it. */
  width: number;
  roots: Int32Array;
  /**
   * Four entries a node: column of the keys, key of the threshold, where the left child is, and the
   * number of a leaf among the nodes given.
   */
  nodes: Int32Array;
  /** A leaf's value where its node is. */
  values: Float32Array;
  /** Room for the keys of a block of rows. */
  keys: Int32Array;
  /** Rows that were asked for many at a time. @see sumLeaves */
  rowsInBulk: number;
  /** The same trees for many rows; null: these walk, too. */
  masks?: LeafMasks | null;
};

export const BLOCK_ROWS = 256;
export const NODE_ENTRIES = 4;
export const LARGEST_KEY = 0x7fffffff;
export const SMALLEST_KEY = -0x80000000;

/**
 * Numbers are compared as keys: int32 in the order of the float32 (sign and magnitude turned into two's
 * complement), because the outcome of an integer comparison is added to an address and needs no
 * branch. A row has its keys twice, missing as the largest and as the smallest: a node reads those that
 * send missing where it wants it. Siblings are neighbours; a leaf leads to itself.
 * @param width at least 1 + the greatest feature
 */
export function planWalk(trees: WalkedTrees, width: number): TreeWalk {
  const size = NODE_ENTRIES * trees.feature.length;
  const keys = new Int32Array(BLOCK_ROWS * 2 * width);
  const walk: TreeWalk = {
    ...{ width, keys, roots: new Int32Array(trees.roots.length), rowsInBulk: 0 },
    nodes: new Int32Array(size),
    values: new Float32Array(size),
  };
  const thresholdKeys = new Int32Array(Float32Array.from(trees.threshold, (t) => t + 0).buffer);
  // Breadth first: the node at position i of the queue stands i nodes after the root.
  const queue = new Int32Array(trees.feature.length);
  let first = 0;
  for (let tree = 0; tree < trees.roots.length; tree++) {
    walk.roots[tree] = first * NODE_ENTRIES;
    queue[first] = trees.roots[tree];
    let end = first + 1;
    for (let i = first; i < end; i++) {
      const node = queue[i];
      const at = i * NODE_ENTRIES;
      const isLeaf = trees.feature[node] < 0;
      walk.nodes[at + 1] = isLeaf ? LARGEST_KEY : keyOf(thresholdKeys[node]);
      walk.nodes[at + 2] = isLeaf ? at : end * NODE_ENTRIES;
      if (isLeaf) {
        walk.nodes[at + 3] = node;
        walk.values[at] = trees.value[node];
      } else {
        walk.nodes[at] = trees.feature[node] + (trees.missingLeft[node] === 1 ? width : 0);
        queue[end++] = trees.left[node];
        queue[end++] = trees.right[node];
      }
    }
    first = end;
  }
  // The trees given may be some of those whose nodes are given.
  const used = first * NODE_ENTRIES;
  if (used === size) return walk;
  return { ...walk, nodes: walk.nodes.slice(0, used), values: walk.values.slice(0, used) };
}

/** Bits of a float32 as an integer in the same order, and back. A -0 comes just below 0. */
export const keyOf = (bits: number): number => bits ^ ((bits >> 31) & LARGEST_KEY);

/** @see sumLeaves */
export function sumByWalking(
  walk: TreeWalk,
  rows: { data: Float32Array; stride: number },
  into: Float32Array,
): void {
  into.fill(0);
  for (let from = 0; from < into.length; from += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, into.length - from);
    fillKeys(walk, rows, { from, count });
    const sums = into.subarray(from, from + count);
    walkFours(walk, sums);
    walkRest(walk, sums);
  }
}

/** Keys of a block of at most BLOCK_ROWS rows. */
export function fillKeys(
  { width, keys }: TreeWalk,
  { data, stride }: { data: Float32Array; stride: number },
  { from, count }: { from: number; count: number },
): void {
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < count; i++) {
    const row = (from + i) * stride;
    const at = i * 2 * width;
    for (let column = 0; column < width; column++) {
      const isMissing = Number.isNaN(data[row + column]);
      const key = keyOf(bits[row + column]);
      keys[at + column] = isMissing ? LARGEST_KEY : key;
      keys[at + width + column] = isMissing ? SMALLEST_KEY : key;
    }
  }
}

/** 1 for true: compiled to a comparison's flag, without a branch. */
export const bit = (isTrue: boolean): number => (isTrue as unknown as number) | 0;

/** Four rows at once: while one waits for memory the others go on. */
function walkFours({ width, roots, nodes, values, keys }: TreeWalk, sums: Float32Array): void {
  const fours = sums.length - (sums.length % 4);
  const stride = 2 * width;
  for (let tree = 0; tree < roots.length; tree++)
    for (let i = 0; i < fours; i += 4) {
      const k0 = i * stride;
      const k1 = k0 + stride;
      const k2 = k1 + stride;
      const k3 = k2 + stride;
      let a = roots[tree];
      let b = a;
      let c = a;
      let d = a;
      for (;;) {
        const a1 = (nodes[a + 2] + (bit(nodes[a + 1] < keys[k0 + nodes[a]]) << 2)) | 0;
        const b1 = (nodes[b + 2] + (bit(nodes[b + 1] < keys[k1 + nodes[b]]) << 2)) | 0;
        const c1 = (nodes[c + 2] + (bit(nodes[c + 1] < keys[k2 + nodes[c]]) << 2)) | 0;
        const d1 = (nodes[d + 2] + (bit(nodes[d + 1] < keys[k3 + nodes[d]]) << 2)) | 0;
        if (((a1 ^ a) | (b1 ^ b) | (c1 ^ c) | (d1 ^ d)) === 0) break;
        a = a1;
        b = b1;
        c = c1;
        d = d1;
      }
      sums[i] += values[a];
      sums[i + 1] += values[b];
      sums[i + 2] += values[c];
      sums[i + 3] += values[d];
    }
}

/**
 * The number of the leaf that each row of the block in `keys` reaches in a tree.
 * @param into one entry a row, at most BLOCK_ROWS
 */
export function findLeaves(walk: TreeWalk, tree: number, into: Int32Array): void {
  const { width, roots, nodes, keys } = walk;
  const stride = 2 * width;
  for (let i = 0; i < into.length; i += 2) {
    const k0 = i * stride;
    const k1 = Math.min(i + 1, into.length - 1) * stride;
    let a = roots[tree];
    let b = a;
    for (;;) {
      const a1 = (nodes[a + 2] + (bit(nodes[a + 1] < keys[k0 + nodes[a]]) << 2)) | 0;
      const b1 = (nodes[b + 2] + (bit(nodes[b + 1] < keys[k1 + nodes[b]]) << 2)) | 0;
      if (((a1 ^ a) | (b1 ^ b)) === 0) break;
      a = a1;
      b = b1;
    }
    into[i] = nodes[a + 3];
    if (i + 1 < into.length) into[i + 1] = nodes[b + 3];
  }
}

function walkRest({ width, roots, nodes, values, keys }: TreeWalk, sums: Float32Array): void {
  for (let i = sums.length - (sums.length % 4); i < sums.length; i++) {
    const start = i * 2 * width;
    for (let tree = 0; tree < roots.length; tree++) {
      let at = -1;
      let next = roots[tree];
      while (next !== at) {
        at = next;
        next = (nodes[at + 2] + (bit(nodes[at + 1] < keys[start + nodes[at]]) << 2)) | 0;
      }
      sums[i] += values[at];
    }
  }
}
