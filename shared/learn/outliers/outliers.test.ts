import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import type { Recipe } from '../../prepare/preparation.ts';
import { type ColumnSpec, takeRows } from '../../table/table.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { findAlgorithm } from '../catalogue.ts';
import { createExplainer } from '../explain/explainer.ts';
import { fitPipeline, predictPipeline } from '../pipeline.ts';

const INPUTS: readonly ColumnSpec[] = ['a', 'b'].map((name) => ({
  ...{ name, type: 'number', missing: 'impute' },
}));

const HONEST = 190;
const STRANGE = 10;

/** y = 3 a + 2 b, and ten rows far from all others whose target says nothing of the kind. */
function rowsWithStrangers() {
  const rng = createRng(5);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < HONEST + STRANGE; i++) {
    const isStrange = i >= HONEST;
    const [a, b] = isStrange ? [40 + i, 35 + i] : [normal(rng), normal(rng)];
    builder.begin();
    builder.setNumber(0, a);
    if (i % 20 !== 7) builder.setNumber(1, b);
    builder.commit(isStrange ? 0 : 3 * a + 2 * b, 0);
  }
  return builder.build();
}

function fitted(recipe: Recipe) {
  const algorithm = findAlgorithm('linear-regression', 'regression');
  if (algorithm === undefined) throw new Error('no linear regression');
  const table = rowsWithStrangers();
  const data = { task: 'regression', inputs: INPUTS, table, classes: [], weights: null } as const;
  return { table, pipeline: fitPipeline(data, { algorithm, recipe }, { rng: createRng(1) }) };
}

const coefficientsOf = (recipe: Recipe): Float32Array => {
  const { estimator } = fitted({ impute: 'median', ...recipe }).pipeline;
  if (estimator.type !== 'linear') throw new Error(estimator.type);
  return estimator.coefficients;
};

const RULES = ['iqr', 'mad', 'isolation-forest', 'local-outlier-factor'] as const;

test.each(RULES)('rows that are outliers by %s are not learnt from, but answered', (rule) => {
  expect(Math.abs(coefficientsOf({})[0] - 3)).toBeGreaterThan(1);
  const [a, b] = coefficientsOf({ dropOutliers: rule });
  expect(a).toBeCloseTo(3, 0);
  expect(b).toBeCloseTo(2, 0);
  const { pipeline, table } = fitted({ impute: 'median', dropOutliers: rule });
  const predictions = predictPipeline(pipeline, table);
  expect(predictions).toHaveLength(HONEST + STRANGE);
  expect(predictions.every(Number.isFinite)).toBe(true);
});

test.each(RULES)('a row that is an outlier by %s is told apart by a column of its own', (rule) => {
  const coefficients = coefficientsOf({ flagOutliers: rule });
  expect(coefficients).toHaveLength(3);
  expect(coefficients[2]).not.toBe(0);
});

test('a value beyond the fences is clipped to them, in training as in prediction', () => {
  const { pipeline, table } = fitted({ impute: 'median', winsorise: 'mad' });
  const predictions = predictPipeline(pipeline, table);
  expect(predictions[HONEST + STRANGE - 1]).toBe(predictions[HONEST + STRANGE - 2]);
});

test.each(['mad', 'isolation-forest'] as const)(
  'what the flag by %s adds to a prediction is part of its explanation',
  (rule) => {
    const { pipeline, table } = fitted({ impute: 'median', flagOutliers: rule });
    const rows = takeRows(table, [0, 7, HONEST + 1]);
    const background = takeRows(table, [1, 2, 3]);
    const { base, contributions } = createExplainer(pipeline, {
      background,
      maxCoalitions: 16,
      rng: createRng(1),
    }).explain({ table: rows, outputOf: new Uint16Array(3) });
    predictPipeline(pipeline, rows).forEach((prediction, row) => {
      const sum = base[row] + contributions[2 * row] + contributions[2 * row + 1];
      expect(sum).toBeCloseTo(prediction, 3);
    });
  },
);
