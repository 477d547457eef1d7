import { expect, test } from 'vitest';
import { toTreeEnsemble } from '../../shared/learn/boosting/binned-tree.ts';
import { binTable } from '../../shared/learn/boosting/binning.ts';
import { boost, startBoosting } from '../../shared/learn/boosting/boosting.ts';
import { predictTrees } from '../../shared/learn/boosting/tree-ensemble.ts';
import { regressionMetrics } from '../../shared/learn/metrics/regression.ts';
import { californiaTable } from './california-table.ts';
import { readReference, splitReference } from './reference-data.ts';

/** conformance/tabular-peers.json: HistGB(500,lr.05,31) and LightGBM on the eight columns. */
const peers: { data: string; model: string; rmse: number }[] = JSON.parse(
  readReference('conformance/tabular-peers.json'),
);
const rmseOf = (model: string) =>
  peers.find((peer) => peer.data.includes('8 cols') && peer.model === model)!.rmse;

test('500 rounds of 31 leaves on California Housing err as scikit-learn does, within 1 % of LightGBM', () => {
  const { training, test: held } = splitReference('california-housing', californiaTable());
  const { matrix, encoding } = binTable(training);
  const train = Uint32Array.from({ length: training.rows }, (_, row) => row);
  const data = { matrix, target: training.target, train, validation: new Uint32Array(0) };
  const state = startBoosting(data);
  const tree = { maxLeaves: 31, minSamplesLeaf: 20, l2: 0, learningRate: 0.05 };
  boost(state, data, { rounds: 500, tree });
  const model = toTreeEnsemble(state.forest, { matrix, encoding, base: state.base });
  const { rmse, rows } = regressionMetrics(held.target, predictTrees(model, held, null));
  expect(rows).toBe(4128);
  // The same algorithm on the same bins; ours keeps thresholds and scores in float32.
  expect(Math.abs(rmse - rmseOf('HistGB(500,lr.05,31)'))).toBeLessThan(1e-4);
  expect(rmse).toBeLessThan(1.01 * rmseOf('LightGBM(500,lr.05,31)'));
});
