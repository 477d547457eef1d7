import type { ExplainedTrees } from '../../shared/learn/explain/explained-trees.ts';

/** Trees as another library dumped them, with the cover of each node. */
export type DumpedTrees = { trees: ExplainedTrees; cover: number[] };

/** A split of `column`, or a leaf where it is -1. */
type DumpedNode = {
  column: number;
  threshold: number;
  missingLeft: boolean;
  value: number;
  cover: number;
  children: DumpedNode[];
};

/** Numbers the nodes of each tree parents first. */
function flatten(base: number, roots: readonly DumpedNode[]): DumpedTrees {
  const all: DumpedNode[] = [];
  const starts = roots.map((root) => {
    const start = all.push(root) - 1;
    for (let at = start; at < all.length; at++) all.push(...all[at].children);
    return start;
  });
  const numberOf = new Map(all.map((node, i) => [node, i]));
  const childAt = (side: number) =>
    Int32Array.from(all, ({ children }) => (children[side] ? numberOf.get(children[side])! : -1));
  const trees = {
    base,
    roots: starts,
    feature: Int32Array.from(all, ({ column }) => column),
    threshold: Float64Array.from(all, ({ threshold }) => threshold),
    left: childAt(0),
    right: childAt(1),
    missingLeft: Uint8Array.from(all, ({ missingLeft }) => (missingLeft ? 1 : 0)),
    value: Float64Array.from(all, ({ value }) => value),
  };
  return { trees, cover: all.map(({ cover }) => cover) };
}

const leaf = (value: number, cover: number): DumpedNode => ({
  ...{ column: -1, threshold: 0, missingLeft: false, children: [] },
  ...{ value, cover },
});

export type LightGbmNode = {
  split_feature?: number;
  threshold?: number;
  default_left?: boolean;
  internal_count?: number;
  leaf_value?: number;
  leaf_count?: number;
  left_child?: LightGbmNode;
  right_child?: LightGbmNode;
};

/** LightGBM's `dump_model()`: x <= threshold in float64; the base is in the leaves. */
export function fromLightGbm(model: { tree_info: { tree_structure: LightGbmNode }[] }) {
  const read = (node: LightGbmNode): DumpedNode =>
    node.left_child && node.right_child
      ? {
          column: node.split_feature!,
          threshold: node.threshold!,
          missingLeft: node.default_left!,
          value: 0,
          cover: node.internal_count!,
          children: [read(node.left_child), read(node.right_child)],
        }
      : leaf(node.leaf_value!, node.leaf_count!);
  return flatten(
    0,
    model.tree_info.map(({ tree_structure }) => read(tree_structure)),
  );
}

export type XgBoostNode = {
  nodeid: number;
  split?: string;
  split_condition?: number;
  yes?: number;
  missing?: number;
  cover: number;
  leaf?: number;
  children?: XgBoostNode[];
};

/** The largest float32 below a float32. */
function below(value: number): number {
  const bits = new Int32Array(1);
  const number = new Float32Array(bits.buffer);
  number[0] = value;
  if (number[0] === 0) return -1.401298464324817e-45;
  bits[0] += number[0] > 0 ? -1 : 1;
  return number[0];
}

/** XGBoost's JSON dump with stats: x < condition in float32, which is x <= the float32 below it. */
export function fromXgBoost(model: { base_score: number; trees: XgBoostNode[] }): DumpedTrees {
  const read = (node: XgBoostNode): DumpedNode => {
    if (!node.children) return leaf(node.leaf!, node.cover);
    const childOf = (id: number) => node.children!.find(({ nodeid }) => nodeid === id)!;
    const other = node.children.find(({ nodeid }) => nodeid !== node.yes)!;
    return {
      column: Number(node.split!.slice(1)),
      threshold: below(node.split_condition!),
      missingLeft: node.missing === node.yes,
      value: 0,
      cover: node.cover,
      children: [read(childOf(node.yes!)), read(other)],
    };
  };
  return flatten(model.base_score, model.trees.map(read));
}

export type ScikitTree = {
  children_left: number[];
  children_right: number[];
  feature: number[];
  threshold: number[];
  value: number[];
  n_node_samples: number[];
};

/** The arrays of scikit-learn's `tree_`; a forest predicts the mean of its trees. */
export function fromScikitForest(forest: readonly ScikitTree[]): DumpedTrees {
  const read = (tree: ScikitTree, node: number): DumpedNode => {
    const [left, right] = [tree.children_left[node], tree.children_right[node]];
    const cover = tree.n_node_samples[node];
    if (left < 0) return leaf(tree.value[node] / forest.length, cover);
    return {
      column: tree.feature[node],
      threshold: tree.threshold[node],
      missingLeft: false,
      value: 0,
      cover,
      children: [read(tree, left), read(tree, right)],
    };
  };
  return flatten(
    0,
    forest.map((tree) => read(tree, 0)),
  );
}
