import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { reweigh } from '../../stats/fairness/mitigation.ts';
import { FAIRNESS_CONSTRAINTS, rateConstraints } from '../../stats/fairness/rate-constraints.ts';
import { chanceSteps } from '../../stats/fairness/threshold-optimiser.ts';
import { createTableBuilder } from '../../table/table-builder.ts';
import { findAlgorithm } from '../catalogue.ts';
import { fitModel } from '../ensemble/fit-model.ts';
import { type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import { type ModelChoice, pipelineModel } from '../ensemble/model-choice.ts';
import { fitPipeline, predictPipeline } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { checkGroups } from './check-groups.ts';
import { mitigateModel, type Unfair } from './mitigate.ts';
import type { Mitigation } from './mitigation.ts';
import { groupsOf, jointGroupsOf } from './sensitive-groups.ts';
import { saidYes } from './steady-learner.ts';

const CLUB = {
  name: 'club',
  type: 'category',
  missing: 'impute',
  categories: [{ value: 'a' }, { value: 'b' }],
} as const;
const CODE = { name: 'club', type: 'number', missing: 'impute' } as const;
const NUMBERS = [
  { name: 'x', type: 'number', missing: 'impute' },
  { name: 'z', type: 'number', missing: 'impute' },
] as const;

const ROWS = 240;
/** Every third row is of group b, every eleventh does not say; b has lower x, and fewer of yes. */
const groupAt = (i: number): string | null => (i % 11 === 0 ? null : i % 3 === 0 ? 'b' : 'a');

function tableOf(club: typeof CLUB | typeof CODE) {
  const builder = createTableBuilder([...NUMBERS, club]);
  for (let i = 0; i < ROWS; i++) {
    const group = groupAt(i);
    const x = Math.fround(Math.sin(i * 1.7) - (group === 'b' ? 0.6 : 0));
    const z = Math.fround(Math.cos(i * 2.3));
    builder.begin();
    builder.setNumber(0, x);
    builder.setNumber(1, z);
    if (group !== null && club.type === 'category') builder.setCategory(2, group);
    if (group !== null && club.type === 'number') builder.setNumber(2, group === 'a' ? 1 : 2.5);
    builder.commit(x + 0.3 * z + 0.8 * Math.sin(i * 3.9) > -0.2 ? 1 : 0, 0);
  }
  return builder.build();
}

const dataOf = (club: typeof CLUB | typeof CODE): PipelineData => ({
  ...{ task: 'binary', inputs: [...NUMBERS, club], table: tableOf(club) },
  ...{ classes: ['no', 'yes'], weights: null },
});

/** Without the group among the inputs. */
function blind(): { data: PipelineData; groups: string[] } {
  const data = dataOf(CLUB);
  const [x, z, club] = data.table.columns;
  return {
    data: { ...data, inputs: NUMBERS, table: { ...data.table, columns: [x, z] } },
    groups: groupsOf(club),
  };
}

const algorithmOf = (name: string) => findAlgorithm(name, 'binary')!;
const fitted = (data: PipelineData, name = 'logistic-regression') =>
  fitPipeline(data, { algorithm: algorithmOf(name) }, { rng: createRng(1) });

const one = (name: string) => pipelineModel({ algorithm: algorithmOf(name) });
const votingOf = (names: string[], weights: number[]): ModelChoice => ({
  type: 'ensemble',
  combine: { type: 'voting', voting: 'soft', weights },
  members: names.map(one),
  seed: null,
});

function fittedModel(data: PipelineData, model: ModelChoice): Predictor {
  const predictor = fitModel(data, model, 1);
  if (!predictor.ok) throw new Error(predictor.error.reason);
  return predictor.value;
}

type Given = Pick<Unfair, 'predictor' | 'data' | 'groups'> & Partial<Unfair>;

function mitigated(given: Given, mitigation: Mitigation) {
  const usual = { model: one('logistic-regression'), shares: [1], columns: [], mayReplace: false };
  const found = mitigateModel({ ...usual, ...given }, mitigation, 1);
  if (!found.ok) throw new Error(found.error.reason);
  return found.value;
}

const chanceOfYes = (model: Predictor, data: PipelineData): number[] =>
  Array.from(predictModel(model, data.table)).filter((_, i) => i % 2 === 1);

const mixture = (constraint: (typeof FAIRNESS_CONSTRAINTS)[number], differenceBound: number) =>
  ({ method: 'exponentiated-gradient', constraint, differenceBound }) as const;

test.each(FAIRNESS_CONSTRAINTS)(
  'a mixture keeps %s on the rows it learnt from, and answers by its votes',
  (constraint) => {
    const { data, groups } = blind();
    const predictor = fitted(data);
    const fair = mitigated({ predictor, data, groups }, mixture(constraint, 0.05));
    const { violations } = rateConstraints(data.table.target, groups, constraint);
    const answers = chanceOfYes(fair.predictor, data);
    const plain = Array.from(saidYes(predictPipeline(predictor, data.table)));
    const decided = fair.isDrawn ? answers : answers.map((answer) => Number(answer > 0.5));
    expect(Math.max(...violations(decided))).toBeLessThan(0.05 + 1e-6);
    expect(Math.max(...violations(decided))).toBeCloseTo(fair.found!.violation, 6);
    expect(Math.max(...violations(plain))).toBeGreaterThan(0.05);
    if (fair.predictor.type !== 'ensemble') throw new Error('no mixture');
    const votes = fair.predictor.members.map((member) => saidYes(predictModel(member, data.table)));
    answers.forEach((answer, row) => {
      const naive = votes.reduce((sum, own, m) => sum + fair.weights[m] * own[row], 0);
      expect(answer).toBeCloseTo(naive, 6);
    });
  },
);

// A naive transcription of Fairlearn 0.10's ExponentiatedGradient into numpy over scikit-learn 1.2.1's
// LogisticRegression (tol 1e-10) on standardised columns.
test.each<
  [
    (typeof FAIRNESS_CONSTRAINTS)[number],
    bound: number,
    error: number,
    fits: number,
    models: number,
  ]
>([
  ['demographic_parity', 0.01, 0.4588139093547666, 29, 3],
  ['demographic_parity', 0.05, 0.3759682625067241, 23, 3],
  ['equalized_odds', 0.01, 0.38265101171747834, 21, 4],
  ['equalized_odds', 0.05, 0.2602853872591916, 31, 3],
  ['true_positive_rate_parity', 0.01, 0.23099631367292237, 24, 3],
  ['true_positive_rate_parity', 0.05, 0.19819767441860464, 22, 2],
  ['false_positive_rate_parity', 0.01, 0.38727450980392153, 19, 3],
  ['false_positive_rate_parity', 0.05, 0.187671568627451, 25, 2],
  ['error_rate_parity', 0.01, 0.23774647887323944, 20, 3],
  ['error_rate_parity', 0.05, 0.22272727272727275, 22, 2],
])('%s within %d: the mixture of the reference, model by model', (...golden) => {
  const [constraint, bound, error, fits, models] = golden;
  const { data, groups } = blind();
  const fair = mitigated({ predictor: fitted(data), data, groups }, mixture(constraint, bound));
  expect(fair.found).toMatchObject({ error: expect.closeTo(error, 9), fits });
  expect(fair.found!.violation).toBeCloseTo(bound, 9);
  expect(fair.weights).toHaveLength(models);
});

test('a bound that nothing exceeds leaves one model, which answers its probabilities and errs no more', () => {
  const { data, groups } = blind();
  const predictor = fitted(data);
  const fair = mitigated({ predictor, data, groups }, mixture('demographic_parity', 1));
  expect(fair).toMatchObject({ isDrawn: false, predictor: { type: 'pipeline' } });
  const answers = chanceOfYes(fair.predictor, data);
  expect(new Set(answers).size).toBeGreaterThan(ROWS / 2);
  const errors = (model: Predictor) =>
    saidYes(predictModel(model, data.table)).filter((yes, row) => yes !== data.table.target[row]);
  expect(errors(fair.predictor).length).toBeLessThanOrEqual(errors(predictor).length);
});

test('the same seed gives the same mixture', () => {
  const { data, groups } = blind();
  const make = () =>
    mitigated({ predictor: fitted(data), data, groups }, mixture('equalized_odds', 0.02));
  expect(make()).toEqual(make());
});

test('of an ensemble the mixture is of the heaviest member that does not remember its rows', () => {
  const { data, groups } = blind();
  const shares = [0.5, 0.2, 0.3];
  const names = ['decision-tree', 'linear-discriminant', 'logistic-regression'];
  const learner = (model: ModelChoice, mayReplace: boolean) => {
    const predictor = fittedModel(data, model);
    const given = { predictor, model, shares, data, groups, mayReplace };
    const fair = mitigated(given, mixture('demographic_parity', 0.05));
    if (fair.predictor.type !== 'ensemble') throw new Error('no mixture');
    const [first] = fair.predictor.members;
    return first.type === 'pipeline' ? first.algorithm : null;
  };
  expect(learner(votingOf(names, shares), true)).toBe('logistic-regression');
  expect(learner(one('decision-tree'), false)).toBe('decision-tree');
  expect(learner(one('decision-tree'), true)).toBe('logistic-regression');
});

test('reweighing is a fit of weighted rows, in every member', () => {
  const { data, groups } = blind();
  const truth = Array.from(data.table.target, (code) => code === 1);
  const weighted = { ...data, weights: Float64Array.from(reweigh(truth, groups)) };
  const fair = mitigated({ predictor: fitted(data), data, groups }, { method: 'reweighing' });
  expect(fair.predictor).toEqual(fitted(weighted));
  const model = votingOf(['logistic-regression', 'linear-discriminant'], [1, 3]);
  const predictor = fittedModel(data, model);
  const all = mitigated({ predictor, model, data, groups }, { method: 'reweighing' });
  expect(all.predictor).toEqual(fittedModel(weighted, model));
  expect(Array.from(all.weights)).toEqual([0.25, 0.75]);
});

test.each([
  ['words', CLUB],
  ['numbers', CODE],
] as const)(
  'thresholds by group are a stack that decides by its group, groups told by %s',
  (_, club) => {
    const data = dataOf(club);
    const groups = groupsOf(data.table.columns[2]);
    expect(new Set(groups)).toEqual(
      new Set(club.type === 'number' ? ['1', '2.5', 'missing'] : ['a', 'b', 'missing']),
    );
    const predictor = fitted(data);
    const fair = mitigated(
      { predictor, data, groups, columns: [club] },
      { method: 'threshold', constraint: 'equalized_odds' },
    );
    const scores = chanceOfYes(predictor, data);
    chanceOfYes(fair.predictor, data).forEach((answer, row) => {
      const rule = fair.rules!.get(groups[row])!;
      const above = (threshold: number) => (scores[row] > threshold ? 1 : 0);
      const drawn = rule.p0 * above(rule.threshold0) + rule.p1 * above(rule.threshold1);
      const naive = rule.pIgnore * rule.predictionConstant + (1 - rule.pIgnore) * drawn;
      expect(answer).toBeCloseTo(naive, 5);
    });
  },
);

test('a row of a group that was never seen is decided as the model decides without groups', () => {
  const data = dataOf(CODE);
  const column = data.table.columns[2];
  const known = Array.from({ length: ROWS }, (_, row) => row).filter((row) => row % 11 !== 0);
  const rows = { ...data, table: { ...data.table } };
  const builder = createTableBuilder(data.inputs);
  for (const row of known) {
    builder.begin();
    data.table.columns.forEach((own, at) => {
      if (own.type === 'number') builder.setNumber(at, own.values[row]);
    });
    builder.commit(data.table.target[row], 0);
  }
  rows.table = builder.build();
  const predictor = fitted(rows);
  const groups = groupsOf(rows.table.columns[2]);
  const fair = mitigated(
    { predictor, data: rows, groups, columns: [CODE] },
    { method: 'threshold', constraint: 'demographic_parity' },
  );
  for (const value of [Number.NaN, 0, 2, 7, 3e38, -1e-40]) {
    const strange = { ...column, values: new Float32Array(ROWS).fill(value) } as typeof column;
    const [x, z] = data.table.columns;
    const all = { ...data, table: { ...data.table, columns: [x, z, strange] } };
    const plain = saidYes(predictPipeline(predictor, all.table));
    expect(chanceOfYes(fair.predictor, all)).toEqual(Array.from(plain));
  }
});

test('groups of two columns are their combinations, one that was never seen is decided without', () => {
  const data = dataOf(CLUB);
  const [, z, club] = data.table.columns;
  const signs = Float32Array.from({ length: ROWS }, (_, i) => (i % 4 < 2 ? 1 : -1));
  const sign = { ...z, type: 'number', values: signs } as const;
  const [x] = data.table.columns;
  const all = { ...data, table: { ...data.table, columns: [x, sign, club] } };
  const groups = jointGroupsOf([sign, club]);
  const predictor = fitted(all);
  const columns = [NUMBERS[1], CLUB];
  const asked = { method: 'threshold', constraint: 'demographic_parity' } as const;
  const fair = mitigated({ predictor, data: all, groups, columns }, asked);
  expect([...fair.rules!.keys()]).toEqual([
    '-1,a',
    '-1,b',
    '-1,missing',
    '1,a',
    '1,b',
    '1,missing',
  ]);
  const scores = chanceOfYes(predictor, all);
  chanceOfYes(fair.predictor, all).forEach((answer, row) => {
    const steps = chanceSteps(fair.rules!.get(groups[row])!);
    const passed = steps.thresholds.filter((threshold) => scores[row] > threshold);
    expect(answer).toBeCloseTo(steps.chances[passed.length], 5);
  });
  const strange = { ...sign, values: sign.values.map(() => 3) };
  const other = { ...all, table: { ...all.table, columns: [x, strange, club] } };
  expect(chanceOfYes(fair.predictor, other)).toEqual([
    ...saidYes(predictPipeline(predictor, other.table)),
  ]);
});

test('thresholds without the group among the inputs are refused', () => {
  const { data, groups } = blind();
  const asked = { method: 'threshold', constraint: 'demographic_parity' } as const;
  const model = one('logistic-regression');
  const given = { predictor: fitted(data), model, shares: [1], data, groups, mayReplace: false };
  expect(mitigateModel({ ...given, columns: [] }, asked, 1)).toMatchObject({
    error: { reason: 'group_is_no_input' },
  });
});

test('rows that are made anew, or weighed by class already, are not weighed by a mixture', () => {
  const { data, groups } = blind();
  const reason = (model: ModelChoice, mitigation: Mitigation) => {
    const given = { predictor: fitted(data), shares: [1], data, groups, mayReplace: false };
    const found = mitigateModel({ ...given, model, columns: [] }, mitigation, 1);
    return found.ok ? null : found.error.reason;
  };
  const algorithm = algorithmOf('logistic-regression');
  const recipe = { ...algorithm.recipe, resample: 'smote' } as const;
  const resampled = pipelineModel({ algorithm, recipe });
  expect(reason(resampled, { method: 'reweighing' })).toBe('resampled');
  expect(reason(resampled, mixture('demographic_parity', 0.1))).toBe('resampled');
  const weighed = { ...one('logistic-regression'), classWeights: { yes: 2 } };
  expect(reason(weighed, { method: 'reweighing' })).toBeNull();
  expect(reason(weighed, mixture('demographic_parity', 0.1))).toBe('class_weights');
});

test('groups that cannot be compared are named', () => {
  const check = (groups: string[], mitigation: Mitigation | null = { method: 'reweighing' }) => {
    const truth = groups.map((_, i) => i % 2);
    return checkGroups({ truth, groups }, { mitigation, minGroupSize: 2 });
  };
  const odds = mixture('equalized_odds', 0.1);
  expect(check(['a', 'a', 'a'])).toMatchObject({ error: { reason: 'one_group', group: 'a' } });
  expect(check([])).toMatchObject({ error: { reason: 'one_group' } });
  const many = Array.from({ length: 42 }, (_, i) => `g${i % 21}`);
  expect(check(many)).toMatchObject({ error: { reason: 'too_many_groups', groups: 21, most: 20 } });
  const small = { reason: 'small_group', group: 'b', rows: 1, needed: 2 };
  expect(check(['a', 'a', 'b'])).toMatchObject({ error: small });
  expect(check(['a', 'a', 'b'], null).ok).toBe(true);
  const lone = { reason: 'no_such_rows', group: 'b', truth: 1 };
  expect(check(['b', 'a', 'b', 'a', 'a', 'a'], odds)).toMatchObject({ error: lone });
  expect(check(['b', 'a', 'b', 'a', 'a', 'a']).ok).toBe(true);
});
