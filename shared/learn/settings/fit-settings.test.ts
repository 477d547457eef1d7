import { expect, test } from 'vitest';
import type { Algorithm } from '../algorithm.ts';
import { ALGORITHMS } from '../catalogue.ts';
import type { Task } from '../task.ts';
import { modelSettings, readFitSettings } from './fit-settings.ts';
import { isInRange } from './number-range.ts';
import { ruleOf } from './parameter-rules.ts';
import { createProblems } from './problems.ts';

function read(given: unknown, task: Task = 'regression', algorithm: string | null = null) {
  const problems = createProblems();
  const context = { task, algorithms: ALGORITHMS, problems, algorithm };
  const settings = readFitSettings(given, context);
  return { settings, problems: problems.found };
}

test('every parameter of every algorithm has a rule, which its default and its search space keep', () => {
  for (const algorithm of ALGORITHMS)
    for (const task of algorithm.tasks) expectRules(algorithm, task);
});

function expectRules(algorithm: Algorithm, task: Task): void {
  for (const [name, usual] of Object.entries(algorithm.defaults)) {
    if (name === 'monotoneConstraints') continue;
    const { range, choices } = ruleOf(algorithm, name, task);
    const searched = algorithm.space[name];
    const ends =
      searched === undefined
        ? []
        : searched.type === 'categorical'
          ? searched.choices
          : [searched.low, searched.high];
    for (const value of [usual, ...ends])
      expect(
        choices.includes(value) || (range !== null && isInRange(value, range)),
        `${algorithm.name}.${name} ${value}`,
      ).toBe(true);
  }
}

test.each<[string, unknown, string[]]>([
  [
    'an unknown parameter',
    { algorithm: 'hist-gradient-boosting', parameters: { maxItr: 5 } },
    [
      'parameters.maxItr: hist-gradient-boosting has no such setting; the nearest are maxIter, maxBins, maxDepth',
    ],
  ],
  [
    'a value out of range, of another type, or that is no word of it',
    {
      algorithm: 'quantile-boosting',
      parameters: { quantile: 1.5, maxIter: 2.5, learningRate: 'fast', earlyStopping: 'never' },
    },
    [
      'parameters.quantile: expected a number above 0 and below 1, found 1.5',
      'parameters.maxIter: expected a whole number from 1, found 2.5',
      'parameters.learningRate: expected a number above 0 and up to 1, found "fast"',
      'parameters.earlyStopping: expected one of "auto", true, false, found "never"',
    ],
  ],
  [
    'a parameter that nothing reads beside the others',
    { algorithm: 'hist-gradient-boosting', parameters: { quantile: 0.9, dropRate: 0.2 } },
    [
      'parameters.quantile: it is read only where loss is "quantile", which is "squared" here',
      'parameters.dropRate: it is read only where boostingType is "dart", which is "gbdt" here',
    ],
  ],
  [
    'a weight of classes where there are none, and shares above the whole',
    {
      algorithm: 'goss',
      parameters: { classWeight: 'balanced', topRate: 0.6, otherRate: 0.5 },
    },
    [
      'parameters.classWeight: expected "none", found "balanced"',
      'parameters.otherRate: with topRate 0.6 it may be 0.4 at most',
    ],
  ],
  [
    'an unknown algorithm',
    { algorithm: 'xgboost' },
    [
      'algorithm: there is no algorithm "xgboost" for regression; the nearest are goss, ada-boost, dart',
    ],
  ],
  [
    'an unknown step, and a step that is none',
    { algorithm: 'ridge', recipe: { scaling: 'robust', scale: 'log' } },
    [
      'recipe.scaling: a recipe has no such setting; the nearest are scale, pca, select',
      'recipe.scale: expected one of standard, min-max, max-abs, robust, found "log"',
    ],
  ],
  [
    'steps that need another step or another task',
    {
      algorithm: 'ridge',
      recipe: { impute: null, pca: 0.9, resample: 'smote', select: { by: 'chi2', keep: 3 } },
    },
    [
      'recipe.impute: ridge does not learn from missing values: choose how they are filled',
      'recipe.pca: it needs values without gaps: add impute',
      'recipe.resample: points between rows need values without gaps: add impute',
      'recipe.resample: it makes classes equal, and a regression has none',
      'recipe.select: chi2 is of classes',
      'recipe.select: chi2 is of columns that are not negative: let scale be "min-max"',
    ],
  ],
  [
    'an ensemble with wrong members',
    {
      ensemble: {
        type: 'voting',
        voting: 'hard',
        weights: [1],
        folds: 3,
        members: [
          { algorithm: 'ridge', weight: 2 },
          { algorithm: 'lasso', parameters: { alpha: -1 } },
        ],
      },
    },
    [
      'ensemble.folds: an ensemble by voting has no such setting; the nearest are type, voting, members',
      'ensemble.members[0].weight: a member has no such setting; the nearest are recipe, seed, rows',
      'ensemble.members[1].parameters.alpha: expected a number from 0, found -1',
      'ensemble.voting: "hard" counts classes, and a regression has none',
      'ensemble.weights: expected 2 numbers from 0, not all 0, found [1]',
    ],
  ],
  [
    'a split that is none',
    { split: 'week' },
    ['split: expected "random", "stratified", "group:COLUMN" or "time:COLUMN", found "week"'],
  ],
  ['no object', 7, ['expected an object, found 7']],
])('%s is refused with its path', (_, given, told) => {
  expect(read(given).problems).toEqual(told);
});

test('what settings leave out is as the algorithm has it, and null leaves a step out', () => {
  const { settings, problems } = read(
    { recipe: { scale: 'robust', indicators: null } },
    ...(['regression', 'ridge'] as const),
  );
  expect(problems).toEqual([]);
  expect(settings.model).toMatchObject({
    type: 'pipeline',
    choice: { parameters: {}, recipe: { impute: 'median', scale: 'robust' } },
  });
  expect(modelSettings(settings.model!)).toEqual({
    algorithm: 'ridge',
    parameters: { alpha: 1 },
    recipe: { impute: 'median', scale: 'robust', indicators: null },
  });
});

test.each<[string, Task, Record<string, unknown>]>([
  [
    'a pipeline',
    'binary',
    {
      algorithm: 'hist-gradient-boosting',
      parameters: { maxIter: 7, classWeight: { yes: 4 }, monotoneConstraints: { a: 1 } },
      recipe: { select: { by: 'shap', keep: 0.5 }, encode: 'target' },
      seed: 3,
    },
  ],
  [
    'stacks in several levels',
    'multiclass',
    {
      ensemble: {
        type: 'stacking',
        members: [
          { algorithm: 'logistic-regression', recipe: { pca: 0.9 } },
          { ensemble: { type: 'bagging', members: [{ algorithm: 'decision-tree' }] } },
        ],
      },
    },
  ],
])('settings of %s say the same when they are read again', (_, task, given) => {
  const first = read(given, task);
  expect(first.problems).toEqual([]);
  const said = modelSettings(first.settings.model!);
  const again = read({ kind: 'fit', settings: said }, task);
  expect(again.problems).toEqual([]);
  expect(again.settings.model).toEqual({
    ...first.settings.model!,
    ...(first.settings.model!.type === 'pipeline' && {
      choice: {
        ...first.settings.model!.choice,
        parameters: expect.objectContaining(first.settings.model!.choice.parameters!),
      },
    }),
    ...(first.settings.model!.type === 'ensemble' && {
      ...{ combine: expect.anything(), members: expect.anything() },
    }),
  });
  expect(modelSettings(again.settings.model!)).toEqual(said);
});
