import type { Matrix } from '../../prepare/matrix.ts';
import type { BinnedColumns } from '../boosting/bin-matrix.ts';
import type { Link } from '../link.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { type TreeNodes, writeTerm } from './shape-trees.ts';
import type { Term } from './terms.ts';

/**
 * The terms as trees over the matrix's columns, with the rows of the matrix as cover.
 * @param terms by raw score
 */
export function shapesToTrees(
  terms: readonly (readonly Term[])[],
  given: { base: readonly number[]; link: Link; binned: BinnedColumns; matrix: Matrix },
): TreesEstimator {
  const nodes: TreeNodes = {
    ...{ roots: [], feature: [], threshold: [], left: [], right: [], value: [] },
  };
  const treeOutput: number[] = [];
  const base = terms.map((own, output) => {
    const constant = own.reduce(
      (sum, term) => sum + writeTerm(nodes, term, given.binned),
      given.base[output],
    );
    while (treeOutput.length < nodes.roots.length) treeOutput.push(output);
    return constant;
  });
  const estimator: TreesEstimator = {
    type: 'trees',
    roots: Int32Array.from(nodes.roots),
    feature: Int32Array.from(nodes.feature),
    threshold: Float32Array.from(nodes.threshold),
    left: Int32Array.from(nodes.left),
    right: Int32Array.from(nodes.right),
    missingLeft: new Uint8Array(nodes.feature.length),
    outputs: terms.length,
    treeOutput: Int32Array.from(treeOutput),
    value: Float32Array.from(nodes.value),
    base: Float32Array.from(base),
    link: given.link,
    cover: null,
  };
  return { ...estimator, cover: coverOf(estimator, given.matrix) };
}

/** Rows of the matrix through each node. Cost: rows x trees x depth. */
function coverOf(estimator: TreesEstimator, { rows, names, data }: Matrix): Float32Array {
  const { roots, feature, threshold, left, right } = estimator;
  const cover = new Float32Array(feature.length);
  const width = names.length;
  for (const root of roots)
    for (let row = 0; row < rows; row++) {
      let node = root;
      cover[node]++;
      while (feature[node] >= 0) {
        node = data[row * width + feature[node]] <= threshold[node] ? left[node] : right[node];
        cover[node]++;
      }
    }
  return cover;
}
