import type { Link } from '../../link.ts';
import { LARGEST_FLOAT32 } from '../tree-goal.ts';
import { addNode, averageTrees, emptyNodes, type TreeNodes } from '../tree-nodes.ts';
import type { TreesEstimator } from '../trees-estimator.ts';
import { weightOf } from './leaf-evidence.ts';
import type { HoeffdingForest } from './start-hoeffding.ts';

/** The trees as they stand: leaves answer with shares of classes or the mean. */
export function toTrees({ layout, cuts, trees }: HoeffdingForest): TreesEstimator {
  const { isRegression, channels } = layout;
  const nodes = emptyNodes(isRegression || channels === 2 ? 1 : channels);
  for (const tree of trees) {
    nodes.roots.push(nodes.count);
    const base = nodes.count;
    tree.column.forEach((column, node) => {
      const leaf = tree.evidence[node];
      addNode(nodes, leaf === null ? 0 : weightOf(leaf.totals, isRegression));
      if (leaf !== null) writeAnswer(nodes, leaf.totals, isRegression);
      if (column < 0) return;
      nodes.feature[base + node] = column;
      nodes.threshold[base + node] = cuts[column][tree.bin[node]] ?? LARGEST_FLOAT32;
      nodes.missingLeft[base + node] = tree.missingLeft[node] ? 1 : 0;
      nodes.left[base + node] = base + tree.left[node];
      nodes.right[base + node] = base + tree.right[node];
    });
    for (let node = nodes.count - 1; node >= base; node--)
      if (nodes.feature[node] >= 0)
        nodes.cover[node] = nodes.cover[nodes.left[node]] + nodes.cover[nodes.right[node]];
  }
  const link: Link = !isRegression && channels === 2 ? 'pair' : 'identity';
  return averageTrees(nodes, link);
}

/** Of the node added last; a leaf that has seen nothing takes all classes for equally likely. */
function writeAnswer(nodes: TreeNodes, totals: Float64Array, isRegression: boolean): void {
  const at = (nodes.count - 1) * nodes.outputs;
  const weight = weightOf(totals, isRegression);
  if (isRegression) nodes.value[at] = weight > 0 ? totals[1] / weight : 0;
  else if (nodes.outputs === 1) nodes.value[at] = weight > 0 ? totals[1] / weight : 0.5;
  else
    for (let k = 0; k < nodes.outputs; k++)
      nodes.value[at + k] = weight > 0 ? totals[k] / weight : 1 / nodes.outputs;
}
