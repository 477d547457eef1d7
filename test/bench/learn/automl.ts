import { runSearch } from '../../../cli/learn/run-search.ts';
import { createRng } from '../../../shared/core/rng.ts';
import { usualMembers } from '../../../shared/learn/automl/choose-members.ts';
import { objectiveLoss } from '../../../shared/learn/automl/objective.ts';
import { startAutoMl } from '../../../shared/learn/automl/session.ts';
import { ALGORITHMS } from '../../../shared/learn/catalogue.ts';
import { predictModel } from '../../../shared/learn/ensemble/fitted-ensemble.ts';
import { type PipelineData, takeData } from '../../../shared/learn/pipeline-data.ts';
import { fitPreparation } from '../../../shared/prepare/preparation.ts';
import { kFold, stratifiedKFold } from '../../../shared/table/split/k-fold.ts';
import { type Split, splitsOfFolds } from '../../../shared/table/split/split.ts';
import type { Bench, BenchRow } from '../row.ts';
import { PEER_DATASETS, type PeerDataset } from './peer-datasets.ts';
import { runPeer, setUpPeer } from './python-peer.ts';

const BUDGET_SECONDS = 60;
const THREADS = 2;
const REPEATS = 2;
const FOLDS = 2;
const WINS_NEEDED = 4;

export const automl: Bench = { name: 'automl', run };

const NAMES = {
  name: 'automl',
  question:
    'On how many of six files does a search of 60 s on 2 cores beat the best peer at default settings (mean of 2x2 repeated cross-validation, paired by fold)?',
  unit: 'files',
  bar: '>= 4 of 6 (scikit-learn boosting, forest and linear; XGBoost)',
};

async function run(): Promise<BenchRow> {
  const absent = setUpPeer('sklearn', 'python3-sklearn') ?? setUpPeer('xgboost', 'python3-xgboost');
  if (absent) return { ...NAMES, value: Number.NaN, holds: null, detail: { absent } };
  const comparisons = [];
  for (const dataset of PEER_DATASETS) {
    const comparison = await compare(dataset);
    comparisons.push(comparison);
    console.error(JSON.stringify(comparison));
  }
  const wins = comparisons.filter(({ gain }) => gain > 0).length;
  return {
    ...NAMES,
    value: wins,
    holds: wins >= WINS_NEEDED,
    detail: { budgetSeconds: BUDGET_SECONDS, threads: THREADS, comparisons },
  };
}

async function compare(dataset: PeerDataset) {
  const data = dataset.load();
  const splits = repeatedSplits(data);
  const peers = peerScores(data, splits, dataset.metric);
  const [bestPeer, best] = Object.entries(peers).sort((a, b) => mean(a[1]) - mean(b[1]))[0];
  const ours: number[] = [];
  for (const [i, split] of splits.entries())
    ours.push(await searchLoss(dataset, { data, split, i }));
  const differences = ours.map((loss, i) => best[i] - loss);
  const { name, metric } = dataset;
  const wonFolds = differences.filter((difference) => difference > 0).length;
  return {
    ...{ name, metric, loss: mean(ours), bestPeer, peerLoss: mean(best), gain: mean(differences) },
    ...{ wonFolds, folds: splits.length, losses: ours },
    peers: Object.fromEntries(Object.entries(peers).map(([peer, losses]) => [peer, mean(losses)])),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

function repeatedSplits({ task, table }: PipelineData): Split[] {
  return Array.from({ length: REPEATS }, (_, repeat) => {
    const options = { nSplits: FOLDS, rng: createRng(100 + repeat) };
    const folds =
      task === 'regression' ? kFold(table.rows, options) : stratifiedKFold(table.target, options);
    if (!folds.ok) throw new Error(folds.error.reason);
    return splitsOfFolds(folds.value, FOLDS);
  }).flat();
}

type Fold = { data: PipelineData; split: Split; i: number };

async function searchLoss({ metric }: PeerDataset, { data, split, i }: Fold): Promise<number> {
  const training = takeData(data, split.training);
  const algorithms = ALGORITHMS.filter(({ isExported }) => isExported).map(({ name }) => name);
  const maxMembers = usualMembers(training.table.rows);
  const options = { objective: metric, seed: 42 + i, algorithms, maxMembers };
  const session = startAutoMl(training, options);
  if (!session.ok) throw new Error(session.error.reason);
  const outcome = await runSearch({
    ...{ data: training, session: session.value, objective: metric, threads: THREADS },
    ...{ budgetSeconds: BUDGET_SECONDS, maxTrials: null, isInterrupted: () => false },
    progress: { show: () => undefined, end: () => undefined },
    tell: (sentence) => console.error(sentence),
  });
  if (outcome.fitted === null) throw new Error('The search found nothing');
  const { table } = takeData(data, split.test);
  return objectiveLoss(metric, table.target, predictModel(outcome.fitted.predictor, table));
}

const PROGRAM = `
import json, sys
import numpy as np
from sklearn.ensemble import *
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import average_precision_score, mean_squared_error, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
import xgboost
given = json.load(sys.stdin)
x = np.array([[np.nan if v is None else v for v in row] for row in given['x']], dtype=np.float32)
y = np.array(given['y'])
prepared = lambda model: make_pipeline(SimpleImputer(strategy='median'), StandardScaler(), model)
if given['metric'] == 'rmse':
  peers = {'hist-gradient-boosting': lambda: HistGradientBoostingRegressor(random_state=0),
    'random-forest': lambda: make_pipeline(SimpleImputer(), RandomForestRegressor(random_state=0)),
    'ridge': lambda: prepared(Ridge()), 'xgboost': lambda: xgboost.XGBRegressor(n_jobs=1)}
  loss = lambda m, x, y: mean_squared_error(y, m.predict(x), squared=False)
else:
  peers = {'hist-gradient-boosting': lambda: HistGradientBoostingClassifier(random_state=0),
    'random-forest': lambda: make_pipeline(SimpleImputer(), RandomForestClassifier(random_state=0)),
    'logistic-regression': lambda: prepared(LogisticRegression(max_iter=1000)),
    'xgboost': lambda: xgboost.XGBClassifier(n_jobs=1)}
  score = roc_auc_score if given['metric'] == 'roc_auc' else average_precision_score
  loss = lambda m, x, y: 1 - score(y, m.predict_proba(x)[:, 1])
losses = {name: [] for name in peers}
for split in given['splits']:
  train, test = np.array(split['training']), np.array(split['test'])
  for name, make in peers.items():
    losses[name].append(loss(make().fit(x[train], y[train]), x[test], y[test]))
print(json.dumps(losses))
`;

/** Losses by fold of each peer, on numbers and one-hot categories. */
function peerScores(data: PipelineData, splits: readonly Split[], metric: string) {
  const given = { table: data.table, target: data.table.target, classes: 0, rng: createRng(1) };
  const { matrix } = fitPreparation({ oneHotUpTo: 1000 }, given);
  const width = matrix.names.length;
  // JSON has no NaN: missing is null.
  const x = Array.from({ length: matrix.rows }, (_, row) => [
    ...matrix.data.subarray(row * width, (row + 1) * width),
  ]);
  return runPeer<Record<string, number[]>>(PROGRAM, {
    ...{ x, y: [...data.table.target], metric },
    splits: splits.map(({ training, test }) => ({ training: [...training], test: [...test] })),
  });
}
