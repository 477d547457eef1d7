import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { type Objective, objectiveLoss } from '../../shared/learn/automl/objective.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { takeData } from '../../shared/learn/pipeline-data.ts';
import { NEURAL_ALGORITHMS } from '../../shared/neural/algorithms.ts';
import { PEER_DATASETS } from '../bench/learn/peer-datasets.ts';
import { splitRows } from './reference-data.ts';

beforeAll(async () => {
  await setBackend('wasm');
});

function lossOn(name: string, split: string, objective: Objective): number {
  const data = PEER_DATASETS.find((dataset) => dataset.name === name)!.load();
  const { training, test: fresh } = splitRows(split, data.table.rows);
  const known = takeData(data, training);
  const unseen = takeData(data, fresh).table;
  const [algorithm] = NEURAL_ALGORITHMS;
  const pipeline = fitPipeline(known, { algorithm }, { rng: createRng(42) });
  return objectiveLoss(objective, unseen.target, predictPipeline(pipeline, unseen));
}

// scikit-learn 1.2.1, MLPRegressor(random_state=42) on the columns as this recipe prepares them: the best
// of it with and without early_stopping, of these and of standardised columns.
test('a network errs no more than the reference on California', () => {
  expect(lossOn('california', 'california-housing', 'rmse')).toBeLessThan(0.5245);
});

// The same of MLPClassifier.
test('a network ranks churn as well as the reference', () => {
  expect(1 - lossOn('churn', 'telco-churn', 'roc_auc')).toBeGreaterThan(0.8463 - 0.005);
});
