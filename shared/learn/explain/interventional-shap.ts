import {
  type EncodedRows,
  type ExplainedTrees,
  followsLeft,
  type Players,
} from './explained-trees.ts';
import type { TreeShap } from './tree-shap.ts';

/**
 * Meaning: how much each player moved a prediction from the mean prediction of the background rows.
 * Definition: Shapley values of the interventional game: a player outside the coalition has its value
 * from a background row, averaged over all of them.
 * Method: of the players that decide whether row or background row reaches a leaf, `a` need the row's
 * value and `b` the background's; a leaf of value v gives each of the former v (a-1)! b! / (a+b)! and
 * each of the latter -v a! (b-1)! / (a+b)!.
 * Units: the target's. NaN: follows `missingLeft`. No background rows: throws.
 * Cost: rows x background rows x leaves that either reaches by swapping players.
 * Reference: Lundberg et al. 2020, algorithm 3; shap's TreeExplainer(feature_perturbation =
 * 'interventional') in float64.
 */
export function createInterventionalShap(
  trees: ExplainedTrees,
  background: EncodedRows,
  players: Players,
): TreeShap {
  if (background.rows === 0) throw new Error('Interventional values need background rows');
  return {
    expected: meanPrediction(trees, background),
    explain(rows) {
      const into = new Float64Array(rows.rows * players.count);
      const walk: Walk = {
        ...{ trees, players, row: rows, other: background, into, rowAt: 0, otherAt: 0, at: 0 },
        side: new Int8Array(players.count),
        byRow: new Int32Array(players.count),
        byOther: new Int32Array(players.count),
        weight: 1 / background.rows,
      };
      for (let row = 0; row < rows.rows; row++)
        for (let other = 0; other < background.rows; other++) {
          walk.rowAt = row * rows.width;
          walk.otherAt = other * background.width;
          walk.at = row * players.count;
          for (let t = 0; t < trees.roots.length; t++) visit(walk, trees.roots[t], { a: 0, b: 0 });
        }
      return into;
    },
  };
}

type Walk = {
  trees: ExplainedTrees;
  players: Players;
  row: EncodedRows;
  other: EncodedRows;
  rowAt: number;
  otherAt: number;
  /** 1 where the path needs the row's value of a player, -1 the background's, 0 where either does. */
  side: Int8Array;
  /** Players with side 1 and -1, in the order of the path. */
  byRow: Int32Array;
  byOther: Int32Array;
  weight: number;
  into: Float64Array;
  at: number;
};

type Counts = { a: number; b: number };

function visit(walk: Walk, node: number, counts: Counts): void {
  const { trees, players, row, other, side } = walk;
  const column = trees.feature[node];
  if (column < 0) {
    addLeaf(walk, trees.value[node] * walk.weight, counts);
    return;
  }
  const rowLeft = followsLeft(trees, node, row.data[walk.rowAt + column]);
  const otherLeft = followsLeft(trees, node, other.data[walk.otherAt + column]);
  const rowChild = rowLeft ? trees.left[node] : trees.right[node];
  const otherChild = otherLeft ? trees.left[node] : trees.right[node];
  const player = players.ofColumn[column];
  if (rowChild === otherChild || side[player] === 1) visit(walk, rowChild, counts);
  else if (side[player] === -1) visit(walk, otherChild, counts);
  else {
    const { a, b } = counts;
    side[player] = 1;
    walk.byRow[a] = player;
    visit(walk, rowChild, { a: a + 1, b });
    side[player] = -1;
    walk.byOther[b] = player;
    visit(walk, otherChild, { a, b: b + 1 });
    side[player] = 0;
  }
}

function addLeaf({ byRow, byOther, into, at }: Walk, value: number, { a, b }: Counts): void {
  if (a > 0) {
    const share = value / (a * choose(a + b, b));
    for (let i = 0; i < a; i++) into[at + byRow[i]] += share;
  }
  if (b > 0) {
    const share = value / (b * choose(a + b, a));
    for (let i = 0; i < b; i++) into[at + byOther[i]] -= share;
  }
}

/** n over k, in float64. */
function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i;
  return product;
}

function meanPrediction(trees: ExplainedTrees, { data, rows, width }: EncodedRows): number {
  let sum = 0;
  for (let row = 0; row < rows; row++)
    for (let tree = 0; tree < trees.roots.length; tree++) {
      let node = trees.roots[tree];
      while (trees.feature[node] >= 0) {
        const x = data[row * width + trees.feature[node]];
        node = followsLeft(trees, node, x) ? trees.left[node] : trees.right[node];
      }
      sum += trees.value[node];
    }
  return trees.base + sum / rows;
}
