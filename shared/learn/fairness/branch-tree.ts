import { addNode, emptyNodes, finishNodes, type TreeNodes } from '../trees/tree-nodes.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';

/** A tree as it is thought of: at a branch x <= threshold goes low, all else, NaN too, high. */
export type Branch = number | { column: number; threshold: number; low: Branch; high: Branch };

/** The tree as an estimator of two classes whose answer is the probability of the second. */
export function branchEstimator(root: Branch): TreesEstimator {
  const nodes = emptyNodes(1);
  nodes.roots.push(0);
  write(nodes, root, addNode(nodes, 1));
  return finishNodes(nodes, { factor: 1, link: 'pair' });
}

function write(nodes: TreeNodes, branch: Branch, node: number): void {
  if (typeof branch === 'number') {
    nodes.value[node] = branch;
    return;
  }
  const low = addNode(nodes, 1);
  const high = addNode(nodes, 1);
  nodes.feature[node] = branch.column;
  nodes.threshold[node] = floatAtMost(branch.threshold);
  nodes.left[node] = low;
  nodes.right[node] = high;
  write(nodes, branch.low, low);
  write(nodes, branch.high, high);
}

/** The greatest float32 up to the number: one that lies between two float32 still parts them. */
function floatAtMost(value: number): number {
  const float = Float32Array.of(value);
  if (float[0] <= value) return float[0];
  const bits = new Int32Array(float.buffer);
  if (float[0] > 0) bits[0]--;
  else bits[0]++;
  return float[0];
}
