import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binaryMetrics } from './binary.ts';
import { type MulticlassMetrics, multiclassMetrics } from './multiclass.ts';

const TRUTH = [0, 1, 2, 2, 1, 0, 2, 1, 0, 2, 1, 3];
const PROBABILITIES = [
  [0.02, 0.74, 0.02, 0.22],
  [0.38, 0.11, 0.12, 0.39],
  [0.14, 0.71, 0, 0.15],
  [0.64, 0.12, 0, 0.24],
  [0.04, 0.07, 0.35, 0.54],
  [0.18, 0.07, 0.4, 0.35],
  [0.11, 0.24, 0.5, 0.15],
  [0.15, 0.02, 0.25, 0.58],
  [0.31, 0.68, 0, 0.01],
  [0.03, 0.01, 0.1, 0.86],
  [0.05, 0.37, 0.34, 0.24],
  [0.36, 0.25, 0.2, 0.19],
];
const NAMES = ['a', 'b', 'c', 'd'];

test('every figure is what scikit-learn 1.2.1 prints', () => {
  const expected: Partial<MulticlassMetrics> = {
    accuracy: 0.16666666666666666,
    balanced_accuracy: 0.125,
    precision: 0.1875,
    recall: 0.125,
    f1: 0.14583333333333331,
    f1_micro: 0.16666666666666666,
    precision_weighted: 0.25,
    recall_weighted: 0.16666666666666666,
    f1_weighted: 0.19444444444444442,
    roc_auc: 0.3394491792929293,
    roc_auc_weighted: 0.34738005050505055,
    pr_auc: 0.2952967171717171,
    log_loss: 7.776215408543956,
    brier: 1.1335,
    ece: 0.3975,
    mcc: -0.09709195467257717,
    kappa: -0.09090909090909105,
  };
  const metrics = multiclassMetrics(TRUTH, PROBABILITIES.flat(), NAMES);
  for (const name of Object.keys(expected) as (keyof typeof expected)[])
    expect([name, metrics[name]]).toEqual([name, expect.closeTo(expected[name] as number, 12)]);
  expect(metrics.confusion).toEqual([
    [0, 2, 1, 0],
    [0, 1, 0, 3],
    [1, 1, 1, 1],
    [1, 0, 0, 0],
  ]);
  expect(metrics.per_class[2]).toMatchObject({ class: 'c', rows: 4, precision: 0.5, recall: 0.25 });
});

test('of two classes, what does not depend on which one is called positive is the binary figure', () => {
  const row = fc.record({ truth: fc.nat(1), tenths: fc.integer({ min: 0, max: 10 }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
      const truth = rows.map((one) => one.truth);
      // A tie of the classes goes to the first one here, to the positive one there.
      const positive = rows.map(({ tenths }) => (tenths === 5 ? 0.51 : tenths / 10));
      const two = multiclassMetrics(
        truth,
        positive.flatMap((p) => [1 - p, p]),
        ['no', 'yes'],
      );
      const one = binaryMetrics(truth, positive);
      for (const name of [
        ...(['accuracy', 'balanced_accuracy', 'log_loss', 'mcc', 'kappa'] as const),
      ])
        if (one[name] === null) expect(two[name]).toBeNull();
        else expect(two[name]).toBeCloseTo(one[name], 10);
      expect(two.per_class[1]).toMatchObject({ f1: one.f1, roc_auc: one.roc_auc });
      expect(two.brier).toBeCloseTo(2 * (one.brier ?? Number.NaN), 10);
    }),
  );
});

test('a class without rows has no area and is not in the means; one class alone has no area at all', () => {
  const three = multiclassMetrics([0, 1], [0.8, 0.2, 0, 0.3, 0.7, 0], ['a', 'b', 'c']);
  expect(three).toMatchObject({ f1: 1, roc_auc: 1, pr_auc: 1, balanced_accuracy: 1 });
  expect(three.per_class[2]).toMatchObject({ rows: 0, roc_auc: null, pr_auc: null, f1: 0 });
  expect(multiclassMetrics([0, 0], [0.8, 0.2, 0.6, 0.4], ['a', 'b'])).toMatchObject({
    ...{ roc_auc: null, pr_auc: null, kappa: null, mcc: 0, accuracy: 1 },
  });
});

test('no rows, unknown classes and probabilities that are none have no figures', () => {
  expect(multiclassMetrics([], [], NAMES)).toMatchObject({ rows: 0, f1: null, log_loss: null });
  const bad = [0.5, 0.5, 0.5, Number.NaN, 0, 0, 0.5, 0.5];
  expect(multiclassMetrics([0, 1, 1, 2], bad, ['a', 'b'])).toMatchObject({
    ...{ rows: 4, invalid: 3, accuracy: null, brier: null },
  });
});
