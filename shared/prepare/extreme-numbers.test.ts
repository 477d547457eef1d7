import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import type { Table } from '../table/table.ts';
import { fitPreparation, prepareTable, type Recipe } from './preparation.ts';

const GREATEST = 3.4028234663852886e38;

/** All of float32: its ends, subnormal numbers, gaps. */
const cell = fc.oneof(
  { weight: 4, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 2, arbitrary: fc.constantFrom(GREATEST, -GREATEST, 3e38, 1e-40, -1e-45, 0, 7) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const rows = fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 12 });

const tableOf = (cells: readonly (readonly number[])[]): Table => ({
  rows: cells.length,
  columns: ['a', 'b'].map((name, j) => ({
    ...{ type: 'number', name },
    values: Float32Array.from(cells, (row) => row[j]),
  })),
  target: Float64Array.from(cells, (_, row) => row),
  order: null,
});

const scales = (['standard', 'min-max', 'max-abs', 'robust'] as const).flatMap((scale) => [
  { impute: 'median', scale } as const,
  { impute: 'mean', scale, products: 'polynomial' } as const,
]);
const RECIPES: Recipe[] = [
  ...scales,
  { impute: 'nearest' },
  { impute: 'chained', scale: 'standard' },
  { impute: 'most-frequent', transform: 'power', scale: 'standard' },
  { impute: 'median', transform: 'quantile' },
  { impute: 'median', scale: 'standard', pca: 0.9 },
  { impute: 'median', flagOutliers: 'iqr', winsorise: 'mad', scale: 'robust' },
  { indicators: true, impute: 'constant', flagOutliers: 'mad', products: 'interaction' },
];

test.each(RECIPES.map((recipe) => [JSON.stringify(recipe), recipe] as const))(
  '%s makes finite numbers of any',
  (_, recipe) => {
    fc.assert(
      fc.property(rows, rows, (training, others) => {
        const table = tableOf(training);
        const data = { table, target: table.target, classes: 0, rng: createRng(1) };
        const { preparation, matrix } = fitPreparation(recipe, data);
        expect(matrix.data.every(Number.isFinite)).toBe(true);
        expect(prepareTable(preparation, tableOf(others)).data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 60, seed: 5 },
    );
  },
);
