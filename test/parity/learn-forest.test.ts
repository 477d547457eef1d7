import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import { californiaTable } from './california-table.ts';
import { splitReference } from './reference-data.ts';

const { training, test: fresh } = splitReference('california-housing', californiaTable());

function rmseOf(name: string, parameters: Record<string, number | string>): number {
  const algorithm = findAlgorithm(name, 'regression')!;
  const inputs = training.columns.map(
    (column) => ({ name: column.name, type: 'number', missing: 'impute' }) as const,
  );
  const data = { task: 'regression', inputs, table: training, classes: [], weights: null } as const;
  const pipeline = fitPipeline(data, { algorithm, parameters }, { rng: createRng(42) });
  const predicted = predictPipeline(pipeline, fresh);
  const squares = fresh.target.reduce((sum, y, i) => sum + (y - predicted[i]) ** 2, 0);
  return Math.sqrt(squares / fresh.rows);
}

// conformance/tabular-peers.json: RandomForest(100), california(sklearn-style 8 cols).
test('a forest errs at most 1 % more than the reference on California', () => {
  expect(rmseOf('random-forest', { nEstimators: 100 })).toBeLessThan(1.01 * 0.506804500809103);
});

// scikit-learn 1.2.1, ExtraTreesRegressor(100, random_state=0) on the same split.
test('extremely randomised trees err at most 1 % more than the reference', () => {
  expect(rmseOf('extra-trees', { nEstimators: 50 })).toBeLessThan(1.01 * 0.50881749);
});

// scikit-learn 1.2.1, StandardScaler and KNeighborsRegressor(5) in float64: .6665295535.
test('five nearest neighbours err as those of the reference', () => {
  expect(rmseOf('nearest-neighbours', {})).toBeCloseTo(0.66652955, 5);
});
