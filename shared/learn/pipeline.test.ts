import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import { ALGORITHMS } from './catalogue.ts';
import { fitPipeline, predictPipeline } from './pipeline.ts';
import { outputsOf } from './task.ts';

const INPUTS = [
  { name: 'age', type: 'number', missing: 'impute' },
  {
    name: 'colour',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'red' }, { value: 'green' }],
  },
] as const;

const CLASSES = { binary: ['no', 'yes'], multiclass: ['a', 'b', 'c'] };

/** Rows with missing numbers, missing categories and one category that was not declared. */
function rowsFor(classes: number) {
  const rng = createRng(7);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < 90; i++) {
    builder.begin();
    const age = 20 + 50 * rng();
    if (i % 10 !== 0) builder.setNumber(0, age);
    if (i % 7 !== 0) builder.setCategory(1, i === 5 ? 'blue' : i % 2 === 0 ? 'red' : 'green');
    const noise = 4 * rng();
    builder.commit(
      classes > 0 ? Math.floor(((age + noise - 20) / 54.1) * classes) : age + noise,
      0,
    );
  }
  return builder.build();
}

const cases = ALGORITHMS.flatMap((algorithm) =>
  algorithm.tasks.map((task) => [algorithm.name, task, algorithm] as const),
);

test.each(cases)('%s fits a %s from raw rows and answers every row', (_, task, algorithm) => {
  const classes = task === 'binary' || task === 'multiclass' ? CLASSES[task] : [];
  const table = rowsFor(classes.length);
  const data = { task, inputs: INPUTS, table, classes, weights: null };
  const train = () => fitPipeline(data, { algorithm }, { rng: createRng(1) });
  const pipeline = train();
  const predictions = predictPipeline(pipeline, table);
  const outputs = outputsOf(task, classes.length);
  expect(predictions).toHaveLength(table.rows * outputs);
  expect(predictions.every(Number.isFinite)).toBe(true);
  expect(train()).toEqual(pipeline);
  if (outputs === 1) return;
  for (let row = 0; row < table.rows; row++) {
    const shares = predictions.subarray(row * outputs, (row + 1) * outputs);
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  }
});

test.each(cases)('%s (%s) has its defaults within its space', (_, __, { defaults, space }) => {
  for (const [name, distribution] of Object.entries(space)) {
    const value = defaults[name];
    if (distribution.type === 'categorical') expect(distribution.choices).toContain(value);
    else {
      expect(value).toBeGreaterThanOrEqual(distribution.low);
      expect(value).toBeLessThanOrEqual(distribution.high);
    }
  }
});

test('each name is given once per task', () => {
  const pairs = cases.map(([name, task]) => `${name} ${task}`);
  expect(new Set(pairs).size).toBe(pairs.length);
});
