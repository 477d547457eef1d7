/**
 * Rows in a balanced k-d tree (Bentley 1975), without pointers: the node of rows [from, to) has the
 * children [from, middle) and [middle, to), middle the half of both, and is a leaf at LEAF_ROWS.
 */
export type KdTree = {
  /** Row-major [rows, columns], in the order of the tree. */
  rows: Float32Array;
  columns: number;
  count: number;
  /** The number that each row had when it was given. */
  given: Int32Array;
  /** By node, children of i at 2 i + 1 and 2 i + 2: the column it is cut at, and the first value right of it. */
  cutColumn: Int32Array;
  cutValue: Float32Array;
};

export const LEAF_ROWS = 24;

/**
 * Cuts the column of the widest range at its median. Missing values are not allowed.
 * Cost: rows x columns x log rows.
 */
export function buildKdTree(data: Float32Array, columns: number): KdTree {
  const count = columns === 0 ? 0 : data.length / columns;
  let nodes = 1;
  for (let rows = count; rows > LEAF_ROWS; rows = (rows + 1) >> 1) nodes = 2 * nodes + 1;
  const given = Int32Array.from({ length: count }, (_, row) => row);
  const tree: KdTree = {
    ...{ rows: data, columns, count, given },
    cutColumn: new Int32Array(nodes),
    cutValue: new Float32Array(nodes),
  };
  if (count > 0) cutNode(tree, 0, { from: 0, to: count });
  tree.rows = new Float32Array(data.length);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < columns; j++) tree.rows[i * columns + j] = data[given[i] * columns + j];
  return tree;
}

function cutNode(tree: KdTree, node: number, { from, to }: { from: number; to: number }): void {
  if (to - from <= LEAF_ROWS) {
    tree.given.subarray(from, to).sort();
    return;
  }
  const column = widestColumn(tree, from, to);
  const middle = (from + to) >> 1;
  selectMiddle(tree, { column, from, to, middle });
  tree.cutColumn[node] = column;
  tree.cutValue[node] = tree.rows[tree.given[middle] * tree.columns + column];
  cutNode(tree, 2 * node + 1, { from, to: middle });
  cutNode(tree, 2 * node + 2, { from: middle, to });
}

function widestColumn({ rows, columns, given }: KdTree, from: number, to: number): number {
  let widest = 0;
  let greatest = -1;
  for (let column = 0; column < columns; column++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const value = rows[given[i] * columns + column];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > greatest) {
      greatest = high - low;
      widest = column;
    }
  }
  return widest;
}

/** Orders rows so that none before `middle` has a greater value than any from there on (Hoare 1961). */
function selectMiddle(
  { rows, columns, given }: KdTree,
  { column, from, to, middle }: { column: number; from: number; to: number; middle: number },
): void {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const pivot = rows[given[(low + high) >> 1] * columns + column];
    let i = low;
    let j = high;
    while (i <= j) {
      while (rows[given[i] * columns + column] < pivot) i++;
      while (rows[given[j] * columns + column] > pivot) j--;
      if (i > j) break;
      const row = given[i];
      given[i++] = given[j];
      given[j--] = row;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else return;
  }
}
