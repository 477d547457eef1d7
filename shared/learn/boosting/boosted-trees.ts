import type { Link } from '../link.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import type { BinnedColumns } from './bin-matrix.ts';
import { treeAt } from './binned-forest.ts';
import { type BinnedTree, LARGEST_FLOAT32 } from './binned-tree.ts';
import type { GradientBoostingState } from './gradient-boosting.ts';

/** The trees as comparisons of the matrix's columns with float32 thresholds. */
export function toTreesEstimator(
  { base, forest }: Pick<GradientBoostingState, 'base' | 'forest'>,
  binned: BinnedColumns,
  link: Link,
): TreesEstimator {
  const { nodes, trees } = forest;
  const outputs = base.length;
  const estimator = {
    type: 'trees' as const,
    roots: forest.roots.slice(0, trees),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    outputs,
    treeOutput: Int32Array.from({ length: trees }, (_, t) => t % outputs),
    value: forest.value.slice(0, nodes),
    base: base.slice(),
    link,
    cover: forest.cover.slice(0, nodes),
  };
  for (let t = 0; t < trees; t++) {
    const tree = treeAt(forest, t);
    for (let i = 0; i < tree.feature.length; i++)
      copySplit(estimator, { tree, i, root: forest.roots[t], binned });
  }
  return estimator;
}

type Source = { tree: BinnedTree; i: number; root: number; binned: BinnedColumns };

function copySplit(into: TreesEstimator, { tree, i, root, binned }: Source): void {
  const f = tree.feature[i];
  if (f < 0) return;
  const node = root + i;
  const bins = binned.matrix.features[f];
  const bin = tree.bin[i];
  into.left[node] = root + tree.left[i];
  into.right[node] = root + tree.right[i];
  into.missingLeft[node] = tree.missingLeft[i];
  into.feature[node] = binned.columns[f] + (bins.type === 'category' ? bin : 0);
  if (bins.type === 'category') into.threshold[node] = 0.5;
  else into.threshold[node] = bin < bins.thresholds.length ? bins.thresholds[bin] : LARGEST_FLOAT32;
}
