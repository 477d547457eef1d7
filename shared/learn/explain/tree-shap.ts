import {
  type EncodedRows,
  type ExplainedTrees,
  expectedValue,
  followsLeft,
  type Players,
} from './explained-trees.ts';
import { type PlannedTree, planTree } from './tree-shap-plan.ts';

export type TreeShap = {
  /** The mean prediction: expected + the contributions of a row = its prediction. */
  expected: number;
  /** Contributions [rows, players], row-major, in target units. */
  explain(rows: EncodedRows): Float64Array;
};

/**
 * Meaning: how much each player moved a prediction from the mean prediction, shared fairly.
 * Definition: Shapley values of the path-dependent game: a player outside the coalition follows both
 * branches in proportion to their cover.
 * Method: a leaf of value v whose path has players with shares z_j of the cover and o_j = 1 where the
 * row follows gives player i exactly v (o_i - z_i) times the integral over t in [0, 1] of the product
 * of (z_j (1 - t) + o_j t) over the others (Owen 1972, the multilinear extension). That is a
 * polynomial, so a Gauss-Legendre rule with half as many points as a path has players gives it
 * without error; paths share their products and sums as in Linear TreeSHAP (Yu et al. 2022).
 * Units: the target's. NaN: follows `missingLeft`. A node without cover parts in halves.
 * Cost: rows x nodes x points; memory: 6 x nodes x points float64.
 * Reference: Lundberg et al. 2018, algorithm 2; equal to LightGBM's and XGBoost's pred_contrib.
 * @param cover weight of each node, as `countCover` counts it or training knew it
 */
export function createTreeShap(
  trees: ExplainedTrees,
  cover: ArrayLike<number>,
  players: Players,
): TreeShap {
  const plans = Array.from(trees.roots, (_, tree) => planTree(trees, { cover, players, tree }));
  const longest = plans.reduce((most, { nodes, size }) => Math.max(most, nodes * size), 0);
  const widest = plans.reduce((most, { nodes }) => Math.max(most, nodes), 0);
  const scratch = { products: new Float64Array(longest), states: new Uint8Array(widest) };
  return {
    expected: expectedValue(trees, cover),
    explain({ data, rows, width }) {
      const into = new Float64Array(rows * players.count);
      // Tree by tree: its plan stays in the cache while the rows go by.
      for (const plan of plans)
        for (let row = 0; row < rows; row++) {
          walkDown(plan, { trees, data, start: row * width }, scratch);
          sumUp(plan, scratch, { into, at: row * players.count });
        }
      return into;
    },
  };
}

type Scratch = {
  /** By node and point: the product over its path, then the sum over its leaves. */
  products: Float64Array;
  /** By node: which of its three blocks applies; 0 where the row follows its player so far. */
  states: Uint8Array;
};

function walkDown(
  plan: PlannedTree,
  row: { trees: ExplainedTrees; data: Float32Array | Float64Array; start: number },
  { products, states }: Scratch,
): void {
  const { root, size, inner, left, right, previous, blocks } = plan;
  const { trees, data, start } = row;
  products.fill(1, 0, size);
  states[0] = 0;
  for (let i = 0; i < inner.length; i++) {
    const node = inner[i];
    const x = data[start + trees.feature[root + node]];
    const isLeft = followsLeft(trees, root + node, x);
    const isIn = states[previous[node]] === 0;
    const [l, r] = [left[node], right[node]];
    states[l] = isIn ? (isLeft ? 0 : 1) : 2;
    states[r] = isIn ? (isLeft ? 1 : 0) : 2;
    let leftBlock = (3 * l + states[l]) * 2 * size;
    let rightBlock = (3 * r + states[r]) * 2 * size;
    for (let q = 0; q < size; q++) {
      const product = products[node * size + q];
      products[l * size + q] = product * blocks[leftBlock++];
      products[r * size + q] = product * blocks[rightBlock++];
    }
  }
}

function sumUp(
  plan: PlannedTree,
  { products, states }: Scratch,
  { into, at }: { into: Float64Array; at: number },
): void {
  const { nodes, size, left, right, player, value, blocks } = plan;
  for (let node = nodes - 1; node > 0; node--) {
    const own = node * size;
    const l = left[node] * size;
    if (l < 0) for (let q = 0; q < size; q++) products[own + q] *= value[node];
    else {
      const r = right[node] * size;
      for (let q = 0; q < size; q++) products[own + q] = products[l + q] + products[r + q];
    }
    if (states[node] === 2) continue;
    const block = (6 * node + 2 * states[node] + 1) * size;
    let sum = 0;
    for (let q = 0; q < size; q++) sum += products[own + q] * blocks[block + q];
    into[at + player[node]] += sum;
  }
}
