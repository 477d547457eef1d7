import type { TreesEstimator } from '../../learn/trees/trees-estimator.ts';
import {
  type Attribute,
  floatsAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
  stringsAttribute,
} from '../graph.ts';
import type { Columns, GraphWriter } from './graph-writer.ts';

/** What of the trees is summed: all but the link and what explanations need. */
export type SummedTrees = Omit<TreesEstimator, 'type' | 'link' | 'cover'>;

/** base + the sum of a leaf per tree: [N, outputs] */
export function treeNodes(writer: GraphWriter, trees: SummedTrees, { tensor }: Columns): Columns {
  const attributes = [
    intAttribute('n_targets', trees.outputs),
    stringAttribute('aggregate_function', 'SUM'),
    stringAttribute('post_transform', 'NONE'),
    floatsAttribute('base_values', trees.base),
    ...treeAttributes(trees, 'target'),
  ];
  const node = { opType: 'TreeEnsembleRegressor', inputs: [tensor], attributes, isMl: true };
  return { tensor: writer.add(node), width: trees.outputs };
}

/** The trees as attributes of a TreeEnsembleRegressor (`target`) or TreeEnsembleClassifier (`class`). */
export function treeAttributes(trees: SummedTrees, leaves: 'target' | 'class'): Attribute[] {
  const numbered = numberNodes(trees.roots.length > 0 ? trees : oneEmptyLeaf(trees));
  return [...nodeAttributes(numbered), ...leafAttributes(numbered, leaves)];
}

/** The operator wants a tree. */
const oneEmptyLeaf = ({ outputs, base }: SummedTrees): SummedTrees => ({
  ...{ outputs, base },
  roots: new Int32Array(1),
  feature: new Int32Array(1).fill(-1),
  threshold: new Float32Array(1),
  left: new Int32Array(1),
  right: new Int32Array(1),
  missingLeft: new Uint8Array(1),
  treeOutput: null,
  value: new Float32Array(outputs),
});

/** The trees with the numbers that ONNX gives their nodes, which start from 0 in each tree. */
type NumberedTrees = {
  trees: SummedTrees;
  /** Nodes tree by tree, each tree's root first. */
  order: Int32Array;
  /** By node: its tree, and its number there. */
  tree: Int32Array;
  number: Int32Array;
};

function numberNodes(trees: SummedTrees): NumberedTrees {
  const { roots, feature, left, right } = trees;
  const order = new Int32Array(feature.length);
  const tree = new Int32Array(feature.length);
  const number = new Int32Array(feature.length);
  let end = 0;
  for (let t = 0; t < roots.length; t++) {
    const first = end;
    order[end++] = roots[t];
    for (let i = first; i < end; i++) {
      const node = order[i];
      tree[node] = t;
      number[node] = i - first;
      if (feature[node] < 0) continue;
      order[end++] = left[node];
      order[end++] = right[node];
    }
  }
  return { trees, order: order.subarray(0, end), tree, number };
}

function nodeAttributes({ trees, order, tree, number }: NumberedTrees): Attribute[] {
  const { feature, threshold, left, right, missingLeft } = trees;
  const isLeaf = (node: number) => feature[node] < 0;
  const ofAll = (of: (node: number) => number) => Float64Array.from(order, of);
  const ofInner = (of: (node: number) => number) => ofAll((node) => (isLeaf(node) ? 0 : of(node)));
  return [
    intsAttribute(
      'nodes_treeids',
      ofAll((node) => tree[node]),
    ),
    intsAttribute(
      'nodes_nodeids',
      ofAll((node) => number[node]),
    ),
    stringsAttribute(
      'nodes_modes',
      Array.from(order, (node) => (isLeaf(node) ? 'LEAF' : 'BRANCH_LEQ')),
    ),
    intsAttribute(
      'nodes_featureids',
      ofInner((node) => feature[node]),
    ),
    floatsAttribute(
      'nodes_values',
      ofInner((node) => threshold[node]),
    ),
    intsAttribute(
      'nodes_truenodeids',
      ofInner((node) => number[left[node]]),
    ),
    intsAttribute(
      'nodes_falsenodeids',
      ofInner((node) => number[right[node]]),
    ),
    // Absent: a missing value goes right everywhere.
    ...(order.some((node) => missingLeft[node] === 1)
      ? [
          intsAttribute(
            'nodes_missing_value_tracks_true',
            ofInner((node) => missingLeft[node]),
          ),
        ]
      : []),
  ];
}

/** One entry per leaf and output that it adds to; a leaf's zeros are left out but for one. */
function leafAttributes(
  { trees, order, tree, number }: NumberedTrees,
  leaves: 'target' | 'class',
): Attribute[] {
  const { feature, value, outputs, treeOutput } = trees;
  const nodes: number[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  const push = (node: number, target: number, weight: number) => {
    nodes.push(node);
    targets.push(target);
    weights.push(weight);
  };
  for (const node of order) {
    if (feature[node] >= 0) continue;
    const before = nodes.length;
    if (treeOutput !== null) push(node, treeOutput[tree[node]], value[node]);
    else
      for (let k = 0; k < outputs; k++)
        if (value[node * outputs + k] !== 0) push(node, k, value[node * outputs + k]);
    if (nodes.length === before) push(node, 0, 0);
  }
  return [
    intsAttribute(
      `${leaves}_treeids`,
      nodes.map((node) => tree[node]),
    ),
    intsAttribute(
      `${leaves}_nodeids`,
      nodes.map((node) => number[node]),
    ),
    intsAttribute(`${leaves}_ids`, targets),
    floatsAttribute(`${leaves}_weights`, weights),
  ];
}
