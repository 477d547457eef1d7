import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { fitPipeline, predictPipeline } from '../pipeline.ts';
import { BAYES_ALGORITHMS } from './algorithms.ts';

const INPUTS = [{ name: 'x', type: 'number', missing: 'impute' }] as const;

const cases = BAYES_ALGORITHMS.flatMap((algorithm) =>
  algorithm.tasks.map((task) => [algorithm.name, task, algorithm] as const),
);

test.each(cases)('%s answers a %s whose numbers are subnormal', (_, task, algorithm) => {
  const classes = task === 'binary' ? ['a', 'b'] : ['a', 'b', 'c'];
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < 60; i++) {
    builder.begin();
    builder.setNumber(0, ((i % classes.length) + (i % 7) / 7) * 1e-40);
    builder.commit(i % classes.length, 0);
  }
  const table = builder.build();
  const data = { task, inputs: INPUTS, table, classes, weights: null };
  const pipeline = fitPipeline(data, { algorithm }, { rng: createRng(1) });
  expect(predictPipeline(pipeline, table).every(Number.isFinite)).toBe(true);
});
