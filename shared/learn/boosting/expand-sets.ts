import type { BinnedTree } from './binned-tree.ts';
import type { BinnedMatrix } from './binning.ts';

/**
 * A tree some of whose splits name several levels as one whose splits name one each: such a split
 * becomes a question per level, each with its own copy of what lies to the right.
 * @param sets by node, the levels that go right; null: one level, or a number
 * @param rows table rows that the tree was grown on, for its cover
 */
export function expandSets(
  tree: BinnedTree,
  sets: readonly (Uint8Array | null)[],
  { matrix, rows }: { matrix: BinnedMatrix; rows: Uint32Array },
): BinnedTree {
  const nodes = sizeOf(tree, sets, 0);
  const into: BinnedTree = {
    feature: new Int16Array(nodes).fill(-1),
    bin: new Uint8Array(nodes),
    missingLeft: new Uint8Array(nodes),
    left: new Int16Array(nodes),
    right: new Int16Array(nodes),
    value: new Float32Array(nodes),
    cover: new Float32Array(nodes),
  };
  writeNode({ tree, sets, into, next: 0 }, 0);
  countRows(into, matrix, rows);
  return into;
}

function sizeOf(tree: BinnedTree, sets: readonly (Uint8Array | null)[], node: number): number {
  if (tree.feature[node] < 0) return 1;
  const questions = sets[node]?.length ?? 1;
  const right = sizeOf(tree, sets, tree.right[node]);
  return questions * (1 + right) + sizeOf(tree, sets, tree.left[node]);
}

type Writing = {
  tree: BinnedTree;
  sets: readonly (Uint8Array | null)[];
  into: BinnedTree;
  next: number;
};

/** @returns the number of the first node written */
function writeNode(writing: Writing, node: number): number {
  const { tree, sets, into } = writing;
  const first = writing.next;
  if (tree.feature[node] < 0) {
    into.value[first] = tree.value[node];
    writing.next++;
    return first;
  }
  const levels = sets[node] ?? [tree.bin[node]];
  let last = -1;
  for (const level of levels) {
    const at = writing.next++;
    if (last >= 0) into.left[last] = at;
    into.feature[at] = tree.feature[node];
    into.bin[at] = level;
    into.missingLeft[at] = tree.missingLeft[node];
    into.right[at] = writeNode(writing, tree.right[node]);
    last = at;
  }
  into.left[last] = writeNode(writing, tree.left[node]);
  return first;
}

function countRows(tree: BinnedTree, matrix: BinnedMatrix, rows: Uint32Array): void {
  const { feature, bin, missingLeft, left, right, cover } = tree;
  for (const row of rows) {
    let node = 0;
    cover[0]++;
    while (feature[node] >= 0) {
      const bins = matrix.features[feature[node]];
      const code = matrix.codes[feature[node]][row];
      let isLeft = code <= bin[node];
      if (bins.type === 'category') isLeft = code !== bin[node];
      else if (code === bins.thresholds.length + 1) isLeft = missingLeft[node] === 1;
      node = isLeft ? left[node] : right[node];
      cover[node]++;
    }
  }
}
