import { columnPlayers } from '../../../shared/learn/explain/explained-trees.ts';
import { createTreeShap } from '../../../shared/learn/explain/tree-shap.ts';
import { fromXgBoost, type XgBoostNode } from '../../support/tree-dumps.ts';
import { type Bench, type BenchRow, median } from '../row.ts';
import { california, numberRows } from './california.ts';
import { cpuSeconds } from './cpu-seconds.ts';
import { runPeer, setUpPeer } from './python-peer.ts';

const ROUNDS = 100;
const REPEATS = 5;
const COLUMNS = 8;

export const treeShap: Bench = { name: 'tree-shap', run };

const NAMES = {
  name: 'tree-shap',
  question: `How many rows a second are explained exactly (${ROUNDS} trees of 31 leaves, one thread)?`,
  unit: 'rows/s',
  bar: '>= XGBoost pred_contribs in the same run, equal to what its float32 sums keep (1e-5 of the largest)',
};

type Peer = {
  version: string;
  trees: XgBoostNode[];
  seconds: number[];
  contributions: number[][];
};

/** Trains leaf-wise trees, dumps them and times pred_contribs on the test rows. */
const PROGRAM = `
import json, sys, time
import numpy as np, xgboost as xgb
given = json.load(sys.stdin)
x, y, rows = (np.array(given[k], dtype=np.float32) for k in ('x', 'y', 'rows'))
booster = xgb.train({'tree_method': 'hist', 'grow_policy': 'lossguide', 'max_leaves': 31,
  'max_depth': 0, 'eta': 0.1, 'nthread': 1, 'base_score': 0.5}, xgb.DMatrix(x, y), given['rounds'])
data = xgb.DMatrix(rows)
seconds = []
for i in range(given['repeats']):
  started = time.process_time()
  contributions = booster.predict(data, pred_contribs=True)
  seconds.append(time.process_time() - started)
trees = [json.loads(t) for t in booster.get_dump(with_stats=True, dump_format='json')]
print(json.dumps({'version': xgb.__version__, 'trees': trees, 'seconds': seconds,
  'contributions': contributions.tolist()}))
`;

async function run(): Promise<BenchRow> {
  const absent = setUpPeer('xgboost', 'python3-xgboost');
  if (absent) return { ...NAMES, value: Number.NaN, holds: null, detail: { absent } };
  const { training, test } = california();
  const peer = runPeer<Peer>(PROGRAM, {
    x: numberRows(training),
    y: [...training.target],
    rows: numberRows(test),
    rounds: ROUNDS,
    repeats: REPEATS,
  });
  const { trees, cover } = fromXgBoost({ base_score: 0.5, trees: peer.trees });
  const rows = {
    data: Float32Array.from(numberRows(test).flat()),
    rows: test.rows,
    width: COLUMNS,
  };
  const startedMs = performance.now();
  const shap = createTreeShap(trees, cover, columnPlayers(COLUMNS));
  const planMs = performance.now() - startedMs;
  const seconds = Array.from({ length: REPEATS }, () => cpuSeconds(() => shap.explain(rows)));
  const value = test.rows / median(seconds);
  const peerRowsPerSecond = test.rows / median(peer.seconds);
  const { error, largest } = difference(shap.explain(rows), peer.contributions);
  return {
    ...NAMES,
    value,
    holds: value >= peerRowsPerSecond && error <= 1e-5 * largest,
    detail: {
      ...{ peerRowsPerSecond, ratio: value / peerRowsPerSecond, planMs, seconds },
      ...{ peerSeconds: peer.seconds, peer: `XGBoost ${peer.version}`, rows: test.rows },
      ...{ largestDifference: error, largestContribution: largest },
    },
  };
}

function difference(found: Float64Array, peer: number[][]) {
  let error = 0;
  let largest = 0;
  peer.forEach((row, i) => {
    for (let column = 0; column < COLUMNS; column++) {
      error = Math.max(error, Math.abs(found[i * COLUMNS + column] - row[column]));
      largest = Math.max(largest, Math.abs(row[column]));
    }
  });
  return { error, largest };
}
