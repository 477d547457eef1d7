import {
  type EncodedRows,
  type ExplainedTrees,
  followsLeft,
  type Players,
} from './explained-trees.ts';
import { addTermShares, createTermCollector, shareTable } from './pair-terms.ts';
import type { TreeShap } from './tree-shap.ts';

/**
 * Meaning: how much each player moved a prediction from the mean prediction of the background rows.
 * Definition: Shapley values of the interventional game: a player outside the coalition has its value
 * from a background row, averaged over all of them. @see addTermShares
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
  const collector = createTermCollector([trees], background, players);
  const shares = shareTable(players.count);
  const worths = predictionsOf(trees, background);
  return {
    expected: worths.reduce((sum, worth) => sum + worth, 0) / background.rows,
    explain(rows) {
      const into = new Float64Array(rows.rows * players.count);
      for (let row = 0; row < rows.rows; row++) {
        const own = into.subarray(row * players.count, (row + 1) * players.count);
        for (let other = 0; other < background.rows; other++)
          addTermShares(collector.collect(rows, { row, other }), shares, own);
      }
      return into.map((sum) => sum / background.rows);
    },
  };
}

/** base + one leaf per tree, of each row. */
export function predictionsOf(
  trees: ExplainedTrees,
  { data, rows, width }: EncodedRows,
): Float64Array {
  const worths = new Float64Array(rows).fill(trees.base);
  for (let row = 0; row < rows; row++)
    for (let tree = 0; tree < trees.roots.length; tree++) {
      let node = trees.roots[tree];
      while (trees.feature[node] >= 0) {
        const x = data[row * width + trees.feature[node]];
        node = followsLeft(trees, node, x) ? trees.left[node] : trees.right[node];
      }
      worths[row] += trees.value[node];
    }
  return worths;
}
