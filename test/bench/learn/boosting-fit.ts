import { createRng } from '../../../shared/core/rng.ts';
import { toTreeEnsemble } from '../../../shared/learn/boosting/binned-tree.ts';
import { binTable } from '../../../shared/learn/boosting/binning.ts';
import { boost, startBoosting } from '../../../shared/learn/boosting/boosting.ts';
import type { TreeEnsemble } from '../../../shared/learn/boosting/tree-ensemble.ts';
import { findAlgorithm } from '../../../shared/learn/catalogue.ts';
import { regressionMetrics } from '../../../shared/learn/metrics/regression.ts';
import { fitPipeline, predictPipeline } from '../../../shared/learn/pipeline.ts';
import type { Table } from '../../../shared/table/table.ts';
import { type Bench, type BenchRow, median } from '../row.ts';
import { compareWithPeers, isNowhereBelow } from './boosting-peers.ts';
import { california, numberRows } from './california.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { runPeer, setUpPeer } from './python-peer.ts';

const REPEATS = 5;
/** conformance/tabular-peers.json: LightGBM's, the best of three peers. */
const BEST_RMSE = 0.4411200719844585;

export const boostingFit: Bench = { name: 'boosting-fit', run };

const NAMES = {
  name: 'boosting-fit',
  question:
    'How long does boosting take (California, 8 columns, 500 rounds of 31 leaves, one thread), as a multiple of scikit-learn?',
  unit: 'x scikit-learn',
  bar: '<= 1.0 x HistGradientBoosting in the same run, RMSE within 1 % of the best peer (.4411); churn, fraud, flights: ROC-AUC and PR-AUC not more than .005 below the better peer',
};

const PROGRAM = `
import json, sys, time
import numpy as np, sklearn
from sklearn.ensemble import HistGradientBoostingRegressor
given = json.load(sys.stdin)
x, y, rows, target = (np.array(given[k]) for k in ('x', 'y', 'rows', 'target'))
seconds = []
for i in range(given['repeats']):
  started = time.process_time()
  model = HistGradientBoostingRegressor(max_iter=500, learning_rate=0.05, max_leaf_nodes=31,
    early_stopping=False).fit(x, y)
  seconds.append(time.process_time() - started)
rmse = float(np.sqrt(np.mean((model.predict(rows) - target) ** 2)))
print(json.dumps({'version': sklearn.__version__, 'seconds': seconds, 'rmse': rmse}))
`;

async function run(): Promise<BenchRow> {
  const absent = setUpPeer('sklearn', 'python3-sklearn');
  if (absent) return { ...NAMES, value: Number.NaN, holds: null, detail: { absent } };
  const { training, test } = california();
  const peer = runPeer<{ version: string; seconds: number[]; rmse: number }>(PROGRAM, {
    x: numberRows(training),
    y: [...training.target],
    rows: numberRows(test),
    target: [...test.target],
    repeats: REPEATS,
  });
  const seconds = Array.from({ length: REPEATS }, () => cpuSeconds(() => fitCalifornia(training)));
  const predictions = predictPipeline(fitCalifornia(training), test);
  const { rmse } = regressionMetrics(test.target, predictions);
  const value = median(seconds) / median(peer.seconds);
  const noXgboost = setUpPeer('xgboost', 'python3-xgboost');
  const files = noXgboost ? [] : compareWithPeers();
  return {
    ...NAMES,
    value,
    holds: noXgboost ? null : value <= 1 && rmse <= 1.01 * BEST_RMSE && isNowhereBelow(files),
    detail: {
      ...{ seconds, firstFit: seconds[0], rmse, rows: training.rows },
      ...{ peer: `scikit-learn ${peer.version}`, peerSeconds: peer.seconds, peerRmse: peer.rmse },
      ...(noXgboost ? { absent: noXgboost } : { files }),
    },
  };
}

/** From the table on: encoding, bins and trees. */
function fitCalifornia(table: Table) {
  const inputs = table.columns.map(
    ({ name }) => ({ name, type: 'number', missing: 'impute' }) as const,
  );
  const algorithm = findAlgorithm('hist-gradient-boosting', 'regression')!;
  const parameters = { maxIter: 500, learningRate: 0.05, earlyStopping: false };
  const data = { task: 'regression', inputs, table, classes: [], weights: null } as const;
  return fitPipeline(data, { algorithm, parameters }, { rng: createRng(1) });
}

/** Bins and trees as retraining grows them, in a Worker's memory. */
export function fitBoosting(table: Table, rounds: number): TreeEnsemble {
  const { matrix, encoding } = binTable(table);
  const train = Uint32Array.from({ length: table.rows }, (_, row) => row);
  const data = { matrix, target: table.target, train, validation: new Uint32Array(0) };
  const state = startBoosting(data);
  const tree = { maxLeaves: 31, minSamplesLeaf: 20, l2: 0, learningRate: 0.05 };
  boost(state, data, { rounds, tree });
  return toTreeEnsemble(state.forest, { matrix, encoding, base: state.base });
}
