import { createRng } from '../../../shared/core/rng.ts';
import { findAlgorithm } from '../../../shared/learn/catalogue.ts';
import { scoreRows } from '../../../shared/learn/fitted-estimator.ts';
import { encodingOf } from '../../../shared/prepare/encoding.ts';
import { encodeTable, type Matrix } from '../../../shared/prepare/matrix.ts';
import { takeRows } from '../../../shared/table/table.ts';
import { splitRows } from '../../parity/reference-data.ts';
import { quantile } from '../row.ts';
import { PEER_DATASETS } from './peer-datasets.ts';
import { runPeer } from './python-peer.ts';

/** One forest's recall varies by .05. */
const SEEDS = 20;
const FALSE_ALARMS = 0.01;

const PROGRAM = `
import json, sys
import numpy as np
from sklearn.ensemble import IsolationForest
given = json.load(sys.stdin)
rows = np.array(given['rows'])
print(json.dumps([[(-IsolationForest(random_state=seed).fit(np.array(x)).score_samples(rows)).tolist()
  for seed in range(given['seeds'])] for x in given['training']]))
`;

export type FraudRecall = { all: number; honest: number };

/**
 * Mean recall of the test rows' frauds at 1 % false alarms over 20 seeds: isolation forests trained on
 * all training rows, and on the honest ones alone; here and in scikit-learn.
 */
export function fraudRecall(): { own: FraudRecall; peer: FraudRecall } {
  const data = PEER_DATASETS.find(({ name }) => name === 'fraud')!.load();
  const { training, test } = splitRows('fraud', data.table.rows);
  const honest = training.filter((row) => data.table.target[row] === 0);
  const encoding = encodingOf(data.table);
  const matrixOf = (rows: Uint32Array) => encodeTable(encoding, takeRows(data.table, rows));
  const [fresh, ...sets] = [test, training, honest].map(matrixOf);
  const target = Float64Array.from(test, (row) => data.table.target[row]);
  const mean = (scores: ArrayLike<number>[]) =>
    scores.reduce((sum, own) => sum + recallOf(own, target), 0) / scores.length;
  const own = sets.map((matrix) => mean(ownScores(matrix, fresh)));
  const peer = runPeer<number[][][]>(PROGRAM, {
    ...{ rows: rowsOf(fresh), training: sets.map(rowsOf), seeds: SEEDS },
  }).map(mean);
  return { own: { all: own[0], honest: own[1] }, peer: { all: peer[0], honest: peer[1] } };
}

function ownScores(matrix: Matrix, fresh: Matrix): Float32Array[] {
  const forest = findAlgorithm('isolation-forest', 'anomaly')!;
  const options = (seed: number) => ({ rng: createRng(seed) });
  const data = { task: 'anomaly', matrix, target: new Float64Array(0), classes: 0 } as const;
  return Array.from({ length: SEEDS }, (_, seed) =>
    scoreRows(forest.fit({ ...data, weights: null }, forest.defaults, options(seed)), fresh),
  );
}

function recallOf(scores: ArrayLike<number>, target: Float64Array): number {
  const of = (kind: number) => Array.from(scores).filter((_, row) => target[row] === kind);
  const limit = quantile(of(0), 1 - FALSE_ALARMS);
  const frauds = of(1);
  return frauds.filter((score) => score > limit).length / frauds.length;
}

const rowsOf = ({ rows, names, data }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, row) => [
    ...data.subarray(row * names.length, (row + 1) * names.length),
  ]);
