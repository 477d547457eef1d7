import { addNode, type TreeNodes } from './tree-nodes.ts';

/** A function of one column that is constant between cuts. */
export type StepFunction = {
  column: number;
  /** Ascending; step i is cuts[i - 1] < x <= cuts[i]. */
  cuts: Float32Array;
  /** Row-major [cuts + 1, outputs]. */
  values: Float64Array;
  /** Rows in each step; missing values go with the fullest half at each node. */
  counts: Float64Array;
};

/** Appends a balanced tree that answers with the step of a row's value. */
export function addStepTree(nodes: TreeNodes, steps: StepFunction): void {
  nodes.roots.push(nodes.count);
  const root = addNode(nodes, countIn(steps, 0, steps.counts.length));
  splitSteps(nodes, steps, { node: root, from: 0, to: steps.counts.length });
}

/** Steps `from` to before `to` below a node. */
function splitSteps(
  nodes: TreeNodes,
  steps: StepFunction,
  { node, from, to }: { node: number; from: number; to: number },
): void {
  const { outputs } = nodes;
  if (to - from === 1) {
    for (let k = 0; k < outputs; k++)
      nodes.value[node * outputs + k] = steps.values[from * outputs + k];
    return;
  }
  const middle = (from + to) >> 1;
  const left = addNode(nodes, countIn(steps, from, middle));
  const right = addNode(nodes, countIn(steps, middle, to));
  nodes.feature[node] = steps.column;
  nodes.threshold[node] = steps.cuts[middle - 1];
  nodes.left[node] = left;
  nodes.right[node] = right;
  nodes.missingLeft[node] = nodes.cover[left] >= nodes.cover[right] ? 1 : 0;
  splitSteps(nodes, steps, { node: left, from, to: middle });
  splitSteps(nodes, steps, { node: right, from: middle, to });
}

function countIn({ counts }: StepFunction, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += counts[i];
  return sum;
}
