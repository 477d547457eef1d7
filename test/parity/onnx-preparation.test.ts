import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import {
  type Combination,
  type FittedEnsemble,
  type Predictor,
  predictModel,
  stackMatrix,
} from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { fitPipeline, predictPipeline } from '../../shared/learn/pipeline.ts';
import type { Task } from '../../shared/learn/task.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { prepareTable, type Recipe } from '../../shared/prepare/preparation.ts';
import { AWKWARD_INPUTS, awkwardTable, CLASSES_OF, extremeTable } from '../support/awkward-rows.ts';
import { expectSameAnswers } from '../support/onnx-judges.ts';

const fitted = (name: string, task: Task, recipe?: Recipe) => {
  const algorithm = findAlgorithm(name, task);
  if (algorithm === undefined) throw new Error(`no ${name} for ${task}`);
  const classes = task === 'binary' || task === 'multiclass' ? CLASSES_OF[task] : [];
  const table = awkwardTable(120, classes.length);
  return fitPipeline(
    { task, inputs: AWKWARD_INPUTS, table, classes, weights: null },
    { algorithm, recipe },
    { rng: createRng(1) },
  );
};

async function judge(predictor: Predictor): Promise<void> {
  const graph = exportPipeline(predictor);
  if (!graph.ok) throw new Error(graph.error.detail);
  const { classes } = predictor;
  for (const table of [awkwardTable(80, classes.length, 31), extremeTable(30)]) {
    const expected = predictModel(predictor, table);
    expect(expected.every(Number.isFinite)).toBe(true);
    await expectSameAnswers(graph.value, { table, expected, classes });
  }
}

const plain: Recipe = { indicators: true, impute: 'median', scale: 'standard' };

test.each<[string, Recipe]>([
  ['indicators, mean, standard scale', { ...plain, impute: 'mean' }],
  ['fences by quartiles, min-max', { ...plain, winsorise: 'iqr', scale: 'min-max' }],
  ['fences by deviations, robust scale', { ...plain, winsorise: 'mad', scale: 'robust' }],
  ['rows flagged by quartiles', { ...plain, flagOutliers: 'iqr' }],
  ['rows flagged by deviations, then clipped', { ...plain, flagOutliers: 'mad', winsorise: 'iqr' }],
  ['rows flagged by an isolation forest', { ...plain, flagOutliers: 'isolation-forest' }],
  ['rows flagged by neighbours', { ...plain, flagOutliers: 'local-outlier-factor' }],
  ['rows flagged before any imputation', { flagOutliers: 'iqr', impute: 'median' }],
  ['power transform', { ...plain, transform: 'power' }],
  ['quantile transform', { ...plain, transform: 'quantile', scale: undefined }],
  ['nearest imputation', { ...plain, impute: 'nearest' }],
  ['nearest imputation without a scale', { impute: 'nearest' }],
  ['chained imputation', { ...plain, impute: 'chained' }],
  ['polynomial products', { ...plain, products: 'polynomial' }],
  ['interactions, principal components', { ...plain, products: 'interaction', pca: 0.95 }],
  ['target encoding, max-abs', { ...plain, encode: 'target', scale: 'max-abs' }],
  ['frequency encoding', { ...plain, encode: 'frequency' }],
  ['ordinal encoding', { ...plain, encode: 'ordinal' }],
  ['hashing', { ...plain, encode: 'hashing' }],
])('a preparation by %s is the same in the graph', async (_, recipe) => {
  await judge(fitted('ridge', 'regression', recipe));
});

test('a target encoding of several classes has a column for each but the first', async () => {
  await judge(fitted('logistic-regression', 'multiclass', { ...plain, encode: 'target' }));
});

const members = (task: Task): Predictor[] => [
  fitted(task === 'regression' ? 'ridge' : 'logistic-regression', task),
  fitted('decision-tree', task),
  fitted('random-forest', task),
];

const ensemble = (task: Task, combine: Combination): FittedEnsemble => {
  const own = members(task);
  const { inputs, classes } = own[0];
  return { type: 'ensemble', task, inputs, classes, members: own, combine };
};

const weights = Float32Array.of(0.5, 0.2, 0.3);

test.each<[Task, Combination]>([
  ['regression', { type: 'average', weights }],
  ['binary', { type: 'average', weights }],
  ['multiclass', { type: 'average', weights }],
  ['binary', { type: 'vote', weights }],
  ['multiclass', { type: 'vote', weights }],
])('an ensemble for %s that combines by %o is one graph', async (task, combine) => {
  await judge(ensemble(task, combine));
});

test.each<Task>(['regression', 'binary', 'multiclass'])(
  'a stack for %s is one graph',
  async (task) => {
    const unfitted = ensemble(task, { type: 'average', weights });
    const table = awkwardTable(120, unfitted.classes.length);
    const outputs = Math.max(1, unfitted.classes.length);
    const matrix = stackMatrix(
      unfitted.members.map((member) => predictModel(member, table)),
      { task, outputs },
    );
    const final = findAlgorithm(task === 'regression' ? 'ridge' : 'logistic-regression', task);
    const learning = { task, matrix, target: table.target, weights: null };
    const stacked = final!.fit({ ...learning, classes: unfitted.classes.length }, final!.defaults, {
      rng: createRng(2),
    });
    await judge({ ...unfitted, combine: { type: 'stack', final: stacked } });
  },
);

test.each<Task>(['regression', 'multiclass'])(
  'weights that depend on the row are part of the graph (%s)',
  async (task) => {
    const own = members(task);
    const name = task === 'regression' ? 'ridge' : 'logistic-regression';
    const { inputs, classes, preparation } = fitted(name, task);
    const matrix = prepareTable(preparation, awkwardTable(40, classes.length, 3));
    const rng = createRng(6);
    const errors = Float32Array.from({ length: 40 * own.length }, () => rng());
    const competence = { preparation, reference: matrix.data, errors, neighbours: 7 };
    await judge({
      type: 'ensemble',
      task,
      inputs,
      classes,
      members: own,
      combine: { type: 'local', competence },
    });
  },
);

test('an ensemble within an ensemble is one graph', async () => {
  const inner = ensemble('binary', { type: 'average', weights });
  const combine = { type: 'average', weights: Float32Array.of(0.75, 0.25) } as const;
  await judge({ ...inner, members: [inner, inner.members[1]], combine });
});

test('members that prepare rows alike share the nodes that do it', () => {
  const member = fitted('ridge', 'regression');
  const { inputs, classes, task } = member;
  const combine = { type: 'average', weights: Float32Array.of(0.5, 0.5) } as const;
  const sizeOf = (predictor: Predictor) => {
    const graph = exportPipeline(predictor);
    return graph.ok ? graph.value.length : Number.NaN;
  };
  const twice = sizeOf({
    type: 'ensemble',
    task,
    inputs,
    classes,
    members: [member, member],
    combine,
  });
  expect(twice).toBeLessThan(sizeOf(member) + 300);
});

test('a graph whose input would be named as its output is refused by name', () => {
  const pipeline = fitted('ridge', 'regression');
  const inputs = pipeline.inputs.map((input, i) =>
    i === 0 ? { ...input, name: 'variable' } : input,
  );
  expect(exportPipeline({ ...pipeline, inputs })).toMatchObject({
    error: { reason: 'not_exportable', part: 'the input "variable"' },
  });
});

test('the same pipeline gives the same bytes', () => {
  const pipeline = fitted('random-forest', 'multiclass');
  expect(exportPipeline(structuredClone(pipeline))).toEqual(exportPipeline(pipeline));
});

test('a missing value reaches trees as it is', async () => {
  const pipeline = fitted('random-forest', 'regression', {});
  const table = awkwardTable(40, 0, 5);
  expect(predictPipeline(pipeline, table).every(Number.isFinite)).toBe(true);
  await judge(pipeline);
});

test.each(['regression', 'multiclass'] as const)(
  'neighbours at distance 0 decide alone in the graph too (%s)',
  async (task) => {
    const algorithm = findAlgorithm('nearest-neighbours', task);
    const classes = task === 'multiclass' ? CLASSES_OF[task] : [];
    const table = awkwardTable(90, classes.length);
    const pipeline = fitPipeline(
      { task, inputs: AWKWARD_INPUTS, table, classes, weights: null },
      { algorithm: algorithm!, parameters: { weights: 'distance' } },
      { rng: createRng(1) },
    );
    const graph = exportPipeline(pipeline);
    if (!graph.ok) throw new Error(graph.error.detail);
    const expected = predictPipeline(pipeline, table);
    await expectSameAnswers(graph.value, { table, expected, classes });
  },
);
