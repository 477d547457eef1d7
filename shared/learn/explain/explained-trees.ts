import { type Encoding, encodedWidth } from '../../prepare/encoding.ts';

/**
 * What explanations need of an ensemble of regression trees; a `TreeEnsemble` fits as it is. Trees
 * lie one after the other, children after their parents; x <= threshold goes left, a missing value
 * where `missingLeft` says; a leaf has feature -1. The prediction is base + one leaf per tree.
 */
export type ExplainedTrees = {
  base: number;
  roots: ArrayLike<number>;
  feature: Int32Array;
  threshold: Float32Array | Float64Array;
  left: Int32Array;
  right: Int32Array;
  missingLeft: Uint8Array;
  value: Float32Array | Float64Array;
};

/** Rows of encoded columns, row-major. */
export type EncodedRows = { data: Float32Array | Float64Array; rows: number; width: number };

/**
 * Who shares the credit: the player of each encoded column. Columns of one player (the levels of a
 * category) enter and leave together, so that its value is that of the raw input, exactly.
 */
export type Players = { count: number; ofColumn: Int32Array };

/** A player per column. */
export const columnPlayers = (width: number): Players => ({
  count: width,
  ofColumn: Int32Array.from({ length: width }, (_, column) => column),
});

/** A player per input, in the order of the encoding: numbers, then categories. */
export function inputPlayers(encoding: Encoding): Players {
  const { numbers, categories } = encoding;
  const ofColumn = new Int32Array(encodedWidth(encoding));
  numbers.forEach((_, at) => {
    ofColumn[at] = at;
  });
  let from = numbers.length;
  categories.forEach(({ levels }, i) => {
    ofColumn.fill(numbers.length + i, from, from + levels.length);
    from += levels.length;
  });
  return { count: numbers.length + categories.length, ofColumn };
}

/** The node after the last one of a tree. The roots may be of some of the trees: the next is no end. */
export function treeEnd({ roots, feature, left, right }: ExplainedTrees, tree: number): number {
  let end = roots[tree] + 1;
  for (let node = roots[tree]; node < end; node++)
    if (feature[node] >= 0) end = Math.max(end, left[node] + 1, right[node] + 1);
  return end;
}

export function followsLeft(trees: ExplainedTrees, node: number, x: number): boolean {
  return Number.isNaN(x) ? trees.missingLeft[node] === 1 : x <= trees.threshold[node];
}

/** How many of the rows reach each node. Cost: rows x trees x depth. */
export function countCover(
  trees: ExplainedTrees,
  { data, rows, width }: EncodedRows,
): Float64Array {
  const cover = new Float64Array(trees.feature.length);
  for (let row = 0; row < rows; row++)
    for (let tree = 0; tree < trees.roots.length; tree++) {
      let node = trees.roots[tree];
      cover[node]++;
      while (trees.feature[node] >= 0) {
        const isLeft = followsLeft(trees, node, data[row * width + trees.feature[node]]);
        node = isLeft ? trees.left[node] : trees.right[node];
        cover[node]++;
      }
    }
  return cover;
}

/** The share of a node's cover that its child has; a half where the node has none. */
export const shareOf = (cover: ArrayLike<number>, node: number, child: number): number =>
  cover[node] > 0 ? cover[child] / cover[node] : 0.5;

/** The mean prediction over the covers: what contributions are counted from. */
export function expectedValue(trees: ExplainedTrees, cover: ArrayLike<number>): number {
  const means = Float64Array.from(trees.value);
  for (let node = means.length - 1; node >= 0; node--) {
    if (trees.feature[node] < 0) continue;
    const [left, right] = [trees.left[node], trees.right[node]];
    const share = shareOf(cover, node, left);
    means[node] = share * means[left] + (1 - share) * means[right];
  }
  let sum = trees.base;
  for (let tree = 0; tree < trees.roots.length; tree++) sum += means[trees.roots[tree]];
  return sum;
}
