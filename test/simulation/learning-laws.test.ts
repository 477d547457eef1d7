import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import type { Algorithm } from '../../shared/learn/algorithm.ts';
import { ALGORITHMS } from '../../shared/learn/catalogue.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import type { PipelineData } from '../../shared/learn/pipeline-data.ts';
import { domainsOf } from '../../shared/learn/search/domain.ts';
import { createRandomSampler } from '../../shared/learn/search/random-sampler.ts';
import { isClassification, outputsOf, type Task } from '../../shared/learn/task.ts';
import { takeRows } from '../../shared/table/table.ts';
import { createTableBuilder } from '../../shared/table/table-builder.ts';

const INPUTS = [
  { name: 'a', type: 'number', missing: 'impute' },
  { name: 'b', type: 'number', missing: 'impute' },
  {
    name: 'c',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'red' }, { value: 'green' }],
  },
] as const;
/** Missing, two that are declared and one that is not. */
const COLOURS = ['', 'red', 'green', 'blue'];
const RUNS = 6;

/** Whatever a file may hold: gaps, constants, the same row many times, very large and very small. */
const number = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1e-6, 1e6, -1e9) },
);
const row = fc.record({
  a: number,
  b: number,
  c: fc.nat({ max: 3 }),
  y: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 1)),
});
type Row = { a: number; b: number; c: number; y: number };

/** Each class has two rows at least, and a regression two values. */
function dataOf(task: Task, rows: readonly Row[]): PipelineData {
  const classes = task === 'binary' ? ['no', 'yes'] : task === 'multiclass' ? ['u', 'v', 'w'] : [];
  const builder = createTableBuilder(INPUTS);
  rows.forEach(({ a, b, c, y }, i) => {
    builder.begin();
    if (!Number.isNaN(a)) builder.setNumber(0, a);
    if (!Number.isNaN(b)) builder.setNumber(1, b);
    if (c > 0) builder.setCategory(2, COLOURS[c]);
    const count = classes.length;
    const code = i < 2 * count ? i % count : Math.min(count - 1, Math.floor(y * count));
    const target = count > 0 ? code : i < 2 ? i + 1 : 1 + 10 * y;
    builder.commit(task === 'anomaly' || task === 'clustering' ? 0 : target, 0);
  });
  return { task, inputs: INPUTS, table: builder.build(), classes, weights: null };
}

/** The defaults, or anything that a search may propose. */
function parametersFor({ defaults, space }: Algorithm, seed: number) {
  if (seed % 3 === 0) return defaults;
  const sampler = createRandomSampler(domainsOf(space));
  const question = { trials: [], number: 0, rng: createRng(seed) };
  return { ...defaults, ...sampler.suggest(question).parameters };
}

const cases = ALGORITHMS.flatMap((algorithm) =>
  algorithm.tasks.map((task) => [algorithm.name, task, algorithm] as const),
);

test.each(cases)(
  '%s (%s) answers every row of any table, by that row alone, and the same again',
  (_, task, algorithm) => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 12, maxLength: 30 }), fc.nat(10_000), (rows, seed) => {
        const data = dataOf(task, rows);
        const choice = { algorithm, parameters: parametersFor(algorithm, seed) };
        const train = () => fitPipeline(data, choice, { rng: createRng(seed) });
        const pipeline = train();
        expect(train()).toEqual(pipeline);
        const answers = predictPipeline(pipeline, data.table);
        const outputs = outputsOf(task, data.classes.length);
        expect(answers).toHaveLength(rows.length * outputs);
        expect([...answers].filter((answer) => !Number.isFinite(answer))).toEqual([]);
        if (isClassification(task))
          for (let i = 0; i < rows.length; i++) {
            const shares = answers.subarray(i * outputs, (i + 1) * outputs);
            expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
            expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
          }
        const order = rows.map((_row, i) => rows.length - 1 - i).filter((i) => i % 3 !== 0);
        const some = predictPipeline(pipeline, takeRows(data.table, order));
        order.forEach((from, at) => {
          for (let k = 0; k < outputs; k++)
            expect(some[at * outputs + k]).toBe(answers[from * outputs + k]);
        });
      }),
      { numRuns: RUNS, seed: 7 },
    );
  },
);
