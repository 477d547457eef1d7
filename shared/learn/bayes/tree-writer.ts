import type { TreesEstimator } from '../trees/trees-estimator.ts';

/** Writes trees whose leaves add to every output; a node comes before its children. */
export type TreeWriter = {
  startTree(): void;
  /** @param values one per output; `cover` the weight of the rows that come here */
  leaf(values: readonly number[], cover: number): number;
  /** x <= threshold goes left. The children are told by `connect` once they are written. */
  split(column: number, threshold: number): number;
  connect(node: number, left: number, right: number): void;
  /** The trees with a softmax over base + leaves. */
  finish(base: Float64Array): TreesEstimator;
};

type Node = {
  feature: number;
  threshold: number;
  left: number;
  right: number;
  values: readonly number[];
  cover: number;
};

export function createTreeWriter(outputs: number): TreeWriter {
  const roots: number[] = [];
  const nodes: Node[] = [];
  const inner = { left: 0, right: 0, values: [], cover: 0 };
  return {
    startTree: () => {
      roots.push(nodes.length);
    },
    leaf: (values, cover) => nodes.push({ ...inner, feature: -1, threshold: 0, values, cover }) - 1,
    split: (feature, threshold) => nodes.push({ ...inner, feature, threshold }) - 1,
    connect: (node, left, right) => {
      const cover = nodes[left].cover + nodes[right].cover;
      nodes[node] = { ...nodes[node], left, right, cover };
    },
    finish: (base) => toEstimator(roots, nodes, { base, outputs }),
  };
}

function toEstimator(
  roots: readonly number[],
  nodes: readonly Node[],
  { base, outputs }: { base: Float64Array; outputs: number },
): TreesEstimator {
  const value = new Float32Array(nodes.length * outputs);
  nodes.forEach(({ values }, node) => {
    value.set(values, node * outputs);
  });
  return {
    ...{ type: 'trees', outputs, treeOutput: null, value, link: 'softmax' },
    roots: Int32Array.from(roots),
    feature: Int32Array.from(nodes, ({ feature }) => feature),
    threshold: Float32Array.from(nodes, ({ threshold }) => threshold),
    left: Int32Array.from(nodes, ({ left }) => left),
    right: Int32Array.from(nodes, ({ right }) => right),
    missingLeft: new Uint8Array(nodes.length),
    cover: Float32Array.from(nodes, ({ cover }) => cover),
    base: Float32Array.from(base),
  };
}
