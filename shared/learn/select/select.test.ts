import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import type { SelectStep } from '../../prepare/steps/select.ts';
import type { LearningData } from '../algorithm.ts';
import { findAlgorithm } from '../catalogue.ts';
import { preparePipeline } from '../pipeline.ts';
import type { TreesEstimator } from '../trees/trees-estimator.ts';
import { permutedImportances, shapImportances } from './importances.ts';
import {
  boruta,
  eliminateColumns,
  type ModelSelection,
  selectByImportance,
} from './select-columns.ts';

/** Six columns of noise but for 1 and 4, which the target is made of. */
function dataOf(task: 'regression' | 'binary'): LearningData {
  const rng = createRng(8);
  const rows = 240;
  const data = Float32Array.from({ length: rows * 6 }, () => rng());
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const score = 3 * data[row * 6 + 1] + 2 * data[row * 6 + 4];
    return task === 'binary' ? Number(score > 2.5) : score;
  });
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const matrix = { rows, names, data, categories: [] };
  return { task, matrix, target, classes: task === 'binary' ? 2 : 0, weights: null };
}

const byShap = (task: 'regression' | 'binary'): ModelSelection => ({
  algorithm: findAlgorithm('hist-gradient-boosting', task)!,
  importancesOf: (estimator, { matrix }) => shapImportances(estimator as TreesEstimator, matrix),
  rng: createRng(1),
});

const byPermutation = (task: 'regression' | 'binary'): ModelSelection => {
  const rng = createRng(1);
  const importancesOf: ModelSelection['importancesOf'] = (estimator, data) =>
    permutedImportances(estimator, data, rng);
  const algorithm = findAlgorithm(task === 'binary' ? 'logistic-regression' : 'ridge', task)!;
  return { algorithm, importancesOf, rng };
};

test.each(['regression', 'binary'] as const)(
  'of a %s the columns that matter are chosen',
  (task) => {
    const data = dataOf(task);
    for (const selection of [byShap(task), byPermutation(task)]) {
      expect([...selectByImportance(data, 2, selection).columns]).toEqual([1, 4]);
      expect([...eliminateColumns(data, { keep: 2, dropShare: 0.3 }, selection).columns]).toEqual([
        1, 4,
      ]);
    }
  },
);

test('Boruta confirms what matters and confirms no noise', () => {
  const { confirmed } = boruta(
    dataOf('regression'),
    { rounds: 12, alpha: 0.05 },
    byPermutation('regression'),
  );
  expect(confirmed).toEqual([1, 4]);
});

test('Boruta confirms none before a coin could not have done as well on any of the columns', () => {
  const after = (rounds: number) =>
    boruta(dataOf('regression'), { rounds, alpha: 0.05 }, byPermutation('regression'));
  // .05 / 6 columns: six heads of six are .0156, seven of seven .0078.
  expect(after(6)).toEqual({ confirmed: [], tentative: expect.arrayContaining([1, 4]) });
  expect(after(7).confirmed).toEqual([1, 4]);
});

test('never fewer than one column is kept, nor more than there are', () => {
  const data = dataOf('regression');
  expect(selectByImportance(data, 0, byPermutation('regression')).columns).toHaveLength(1);
  expect(selectByImportance(data, 99, byPermutation('regression')).columns).toHaveLength(6);
});

test.each([
  { by: 'shap', keep: 2 },
  { by: 'permutation', keep: 1 / 3 },
  { by: 'rfe', keep: 2 },
  { by: 'boruta' },
] as const)('a recipe that selects by $by ends in a step of the columns that matter', (select) => {
  const { matrix, target } = dataOf('regression');
  const rng = createRng(3);
  const columns = matrix.names.map((name, j) => ({
    ...{ type: 'number' as const, name },
    values: matrix.data.filter((_, at) => at % matrix.names.length === j),
  }));
  const table = { rows: matrix.rows, columns, target, order: null };
  const { preparation } = preparePipeline({ select }, { table, target, classes: 0, rng });
  const [{ columns: kept }] = preparation.steps as SelectStep[];
  expect([...kept]).toEqual([1, 4]);
});
