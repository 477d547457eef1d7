import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import type { ColumnSpec } from '../table/table.ts';
import { createTableBuilder } from '../table/table-builder.ts';
import type { Algorithm } from './algorithm.ts';
import { ALGORITHMS, findAlgorithm } from './catalogue.ts';
import { type FittedPipeline, fitPipeline, predictPipeline } from './pipeline.ts';
import type { PipelineData } from './pipeline-data.ts';
import type { Parameters } from './search/space.ts';
import type { Task } from './task.ts';
import { canGoOn } from './warm-start.ts';

const INPUTS: ColumnSpec[] = [
  { name: 'a', type: 'number', missing: 'impute' },
  { name: 'b', type: 'number', missing: 'impute' },
  {
    name: 'c',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'x' }, { value: 'y' }, { value: 'z' }],
  },
];

const CLASSES = { binary: ['no', 'yes'], multiclass: ['low', 'middle', 'high'] };

function madeData(task: Task, rows = 160): PipelineData {
  const classes = task === 'binary' || task === 'multiclass' ? CLASSES[task] : [];
  const rng = createRng(3);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    const [a, b] = [4 * rng(), 4 * rng()];
    if (rng() > 0.1) builder.setNumber(0, a);
    builder.setNumber(1, b);
    builder.setCategory(2, ['x', 'y', 'z'][i % 3]);
    const y = a + (b > 2 ? 2 : 0) + (i % 3) + rng();
    builder.commit(classes.length === 0 ? y : Math.min(classes.length - 1, Math.floor(y / 4)), 0);
  }
  return { task, inputs: INPUTS, table: builder.build(), classes, weights: null };
}

type Given = { parameters?: Parameters; from?: FittedPipeline };

const fitOn = (data: PipelineData, algorithm: Algorithm, given: Given = {}) =>
  fitPipeline(data, { algorithm, ...given }, { rng: createRng(1) });

const going = ALGORITHMS.filter(({ goesOn }) => goesOn).flatMap((algorithm) =>
  algorithm.tasks.map((task) => [algorithm.name, task, algorithm] as const),
);

const ADDS_ROUNDS = [
  ...['hist-gradient-boosting', 'absolute-boosting', 'quantile-boosting', 'poisson-boosting'],
];
const boosting = going.filter(([name]) => ADDS_ROUNDS.includes(name));

test.each(boosting)('%s (%s): k rounds and k more are 2 k rounds, byte for byte', (...given) => {
  const [, task, algorithm] = given;
  const data = madeData(task);
  const boosted = (maxIter: number, from?: FittedPipeline) =>
    fitOn(data, algorithm, { parameters: { maxIter, minSamplesLeaf: 5 }, from });
  expect(boosted(6, boosted(6)).estimator).toEqual(boosted(12).estimator);
});

test('one-side sampling knows after a warm start how many rounds there were before', () => {
  const data = madeData('regression');
  const goss = findAlgorithm('goss', 'regression')!;
  const parameters = { maxIter: 12, learningRate: 0.1, minSamplesLeaf: 5 };
  const first = fitOn(data, goss, { parameters });
  const more = fitOn(data, goss, { parameters: { maxIter: 1 }, from: first });
  // Sampling has begun: the added tree is grown on fewer rows than there are.
  expect(more.estimator.type === 'trees' && more.estimator.roots.length).toBe(13);
  if (more.estimator.type !== 'trees') return;
  expect(more.estimator.cover?.[more.estimator.roots[12]]).toBeLessThan(data.table.rows);
});

const iterating = going.filter(([name]) => !ADDS_ROUNDS.includes(name) && name !== 'goss');

test.each(iterating)(
  '%s (%s): one iteration from a fitted model answers nearly as it, one from nothing does not',
  (_, task, algorithm) => {
    const data = madeData(task);
    const small: Parameters = 'hiddenUnits' in algorithm.defaults ? { hiddenUnits: 8 } : {};
    const whole = fitOn(data, algorithm, { parameters: small });
    const expected = predictPipeline(whole, data.table);
    const distance = (from?: FittedPipeline) => {
      const once = fitOn(data, algorithm, { parameters: { ...small, maxIter: 1 }, from });
      const answers = predictPipeline(once, data.table);
      return answers.reduce((sum, answer, i) => sum + (answer - expected[i]) ** 2, 0);
    };
    expect(distance(whole)).toBeLessThan(0.1 * distance());
  },
);

test('the preparation and the parameters of the model that is gone on from stay', () => {
  const data = madeData('regression');
  const algorithm = findAlgorithm('hist-gradient-boosting', 'regression')!;
  const first = fitOn(data, algorithm, { parameters: { learningRate: 0.3 } });
  const half = { ...data, table: madeData('regression', 80).table };
  const more = fitOn(half, algorithm, { from: first });
  expect(more.preparation).toBe(first.preparation);
  expect(more.parameters).toEqual(first.parameters);
});

const model = fitOn(madeData('binary'), findAlgorithm('hist-gradient-boosting', 'binary')!, {
  parameters: { maxIter: 2 },
});
const ASKED = { algorithm: null, task: 'binary', inputs: INPUTS, classes: ['no', 'yes'] } as const;

test.each([
  [{ algorithm: 'goss' }, { reason: 'other_algorithm', asked: 'goss' }],
  [{ task: 'regression' as const }, { reason: 'other_task', task: 'binary' }],
  [{ inputs: INPUTS.slice(1) }, { reason: 'other_input', column: 'a', difference: 'missing' }],
  [
    { inputs: [...INPUTS, { ...INPUTS[0], name: 'd' }] },
    { reason: 'other_input', column: 'd', difference: 'new' },
  ],
  [
    { inputs: [{ ...INPUTS[0], name: 'c' }, ...INPUTS.slice(0, 2)] },
    { reason: 'other_input', column: 'c', difference: 'type' },
  ],
  [{ classes: ['no', 'maybe'] }, { reason: 'other_class', label: 'maybe', difference: 'new' }],
  [{ classes: ['no'] }, { reason: 'other_class', label: 'yes', difference: 'missing' }],
])('a model is not gone on from with %j', (changed, error) => {
  const found = canGoOn(model, { ...ASKED, ...changed }, ALGORITHMS);
  expect(found).toMatchObject({ ok: false, error });
});

test('a calibrated model is not gone on from: its map is for what it says now', () => {
  const calibration: FittedPipeline['calibration'] = {
    type: 'temperature',
    reads: 'probabilities',
    temperature: 2,
  };
  const error = { reason: 'calibrated' };
  expect(canGoOn({ ...model, calibration }, ASKED, ALGORITHMS)).toMatchObject({ ok: false, error });
});

test('a model is gone on from where nothing differs, but not by an algorithm that never does', () => {
  expect(canGoOn(model, ASKED, ALGORITHMS)).toEqual({ ok: true, value: model });
  const forest = { ...model, algorithm: 'random-forest' };
  expect(canGoOn(forest, ASKED, ALGORITHMS)).toMatchObject({
    error: { reason: 'never_goes_on', algorithm: 'random-forest' },
  });
});
