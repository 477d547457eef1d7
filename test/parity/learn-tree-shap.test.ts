import { expect, test } from 'vitest';
import { columnPlayers, type EncodedRows } from '../../shared/learn/explain/explained-trees.ts';
import { createInterventionalShap } from '../../shared/learn/explain/interventional-shap.ts';
import { createTreeShap, type TreeShap } from '../../shared/learn/explain/tree-shap.ts';
import { fromLightGbm, fromScikitForest, fromXgBoost } from '../support/tree-dumps.ts';
import { readReference } from './reference-data.ts';

const boosted = JSON.parse(readReference('conformance/tree-shap-boosted.json'));
const forest = JSON.parse(readReference('conformance/tree-shap-forest.json'));

function rowsOf(rows: number[][], precision: 'float32' | 'float64'): EncodedRows {
  const cells = rows.flat();
  const data = precision === 'float32' ? Float32Array.from(cells) : Float64Array.from(cells);
  return { data, rows: rows.length, width: rows[0].length };
}

/** @param expected contributions by row */
function expectContributions(
  shap: TreeShap,
  rows: EncodedRows,
  { expected, base, digits }: { expected: number[][]; base: number; digits: number },
): void {
  const bound = 10 ** -digits;
  expect(Math.abs(shap.expected - base)).toBeLessThan(bound);
  const found = shap.explain(rows);
  expected.forEach((values, row) => {
    values.forEach((value, player) => {
      expect(Math.abs(found[row * rows.width + player] - value)).toBeLessThan(bound);
    });
  });
}

test('path-dependent values are LightGBM’s pred_contrib to 1e-6', () => {
  const { trees, cover } = fromLightGbm(boosted.lightgbm.model);
  const contributions: number[][] = boosted.lightgbm.contrib_last_is_bias;
  expectContributions(
    createTreeShap(trees, cover, columnPlayers(8)),
    rowsOf(boosted.rows, 'float64'),
    {
      expected: contributions.map((row) => row.slice(0, 8)),
      base: contributions[0][8],
      digits: 6,
    },
  );
});

test('path-dependent values are XGBoost’s pred_contribs to 1e-6', () => {
  const { trees, cover } = fromXgBoost(boosted.xgboost);
  const contributions: number[][] = boosted.xgboost.contrib_last_is_bias;
  expectContributions(
    createTreeShap(trees, cover, columnPlayers(8)),
    rowsOf(boosted.rows, 'float32'),
    {
      expected: contributions.map((row) => row.slice(0, 8)),
      base: contributions[0][8],
      digits: 6,
    },
  );
});

test('path-dependent values of a random forest are shap’s, as far as shap keeps digits', () => {
  const { trees, cover } = fromScikitForest(forest.trees);
  const { values, expected: base } = forest.path_dependent;
  const rows = rowsOf(forest.rows, 'float32');
  const shap = createTreeShap(trees, cover, columnPlayers(10));
  // The values are around 1e1 and shap adds them up in float32: 1e-6 of the largest.
  expectContributions(shap, rows, { expected: values, base, digits: 4.5 });
});

test('interventional values of a random forest are those of brute force to 1e-6', () => {
  const { trees } = fromScikitForest(forest.trees);
  const background = rowsOf(forest.background, 'float32');
  const shap = createInterventionalShap(trees, background, columnPlayers(10));
  const { expected: base, values } = forest.kernel_exact_rows0_2;
  const rows = rowsOf(forest.rows, 'float32');
  expectContributions(shap, rows, { expected: forest.brute_force_f32, base, digits: 6 });
  expectContributions(shap, rows, { expected: values, base, digits: 6 });
});
