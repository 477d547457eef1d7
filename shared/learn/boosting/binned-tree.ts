import type { Encoding } from '../../prepare/encoding.ts';
import { type BinnedForest, treeAt } from './binned-forest.ts';
import type { BinnedMatrix } from './binning.ts';
import type { Split } from './splitting.ts';
import type { TreeEnsemble } from './tree-ensemble.ts';

/**
 * One tree over bins, children after their parents. An inner node's `split` bin parts it as `Split`
 * says; a leaf has feature -1 and a float32 value.
 */
export type BinnedTree = {
  feature: Int16Array;
  bin: Uint8Array;
  missingLeft: Uint8Array;
  left: Int16Array;
  right: Int16Array;
  value: Float32Array;
  /** Weight of the rows grown on, by node. */
  cover: Float32Array;
};

/** Threshold behind the last bin: every number is below it, only missing values go right. */
export const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** Does a bin of this feature go left? */
export function goesLeft(
  matrix: BinnedMatrix,
  split: Pick<Split, 'feature' | 'bin' | 'missingLeft'> & { levels?: Split['levels'] },
  bin: number,
): boolean {
  const bins = matrix.features[split.feature];
  if (bins.type === 'category')
    return split.levels ? !split.levels.includes(bin) : bin !== split.bin;
  const isMissing = bin === bins.thresholds.length + 1;
  return isMissing ? split.missingLeft : bin <= split.bin;
}

/** Adds the tree's leaf values to the scores of the rows in `order`, in float32. */
export function addTreeScores(
  matrix: BinnedMatrix,
  tree: BinnedTree,
  { order, scores }: { order: Uint32Array; scores: Float32Array },
): void {
  const { feature, bin, missingLeft, left, right, value } = tree;
  const isCategory = matrix.features.map((bins) => bins.type === 'category');
  const missingBin = matrix.features.map((bins) =>
    bins.type === 'number' ? bins.thresholds.length + 1 : -1,
  );
  for (const row of order) {
    let node = 0;
    while (feature[node] >= 0) {
      const f = feature[node];
      const code = matrix.codes[f][row];
      let isLeft = code <= bin[node];
      if (isCategory[f]) isLeft = code !== bin[node];
      else if (code === missingBin[f]) isLeft = missingLeft[node] === 1;
      node = isLeft ? left[node] : right[node];
    }
    scores[row] += value[node];
  }
}

/** The trees as comparisons of encoded columns with float32 thresholds. */
export function toTreeEnsemble(
  forest: BinnedForest,
  context: { matrix: BinnedMatrix; encoding: Encoding; base: number },
): TreeEnsemble {
  const { nodes, trees } = forest;
  const ensemble: TreeEnsemble = {
    type: 'hist-gradient-boosting',
    encoding: context.encoding,
    base: context.base,
    roots: forest.roots.slice(0, trees),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    value: new Float32Array(nodes),
  };
  const columns = firstColumns(context.encoding);
  for (let t = 0; t < trees; t++) {
    const source = { tree: treeAt(forest, t), root: forest.roots[t], columns };
    for (let i = 0; i < source.tree.feature.length; i++)
      copyNode(ensemble, { ...source, i, features: context.matrix.features });
  }
  return ensemble;
}

/** First encoded column of each feature: numbers one each, then the blocks of the categories. */
function firstColumns({ numbers, categories }: Encoding): number[] {
  const columns = numbers.map((_, i) => i);
  let next = numbers.length;
  for (const { levels } of categories) {
    columns.push(next);
    next += levels.length;
  }
  return columns;
}

type NodeSource = {
  tree: BinnedTree;
  /** The node within its tree, and the tree's root within the ensemble. */
  i: number;
  root: number;
  columns: number[];
  features: BinnedMatrix['features'];
};

function copyNode(into: TreeEnsemble, { tree, i, root, columns, features }: NodeSource): void {
  const node = root + i;
  const f = tree.feature[i];
  into.value[node] = tree.value[i];
  if (f < 0) return;
  const bins = features[f];
  into.left[node] = root + tree.left[i];
  into.right[node] = root + tree.right[i];
  into.missingLeft[node] = tree.missingLeft[i];
  if (bins.type === 'category') {
    into.feature[node] = columns[f] + tree.bin[i];
    into.threshold[node] = 0.5;
  } else {
    const isLast = tree.bin[i] >= bins.thresholds.length;
    into.feature[node] = columns[f];
    into.threshold[node] = isLast ? LARGEST_FLOAT32 : bins.thresholds[tree.bin[i]];
  }
}
