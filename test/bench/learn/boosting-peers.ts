import { createRng } from '../../../shared/core/rng.ts';
import { findAlgorithm } from '../../../shared/learn/catalogue.ts';
import { prAuc, rocAuc } from '../../../shared/learn/metrics/ranking.ts';
import { fitPipeline, predictPipeline } from '../../../shared/learn/pipeline.ts';
import { type PipelineData, takeData } from '../../../shared/learn/pipeline-data.ts';
import { repeatedStratifiedKFold } from '../../../shared/table/split/k-fold.ts';
import type { Column } from '../../../shared/table/table.ts';
import { PEER_DATASETS } from './peer-datasets.ts';
import { runPeer } from './python-peer.ts';

/** The budget of every learner. */
const BUDGET = { maxIter: 100, learningRate: 0.1, maxLeafNodes: 31, earlyStopping: false };
const REPEATS = 5;
const SEED = 1;
const FILES = ['churn', 'fraud', 'flights'];
const MOST_BELOW = 0.005;

/**
 * Three peers see categories one-hot; \`sklearn native\` sees them as the categories they are. Each
 * prints the probability of class 1 of every row, once per repeat, by the model that did not see it.
 */
const PROGRAM = `
import base64, json, sys
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from xgboost import XGBClassifier
given = json.load(sys.stdin)
columns = [np.array(c['values'], dtype=np.float32) for c in given['columns']]
isCategory = [c['isCategory'] for c in given['columns']]
y = np.array(given['target']).astype(int)
hot = []
for values, category in zip(columns, isCategory):
  if category: hot += [(values == level).astype(np.float32) for level in np.unique(values)]
  else: hot.append(values)
plain, hot = np.column_stack(columns), np.column_stack(hot)
budget = dict(learning_rate=0.1, max_iter=100, max_leaf_nodes=31, early_stopping=False)
def xgboost(): return XGBClassifier(n_estimators=100, learning_rate=0.1, max_depth=0, max_leaves=31,
  grow_policy='lossguide', tree_method='hist', n_jobs=1)
def xgboostDeep(): return XGBClassifier(n_estimators=100, learning_rate=0.1, max_depth=6, tree_method='hist', n_jobs=1)
peers = {'scikit-learn': (lambda: HistGradientBoostingClassifier(**budget), hot),
  'XGBoost leaf-wise': (xgboost, hot), 'XGBoost of depth 6': (xgboostDeep, hot)}
if max((v.max() for v, c in zip(columns, isCategory) if c), default=0) < 255:
  peers['scikit-learn, native categories'] = (lambda: HistGradientBoostingClassifier(
    categorical_features=isCategory, **budget), plain)
out = {}
for name, (create, x) in peers.items():
  out[name] = []
  for folds in given['folds']:
    folds = np.array(folds)
    p = np.zeros(len(y))
    for fold in (0, 1):
      model = create().fit(x[folds != fold], y[folds != fold])
      p[folds == fold] = model.predict_proba(x[folds == fold])[:, 1]
    out[name].append([float(v) for v in p])
print(json.dumps(out))
`;

type Areas = { rocAuc: number; prAuc: number };

export type FileComparison = {
  file: string;
  rows: number;
  ours: Areas;
  peers: Record<string, Areas>;
  /** The better peer's mean area less ours, of that area of the two where it is greater. */
  below: number;
};

/**
 * 5 x 2 repeated stratified cross-validation of the files with two classes, the same folds for all.
 * Areas are of a fold's rows, then averaged.
 */
export function compareWithPeers(): FileComparison[] {
  return FILES.map((file) => {
    const data = PEER_DATASETS.find(({ name }) => name === file)!.load();
    const codes = Array.from(data.table.target);
    const options = { nSplits: 2, nRepeats: REPEATS, rng: createRng(SEED) };
    const folds = repeatedStratifiedKFold(codes, options);
    if (!folds.ok) throw new Error(JSON.stringify(folds.error));
    const given = { data, folds: folds.value };
    const ours = meanAreas(
      given,
      folds.value.map((foldOf) => answersOf(data, foldOf)),
    );
    const answers = runPeer<Record<string, number[][]>>(PROGRAM, {
      columns: data.table.columns.map(columnFor),
      target: codes,
      folds: folds.value.map((foldOf) => Array.from(foldOf)),
    });
    const peers = Object.fromEntries(
      Object.entries(answers).map(([name, byRepeat]) => [name, meanAreas(given, byRepeat)]),
    );
    const best = (area: keyof Areas) => Math.max(...Object.values(peers).map((p) => p[area]));
    const below = Math.max(best('rocAuc') - ours.rocAuc, best('prAuc') - ours.prAuc);
    return { file, rows: data.table.rows, ours, peers, below };
  });
}

export const isNowhereBelow = (files: readonly FileComparison[]): boolean =>
  files.every(({ below }) => below <= MOST_BELOW);

const columnFor = (column: Column) => ({
  isCategory: column.type === 'category',
  values: Array.from(column.type === 'category' ? column.codes.map((c) => c + 1) : column.values),
});

/** By row, the probability of class 1 by the pipeline fitted on the other fold. */
function answersOf(data: PipelineData, foldOf: Uint8Array): Float64Array {
  const algorithm = findAlgorithm('hist-gradient-boosting', 'binary')!;
  const answers = new Float64Array(foldOf.length);
  for (const fold of [0, 1]) {
    const rows = [...foldOf.keys()];
    const held = rows.filter((row) => foldOf[row] === fold);
    const seen = takeData(
      data,
      rows.filter((row) => foldOf[row] !== fold),
    );
    const choice = { algorithm, parameters: BUDGET };
    const pipeline = fitPipeline(seen, choice, { rng: createRng(SEED) });
    const predictions = predictPipeline(pipeline, takeData(data, held).table);
    held.forEach((row, i) => {
      answers[row] = predictions[2 * i + 1];
    });
  }
  return answers;
}

function meanAreas(
  { data, folds }: { data: PipelineData; folds: readonly Uint8Array[] },
  answers: readonly ArrayLike<number>[],
): Areas {
  const areas = folds.flatMap((foldOf, repeat) =>
    [0, 1].map((fold): Areas => {
      const rows = [...foldOf.keys()].filter((row) => foldOf[row] === fold);
      const scored = {
        positive: rows.map((row) => data.table.target[row]),
        scores: rows.map((row) => answers[repeat][row]),
      };
      return { rocAuc: rocAuc(scored), prAuc: prAuc(scored) };
    }),
  );
  const mean = (area: keyof Areas) =>
    areas.reduce((sum, each) => sum + each[area], 0) / areas.length;
  return { rocAuc: mean('rocAuc'), prAuc: mean('prAuc') };
}
