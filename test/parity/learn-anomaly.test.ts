import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { type Table, takeRows } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';
import { readReference, splitReference } from './reference-data.ts';

const [header, ...lines] = readReference('data/fraud/fraud_combined.csv').trim().split('\n');
const inputs = header
  .split(',')
  .slice(0, -1)
  .map((name) => ({ name, type: 'number', missing: 'impute' }) as const);

function fraudTable(): Table {
  const builder = createTableBuilder(inputs);
  for (const line of lines) {
    const cells = line.split(',').map(Number);
    builder.begin();
    for (let column = 0; column < inputs.length; column++) builder.setNumber(column, cells[column]);
    builder.commit(cells[inputs.length], 0);
  }
  return builder.build();
}

const { training, test: fresh } = splitReference('fraud', fraudTable());
const honest = takeRows(
  training,
  Uint32Array.from({ length: training.rows }, (_, row) => row).filter(
    (row) => training.target[row] === 0,
  ),
);

function scoresOf(name: string, table: Table, seed = 1): Float32Array {
  const algorithm = findAlgorithm(name, 'anomaly')!;
  const data = { task: 'anomaly', inputs, table, classes: [], weights: null } as const;
  return predictPipeline(fitPipeline(data, { algorithm }, { rng: createRng(seed) }), fresh);
}

/** Share of the frauds above the score that 1 % of honest rows exceed (interpolated). */
function recallAtOnePerCent(scores: Float32Array): number {
  const of = (kind: number) => scores.filter((_, row) => fresh.target[row] === kind).sort();
  const ordinary = of(0);
  const at = 0.99 * (ordinary.length - 1);
  const below = ordinary[Math.floor(at)];
  const limit = below + (at % 1) * (ordinary[Math.ceil(at)] - below);
  const frauds = of(1);
  return frauds.filter((score) => score > limit).length / frauds.length;
}

function rocAuc(scores: Float32Array): number {
  const order = [...scores.keys()].sort((a, b) => scores[a] - scores[b]);
  let ranks = 0;
  let frauds = 0;
  order.forEach((row, rank) => {
    if (fresh.target[row] === 0) return;
    ranks += rank + 1;
    frauds++;
  });
  return (ranks - (frauds * (frauds + 1)) / 2) / (frauds * (fresh.rows - frauds));
}

const meanRecall = (table: Table): number => {
  let sum = 0;
  for (let seed = 0; seed < 20; seed++)
    sum += recallAtOnePerCent(scoresOf('isolation-forest', table, seed));
  return sum / 20;
};

// scikit-learn 1.2.1, IsolationForest(), mean of 60 seeds: .434 (sd .049), honest rows alone .569 (.064).
test('an isolation forest finds no fewer frauds than the reference', () => {
  expect(meanRecall(training)).toBeGreaterThan(0.47);
  expect(meanRecall(honest)).toBeGreaterThan(0.55);
});

// scikit-learn 1.2.1, StandardScaler and LocalOutlierFactor(novelty=True).
test('the local outlier factor ranks frauds as the reference does', () => {
  expect(rocAuc(scoresOf('local-outlier-factor', training))).toBeCloseTo(0.494245, 4);
  expect(rocAuc(scoresOf('local-outlier-factor', honest))).toBeCloseTo(0.972865, 4);
});

// scikit-learn 1.2.1, EllipticEnvelope: .505 and .705.
test('robust covariance finds no fewer frauds than the reference', () => {
  expect(recallAtOnePerCent(scoresOf('robust-covariance', training))).toBeGreaterThan(0.5);
  expect(recallAtOnePerCent(scoresOf('robust-covariance', honest))).toBeGreaterThan(0.7);
});

test.each(['ecod', 'copod', 'histogram-score'])('%s finds half of the frauds', (name) => {
  expect(recallAtOnePerCent(scoresOf(name, training))).toBeGreaterThan(0.5);
});
