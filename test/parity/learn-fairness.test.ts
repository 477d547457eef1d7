import { expect, test } from 'vitest';
import { createRng } from '../../shared/core/rng.ts';
import { findAlgorithm } from '../../shared/learn/catalogue.ts';
import { fitModel, sharesOf } from '../../shared/learn/ensemble/fit-model.ts';
import { type Predictor, predictModel } from '../../shared/learn/ensemble/fitted-ensemble.ts';
import { type ModelChoice, pipelineModel } from '../../shared/learn/ensemble/model-choice.ts';
import { mitigateModel } from '../../shared/learn/fairness/mitigate.ts';
import type { Mitigation } from '../../shared/learn/fairness/mitigation.ts';
import { groupsOf } from '../../shared/learn/fairness/sensitive-groups.ts';
import { saidYes } from '../../shared/learn/fairness/steady-learner.ts';
import { type PipelineData, takeData } from '../../shared/learn/pipeline-data.ts';
import { exportPipeline } from '../../shared/onnx/export-pipeline.ts';
import { standingsOf } from '../../shared/stats/fairness/decision-standing.ts';
import { inferTable } from '../../shared/table/infer-table.ts';
import { stratifiedShuffleSplit } from '../../shared/table/split/train-test-split.ts';
import { AWKWARD_INPUTS, awkwardTable, CLASSES_OF } from '../support/awkward-rows.ts';
import { expectSameAnswers } from '../support/onnx-judges.ts';
import { readReference } from './reference-data.ts';

const algorithmOf = (name: string) => {
  const algorithm = findAlgorithm(name, 'binary');
  if (algorithm === undefined) throw new Error(`no ${name}`);
  return algorithm;
};
const pipeline = (name: string) => pipelineModel({ algorithm: algorithmOf(name) });

function fitted(data: PipelineData, model: ModelChoice): Predictor {
  const predictor = fitModel(data, model, 1);
  if (!predictor.ok) throw new Error(predictor.error.reason);
  return predictor.value;
}

/** The model, made fair to the groups of the column of that name. */
function made(
  data: PipelineData,
  model: ModelChoice,
  { name, mitigation }: { name: string; mitigation: Mitigation },
) {
  const columns = data.inputs.filter((input) => input.name === name);
  const groups = groupsOf(data.table.columns.find((column) => column.name === name)!);
  const predictor = fitted(data, model);
  const unfair = { predictor, model, shares: sharesOf(predictor), data, groups, columns };
  const found = mitigateModel({ ...unfair, mayReplace: false }, mitigation, 1);
  if (!found.ok) throw new Error(`${name}: ${JSON.stringify(found.error)}`);
  return found.value;
}

const awkward = (): PipelineData => ({
  ...{ task: 'binary', inputs: AWKWARD_INPUTS, table: awkwardTable(150, 2) },
  ...{ classes: CLASSES_OF.binary, weights: null },
});
const category = AWKWARD_INPUTS.find(({ type }) => type === 'category')!.name;

/** Few numbers that tell groups, in place of the first column of numbers; some miss. */
function coded(data: PipelineData): PipelineData {
  const { table } = data;
  const at = table.columns.findIndex(({ type }) => type === 'number');
  const values = Float32Array.from({ length: table.rows }, (_, i) =>
    i % 9 === 0 ? Number.NaN : [0, 0.5, 3][i % 3],
  );
  const column = { ...table.columns[at], type: 'number', values } as const;
  return { ...data, table: { ...table, columns: table.columns.with(at, column) } };
}

async function judge(predictor: Predictor, table: PipelineData['table']): Promise<void> {
  const graph = exportPipeline(predictor);
  if (!graph.ok) throw new Error(graph.error.detail);
  const expected = predictModel(predictor, table);
  await expectSameAnswers(graph.value, { table, expected, classes: predictor.classes });
}

const mixture = {
  method: 'exponentiated-gradient',
  constraint: 'equalized_odds',
  differenceBound: 0.02,
} as const;
const thresholds = { method: 'threshold', constraint: 'equalized_odds' } as const;

test.each(['logistic-regression', 'gaussian-naive-bayes', 'ada-boost'])(
  'a mixture of %s is one graph of its votes',
  async (name) => {
    const data = awkward();
    const { predictor } = made(data, pipeline(name), { name: category, mitigation: mixture });
    await judge(predictor, awkwardTable(80, 2, 31));
  },
);

test('thresholds by group are one graph: groups by words, by numbers, over an ensemble', async () => {
  const data = awkward();
  const words = { name: category, mitigation: thresholds };
  const table = awkwardTable(80, 2, 31);
  await judge(made(data, pipeline('logistic-regression'), words).predictor, table);
  const ensemble: ModelChoice = {
    type: 'ensemble',
    combine: { type: 'voting', voting: 'soft', weights: null },
    members: ['hist-gradient-boosting', 'logistic-regression'].map(pipeline),
    seed: null,
  };
  await judge(made(data, ensemble, words).predictor, table);
  const numbers = coded(data);
  const { name } = numbers.table.columns.find(({ type }) => type === 'number')!;
  const byNumber = made(numbers, pipeline('logistic-regression'), { name, mitigation: thresholds });
  await judge(byNumber.predictor, coded({ ...data, table }).table);
});

/** Arrests within two years (COMPAS, ProPublica's rows), groups of 500 and more. */
function compas(): PipelineData {
  const [header, ...lines] = readReference('data/compas/compas.csv').trim().split(/\r?\n/);
  const names = header.split(',');
  const cell = (cells: string[], name: string) => cells[names.indexOf(name)];
  const kept = lines
    .map((line) => line.split(','))
    .filter((cells) => {
      const days = cell(cells, 'days_b_screening_arrest');
      const isNear = days !== '' && Math.abs(Number(days)) <= 30;
      const isLarge = /^(African-American|Caucasian|Hispanic)$/.test(cell(cells, 'race'));
      return isNear && isLarge && cell(cells, 'is_recid') !== '-1';
    });
  const columns = ['sex', 'age', 'race', 'juv_fel_count', 'priors_count', 'two_year_recid'];
  const text = [columns, ...kept.map((cells) => columns.map((name) => cell(cells, name)))];
  const read = inferTable(text.map((cells) => cells.join(',')).join('\n'), {
    ...{ target: 'two_year_recid', task: 'binary' },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { inputs, table, classes } = read.value;
  return { task: 'binary', inputs, table, classes: classes ?? [], weights: null };
}

test.each([
  ['exponentiated gradient', mixture, 0.07],
  ['thresholds', thresholds, 0.05],
] as const)(
  'COMPAS by race: %s shrinks the odds that differ to a third, for some accuracy',
  (...given) => {
    const [, mitigation, most] = given;
    const all = compas();
    const split = stratifiedShuffleSplit(all.table.target, { testSize: 0.4, rng: createRng(1) });
    if (!split.ok) throw new Error(split.error.reason);
    const [training, test] = [split.value.training, split.value.test].map((rows) =>
      takeData(all, rows),
    );
    const logistic = pipeline('logistic-regression');
    const plain = fitted(training, logistic);
    const fair = made(training, logistic, { name: 'race', mitigation });
    const groups = groupsOf(test.table.columns.find(({ name }) => name === 'race')!);
    const wayOf = (predictor: Predictor, isDrawn: boolean) => {
      const answers = predictModel(predictor, test.table);
      const scores = answers.filter((_, i) => i % 2 === 1);
      return { truth: test.table.target, groups, scores, yes: isDrawn ? scores : saidYes(answers) };
    };
    const ways = [wayOf(plain, false), wayOf(fair.predictor, fair.isDrawn)];
    const [before, after] = standingsOf(ways, { minGroupSize: 20, rng: createRng(1) });
    const odds = (standing: typeof before.standing) => standing.equalizedOddsDifference!.value;
    expect(odds(before.standing)).toBeGreaterThan(0.3);
    expect(odds(after.standing)).toBeLessThan(odds(before.standing) / 3);
    expect(after.change.equalizedOddsDifference!.interval[1]).toBeLessThan(0);
    expect(after.change.accuracy!.value).toBeGreaterThan(-most);
  },
);
