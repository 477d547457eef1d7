import { type KdTree, LEAF_ROWS } from './kd-tree.ts';

/** The nearest rows found, nearest first. */
export type NearestRows = {
  /** Squared Euclidean distance. */
  squared: Float64Array;
  /** Position in the order of the tree. */
  position: Int32Array;
  count: number;
};

/** A search in progress, used again for each query. */
export type NeighbourSearch = {
  tree: KdTree;
  query: Float64Array;
  /** By column: how far the query lies from the cell in hand, squared. */
  away: Float64Array;
  /** Position that is not a neighbour: the query itself, where it is one of the rows; else -1. */
  self: number;
  found: NearestRows;
};

export const createSearch = (tree: KdTree, neighbours: number): NeighbourSearch => ({
  tree,
  query: new Float64Array(tree.columns),
  away: new Float64Array(tree.columns),
  self: -1,
  found: {
    squared: new Float64Array(neighbours),
    position: new Int32Array(neighbours),
    count: 0,
  },
});

/**
 * The nearest rows of the one that begins at `at`; of equally near ones those given first. Cells
 * further than the worst so far are not entered (Arya and Mount 1993: the distance to a cell is kept
 * up column by column). Cost: about log rows in few columns, rows x columns in many.
 */
export function findNearest(search: NeighbourSearch, data: Float32Array, at: number): NearestRows {
  const { tree, query, away, found } = search;
  for (let j = 0; j < tree.columns; j++) query[j] = data[at + j];
  away.fill(0);
  found.count = 0;
  enterCell(search, { node: 0, from: 0, to: tree.count, distance: 0 });
  return found;
}

type Cell = { node: number; from: number; to: number; distance: number };

function enterCell(search: NeighbourSearch, { node, from, to, distance }: Cell): void {
  if (to - from <= LEAF_ROWS) {
    scanLeaf(search, from, to);
    return;
  }
  const { tree, query, away } = search;
  const column = tree.cutColumn[node];
  const middle = (from + to) >> 1;
  const beyond = query[column] - tree.cutValue[node];
  const left = { node: 2 * node + 1, from, to: middle, distance };
  const right = { node: 2 * node + 2, from: middle, to, distance };
  const [near, far] = beyond < 0 ? [left, right] : [right, left];
  enterCell(search, near);
  const before = away[column];
  far.distance = distance - before + beyond * beyond;
  if (far.distance > worstOf(search.found) * SURELY_MORE) return;
  away[column] = beyond * beyond;
  enterCell(search, far);
  away[column] = before;
}

/** The distance to a cell is a sum of differences: leaves room for its rounding. */
const SURELY_MORE = 1 + 1e-9;

const worstOf = ({ squared, count }: NearestRows): number =>
  count < squared.length ? Number.POSITIVE_INFINITY : squared[count - 1];

const CHUNK = 8;

function scanLeaf({ tree, query, self, found }: NeighbourSearch, from: number, to: number): void {
  const { rows, columns } = tree;
  let worst = worstOf(found);
  for (let i = from; i < to; i++) {
    const start = i * columns;
    let sum = 0;
    for (let j = 0; j < columns && sum <= worst; ) {
      const end = Math.min(j + CHUNK, columns);
      for (; j < end; j++) {
        const difference = query[j] - rows[start + j];
        sum += difference * difference;
      }
    }
    if (sum > worst || i === self) continue;
    insertRow(tree, found, { squared: sum, position: i });
    worst = worstOf(found);
  }
}

/** Keeps the list sorted by distance, then by the order in which rows were given. */
function insertRow(
  { given }: KdTree,
  found: NearestRows,
  row: { squared: number; position: number },
): void {
  const { squared, position } = found;
  const isFull = found.count === squared.length;
  let at = isFull ? found.count - 1 : found.count;
  const isAfter = (i: number) =>
    squared[i] > row.squared ||
    (squared[i] === row.squared && given[position[i]] > given[row.position]);
  if (isFull && !isAfter(at)) return;
  while (at > 0 && isAfter(at - 1)) {
    squared[at] = squared[at - 1];
    position[at] = position[at - 1];
    at--;
  }
  squared[at] = row.squared;
  position[at] = row.position;
  if (!isFull) found.count++;
}
