import {
  LEAVES,
  type LeafMasks,
  type MaskPart,
  type RankedColumn,
  ROWS_AT_ONCE,
  TREES_AT_ONCE,
} from './leaf-masks.ts';
import { LARGEST_KEY, NODE_ENTRIES, type TreeWalk } from './tree-walk.ts';

/** Thresholds of a part: four trees' masks then stay in the processor's nearest cache. */
const MOST_THRESHOLDS = 1536;
/** Places of columns that share a group. */
const MOST_SHARED_PLACES = 128;
/** Groups of columns: beyond these a walk is faster. */
const MOST_GROUPS = 16;

/** Null where a tree has more leaves than bits, or walking is faster. */
export function planLeafMasks(walk: TreeWalk): LeafMasks | null {
  const trees = walk.roots.length;
  const parts: MaskPart[] = [];
  let groups = 0;
  for (let first = 0; first < trees; ) {
    const thresholds: Thresholds = new Map();
    let count = 0;
    let end = first;
    while (end < trees && (count < MOST_THRESHOLDS || (end - first) % TREES_AT_ONCE > 0)) {
      if (treeEnd(walk, end) - walk.roots[end] > (2 * LEAVES - 1) * NODE_ENTRIES) return null;
      count += addThresholds(walk, end++, thresholds);
    }
    const part = emptyPart(thresholds, end - first);
    groups = Math.max(groups, part.starts.length);
    if (groups > MOST_GROUPS) return null;
    for (let tree = first; tree < end; tree++) tabulate(walk, tree, { part, at: tree - first });
    parts.push(part);
    first = end;
  }
  return { parts, places: new Int32Array(ROWS_AT_ONCE * groups) };
}

/** By column, the keys that its values are compared with. */
type Thresholds = Map<number, Set<number>>;

const treeEnd = ({ roots, nodes }: TreeWalk, tree: number): number =>
  tree + 1 < roots.length ? roots[tree + 1] : nodes.length;

/** How many were not there. */
function addThresholds(walk: TreeWalk, tree: number, thresholds: Thresholds): number {
  const { roots, nodes, width } = walk;
  let added = 0;
  for (let at = roots[tree]; at < treeEnd(walk, tree); at += NODE_ENTRIES) {
    if (nodes[at + 2] === at) continue;
    const column = nodes[at] % width;
    const keys = thresholds.get(column) ?? new Set();
    const before = keys.size;
    thresholds.set(column, keys.add(nodes[at + 1]));
    added += keys.size - before;
  }
  return added;
}

function emptyPart(thresholds: Thresholds, trees: number): MaskPart {
  const columns: RankedColumn[] = [];
  const starts = [0];
  let places = 1;
  for (const [column, keys] of [...thresholds].sort(([, a], [, b]) => a.size - b.size)) {
    const ranks = keys.size + 2;
    if (places > 1 && places * ranks > MOST_SHARED_PLACES) {
      starts.push(starts[starts.length - 1] + places * TREES_AT_ONCE);
      places = 1;
    }
    columns.push({
      ...{ column, group: starts.length - 1, step: places * TREES_AT_ONCE },
      ...{ keys: paddedKeys(keys), missing: ranks - 1 },
    });
    places *= ranks;
  }
  const size = starts[starts.length - 1] + places * TREES_AT_ONCE;
  const fours = Math.ceil(trees / TREES_AT_ONCE);
  return {
    ...{ columns, starts: Int32Array.from(starts), size },
    masks: new Int32Array(fours * size).fill(-1),
    values: new Float32Array(fours * TREES_AT_ONCE * LEAVES),
  };
}

/** Ascending, and filled up to one less than a power of two with what no key exceeds. */
function paddedKeys(keys: Set<number>): Int32Array {
  const padded = new Int32Array(2 ** Math.ceil(Math.log2(keys.size + 1)) - 1).fill(LARGEST_KEY);
  padded.set([...keys].sort((a, b) => a - b));
  return padded;
}

/** Writes the masks and values of one tree, the part's tree `at`. */
function tabulate(
  walk: TreeWalk,
  tree: number,
  { part, at }: { part: MaskPart; at: number },
): void {
  const { columns, starts, size, masks, values } = part;
  const lane = Math.floor(at / TREES_AT_ONCE) * size + (at % TREES_AT_ONCE);
  const byRank = columns.map(({ missing }) => new Int32Array(missing + 1).fill(-1));
  ruleOut(walk, tree, {
    ...{ columns, byRank, values: values.subarray(at * LEAVES, (at + 1) * LEAVES) },
  });
  columns.forEach(({ group, step, missing }, i) => {
    const left = byRank[i];
    for (let rank = 1; rank < missing; rank++) left[rank] &= left[rank - 1];
    const end = lane + (starts[group + 1] ?? size);
    let place = lane + starts[group];
    while (place < end)
      for (let rank = 0; rank <= missing; rank++)
        for (const next = place + step; place < next; place += TREES_AT_ONCE)
          masks[place] &= left[rank];
  });
}

type TreeMasks = { columns: RankedColumn[]; byRank: Int32Array[]; values: Float32Array };

/** Puts what each node rules out at the first rank above its threshold, and at missing's. */
function ruleOut(walk: TreeWalk, tree: number, { columns, byRank, values }: TreeMasks): void {
  const root = walk.roots[tree];
  const nodes = walk.nodes.subarray(root, treeEnd(walk, tree));
  const leaves = countLeaves(nodes, root);
  const first = new Int32Array(nodes.length);
  for (let at = 0; at < nodes.length; at += NODE_ENTRIES) {
    const left = nodes[at + 2] - root;
    if (left === at) {
      values[first[at]] = walk.values[root + at];
      continue;
    }
    const right = left + NODE_ENTRIES;
    first[left] = first[at];
    first[right] = first[at] + leaves[left];
    const kept = ~(((1 << leaves[left]) - 1) << (LEAVES - first[right]));
    const i = columns.findIndex(({ column }) => column === nodes[at] % walk.width);
    byRank[i][columns[i].keys.indexOf(nodes[at + 1]) + 1] &= kept;
    if (nodes[at] < walk.width) byRank[i][columns[i].missing] &= kept;
  }
}

/** Below each node; children come after their parents. */
function countLeaves(nodes: Int32Array, root: number): Int32Array {
  const leaves = new Int32Array(nodes.length);
  for (let at = nodes.length - NODE_ENTRIES; at >= 0; at -= NODE_ENTRIES) {
    const left = nodes[at + 2] - root;
    leaves[at] = left === at ? 1 : leaves[left] + leaves[left + NODE_ENTRIES];
  }
  return leaves;
}
