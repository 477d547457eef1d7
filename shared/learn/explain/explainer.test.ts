import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import type { Calibration } from '../calibration/calibration.ts';
import { findAlgorithm } from '../catalogue.ts';
import { type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import { fitPipeline } from '../pipeline.ts';
import type { Task } from '../task.ts';
import { createExplainer, hasMargins } from './explainer.ts';
import type { AskedRows } from './explanation.ts';
import { kernelShap } from './kernel-shap.ts';
import { mixedTable } from './mixed-table.ts';

const INPUTS = [
  { name: 'a', type: 'number', missing: 'impute' },
  { name: 'b', type: 'number', missing: 'impute' },
  {
    name: 'kind',
    type: 'category',
    missing: 'impute',
    categories: [{ value: 'x' }, { value: 'y' }],
  },
] as const;

function tableOf(rows: number, classes: number) {
  const rng = createRng(11);
  const builder = createTableBuilder(INPUTS);
  for (let i = 0; i < rows; i++) {
    builder.begin();
    const [a, b] = [rng(), rng()];
    if (i % 9 !== 0) builder.setNumber(0, a);
    builder.setNumber(1, b);
    builder.setCategory(2, i % 2 === 0 ? 'x' : 'y');
    const score = a + 2 * b + (i % 2) / 2;
    builder.commit(classes > 0 ? Math.floor((score / 3.51) * classes) : score, 0);
  }
  return builder.build();
}

function fitted(
  algorithm: string,
  task: Task,
): { model: Predictor; table: ReturnType<typeof tableOf> } {
  const classes = task === 'binary' ? ['no', 'yes'] : task === 'multiclass' ? ['p', 'q', 'r'] : [];
  const table = tableOf(160, classes.length);
  const data = { task, inputs: INPUTS, table, classes, weights: null };
  const chosen = findAlgorithm(algorithm, task)!;
  return { model: fitPipeline(data, { algorithm: chosen }, { rng: createRng(1) }), table };
}

const options = () => ({
  background: tableOf(25, 0),
  maxCoalitions: 200,
  rng: createRng(2),
});

test.each<[string, Task]>([
  ['ridge', 'regression'],
  ['hist-gradient-boosting', 'regression'],
  ['random-forest', 'regression'],
  ['random-forest', 'binary'],
  ['random-forest', 'multiclass'],
  ['hist-gradient-boosting', 'binary'],
  ['logistic-regression', 'multiclass'],
])('base and contributions of %s (%s) add up to the prediction', (algorithm, task) => {
  const { model, table } = fitted(algorithm, task);
  const rows = tableOf(12, 0);
  const predictions = predictModel(model, rows);
  const outputs = predictions.length / rows.rows;
  const outputOf = Uint16Array.from({ length: rows.rows }, (_, i) =>
    outputs > 1 ? (i % (outputs - 1)) + 1 : 0,
  );
  const { base, contributions } = createExplainer(model, options()).explain({
    table: rows,
    outputOf,
  });
  for (let row = 0; row < rows.rows; row++) {
    const sum = contributions
      .subarray(row * 3, row * 3 + 3)
      .reduce((total, x) => total + x, base[row]);
    expect(sum).toBeCloseTo(predictions[row * outputs + outputOf[row]], 4);
  }
  expect(table.rows).toBe(160);
});

test('an average of models shares their contributions', () => {
  const { model: ridge } = fitted('ridge', 'regression');
  const { model: boosting } = fitted('hist-gradient-boosting', 'regression');
  const ensemble: Predictor = {
    ...{ type: 'ensemble', task: 'regression', inputs: INPUTS, classes: [] },
    members: [ridge, boosting],
    combine: { type: 'average', weights: Float32Array.of(0.25, 0.75) },
  };
  const asked = { table: tableOf(4, 0), outputOf: new Uint16Array(4) };
  const [a, b, both] = [ridge, boosting, ensemble].map((m) =>
    createExplainer(m, options()).explain(asked),
  );
  both.contributions.forEach((value, at) => {
    expect(value).toBeCloseTo(0.25 * a.contributions[at] + 0.75 * b.contributions[at], 10);
  });
});

/** Shapley's own formula over all orders of arrival. */
function naiveShapley(players: number, worthOf: (members: number[]) => number): number[] {
  const sums = Array<number>(players).fill(0);
  let orders = 0;
  const visit = (arrived: number[]) => {
    if (arrived.length === players) orders++;
    for (let p = 0; p < players; p++) {
      if (arrived.includes(p)) continue;
      const rest = factorial(players - arrived.length - 1);
      sums[p] += rest * (worthOf([...arrived, p]) - worthOf(arrived));
      visit([...arrived, p]);
    }
  };
  visit([]);
  return sums.map((sum) => sum / orders);
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));

/** By Shapley's own formula, from the model's answers to mixed rows. */
function naiveContributions(model: Predictor, asked: AskedRows, row: number): number[] {
  const { background } = options();
  const outputs = predictModel(model, asked.table).length / asked.table.rows;
  return naiveShapley(INPUTS.length, (members) => {
    const coalitions = Uint8Array.from(INPUTS.keys(), (p) => Number(members.includes(p)));
    const mixed = mixedTable({ ...{ table: asked.table, row, background }, coalitions, count: 1 });
    const answers = predictModel(model, mixed).filter(
      (_, at) => at % outputs === asked.outputOf[row],
    );
    return answers.reduce((sum, answer) => sum + answer, 0) / answers.length;
  });
}

test.each<[string, Task, number]>([
  ['hist-gradient-boosting', 'binary', 1],
  ['hist-gradient-boosting', 'binary', 0],
  ['hist-gradient-boosting', 'multiclass', 2],
  ['logistic-regression', 'binary', 1],
  ['logistic-regression', 'multiclass', 1],
  ['poisson-regression', 'regression', 0],
  ['gaussian-naive-bayes', 'binary', 1],
])(
  'contributions of %s (%s, output %i) are Shapley’s values of the prediction',
  (name, task, output) => {
    const { model } = fitted(name, task);
    const asked = { table: tableOf(4, 0), outputOf: new Uint16Array(4).fill(output) };
    const explainer = createExplainer(model, options());
    expect(explainer.methods[0]).toMatch(/^linked-(tree|linear)-shap$/);
    const { contributions } = explainer.explain(asked);
    for (let row = 0; row < 4; row++) {
      const exact = naiveContributions(model, asked, row);
      exact.forEach((value, p) => {
        expect(Math.abs(contributions[row * INPUTS.length + p] - value)).toBeLessThan(2e-5);
      });
    }
  },
);

test.each(['sigmoid', 'temperature'] as const)(
  'what a %s calibration makes of margins is explained like them',
  (type) => {
    const { model: plain } = fitted('hist-gradient-boosting', 'binary');
    const calibration: Calibration =
      type === 'sigmoid'
        ? { reads: 'margin', type, maps: [{ slope: -0.7, offset: 0.4 }] }
        : { reads: 'margin', type, temperature: 2 };
    const model: Predictor = { ...plain, calibration };
    const asked = { table: tableOf(2, 0), outputOf: Uint16Array.of(1, 1) };
    const explainer = createExplainer(model, options());
    expect(explainer.methods).toEqual(['linked-tree-shap']);
    const { contributions } = explainer.explain(asked);
    naiveContributions(model, asked, 1).forEach((value, p) => {
      expect(contributions[INPUTS.length + p]).toBeCloseTo(value, 5);
    });
  },
);

test('in the space of margins contributions add up to the log odds', () => {
  for (const name of ['hist-gradient-boosting', 'logistic-regression']) {
    const { model } = fitted(name, 'binary');
    const table = tableOf(6, 0);
    const odds = predictModel(model, table);
    for (const output of [0, 1]) {
      const explainer = createExplainer(model, { ...options(), space: 'margin' });
      const outputOf = new Uint16Array(6).fill(output);
      const { base, contributions, isExact } = explainer.explain({ table, outputOf });
      expect(isExact).toBe(true);
      for (let row = 0; row < 6; row++) {
        const own = contributions.subarray(row * 3, row * 3 + 3);
        const margin = own.reduce((sum, value) => sum + value, base[row]);
        const chance = odds[2 * row + output];
        expect(margin).toBeCloseTo(Math.log(chance / (1 - chance)), 3);
      }
    }
  }
});

test('only models that add up margins have any', () => {
  expect(hasMargins(fitted('hist-gradient-boosting', 'multiclass').model)).toBe(true);
  expect(hasMargins(fitted('nearest-neighbours', 'binary').model)).toBe(false);
  expect(hasMargins(fitted('gaussian-naive-bayes', 'binary').model)).toBe(false);
});

test('of a clustering being in the row’s cluster is explained, not the cluster’s number', () => {
  const { model } = fitted('k-means', 'clustering');
  const table = tableOf(5, 0);
  const { background } = options();
  const clusters = predictModel(model, table);
  const usual = predictModel(model, background);
  const explainer = createExplainer(model, options());
  const { base, contributions } = explainer.explain({ table, outputOf: new Uint16Array(5) });
  for (let row = 0; row < 5; row++) {
    const share = usual.filter((cluster) => cluster === clusters[row]).length / background.rows;
    expect(base[row]).toBeCloseTo(share, 10);
    const own = contributions.subarray(row * 3, row * 3 + 3);
    expect(own.reduce((sum, value) => sum + value, base[row])).toBeCloseTo(1, 8);
  }
});

const game = (members: readonly number[]): number =>
  members.reduce((sum, p) => sum + p + 1, 0) + (members.includes(0) && members.includes(3) ? 5 : 0);

const valuesOf = (players: number) => (coalitions: Uint8Array, count: number) =>
  Float64Array.from({ length: count }, (_, c) =>
    game(
      Array.from({ length: players }, (__, p) => p).filter(
        (p) => coalitions[c * players + p] === 1,
      ),
    ),
  );

test('with all coalitions kernel SHAP is Shapley’s value exactly', () => {
  const { contributions, base } = kernelShap({
    ...{ players: 5, valuesOf: valuesOf(5), maxCoalitions: 100, rng: createRng(1) },
  });
  expect(base).toBe(0);
  naiveShapley(5, game).forEach((value, p) => {
    expect(contributions[p]).toBeCloseTo(value, 6);
  });
});

test('with few coalitions kernel SHAP is near, and still adds up', () => {
  const { contributions } = kernelShap({
    ...{ players: 12, valuesOf: valuesOf(12), maxCoalitions: 150, rng: createRng(1) },
  });
  const expected = Array.from({ length: 12 }, (_, p) => p + 1 + (p === 0 || p === 3 ? 2.5 : 0));
  expected.forEach((value, p) => {
    expect(Math.abs(contributions[p] - value)).toBeLessThan(1);
  });
  expect(contributions.reduce((sum, x) => sum + x, 0)).toBeCloseTo(83, 8);
});
