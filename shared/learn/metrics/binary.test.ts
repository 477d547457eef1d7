import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binaryMetrics } from './binary.ts';
import { prAuc, rocAuc } from './ranking.ts';
import { thresholdCurve } from './threshold-curve.ts';

const rows = fc.array(
  fc.record({
    positive: fc.constantFrom(0, 1),
    score: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
  }),
  { minLength: 2, maxLength: 40 },
);

type Row = { positive: number; score: number };

const columnsOf = (made: readonly Row[]) => ({
  positive: made.map(({ positive }) => positive),
  scores: made.map(({ score }) => score),
});

/** The chance that a positive outranks another, by trying every pair. */
function aucByPairs(made: readonly Row[]): number {
  const others = made.filter(({ positive }) => positive === 0);
  const pairs = made
    .filter(({ positive }) => positive === 1)
    .flatMap((one) => others.map((other) => Math.sign(one.score - other.score) / 2 + 0.5));
  return pairs.reduce((sum, pair) => sum + pair, 0) / pairs.length;
}

/** Precision where each positive row is found, averaged over them. */
function averagePrecisionByRows(made: readonly Row[]): number {
  const precisions = made
    .filter(({ positive }) => positive === 1)
    .map(({ score }) => {
      const above = made.filter((other) => other.score >= score);
      return above.filter(({ positive }) => positive === 1).length / above.length;
    });
  return precisions.reduce((sum, precision) => sum + precision, 0) / precisions.length;
}

const hasBoth = (made: readonly Row[]) => new Set(made.map(({ positive }) => positive)).size === 2;

test('the area under the ROC curve is the share of pairs in the right order, ties half', () => {
  fc.assert(
    fc.property(rows.filter(hasBoth), (made) => {
      expect(rocAuc(columnsOf(made))).toBeCloseTo(aucByPairs(made), 12);
    }),
  );
});

test('average precision is the mean precision at the positive rows', () => {
  fc.assert(
    fc.property(rows.filter(hasBoth), (made) => {
      expect(prAuc(columnsOf(made))).toBeCloseTo(averagePrecisionByRows(made), 12);
    }),
  );
});

test('turning labels and probabilities round turns the ROC area of scores round and keeps the losses', () => {
  fc.assert(
    fc.property(rows.filter(hasBoth), (made) => {
      const { positive, scores } = columnsOf(made);
      const turned = binaryMetrics(
        positive.map((label) => 1 - label),
        scores.map((score) => 1 - score),
      );
      const metrics = binaryMetrics(positive, scores);
      for (const name of ['roc_auc', 'log_loss', 'brier'] as const)
        expect(turned[name]).toBeCloseTo(metrics[name] ?? Number.NaN, 12);
    }),
  );
});

test('every figure is what scikit-learn 1.2.1 prints', () => {
  const positive = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0];
  const probabilities = [0.1, 0.8, 0.35, 0.35, 0.9, 0.5, 0, 0.6, 0.2, 1, 0.7, 0.35];
  const expected = {
    roc_auc: 0.8857142857142857,
    pr_auc: 0.8711111111111112,
    log_loss: 0.4146951416066275,
    brier: 0.13895833333333335,
    accuracy: 0.75,
    precision: 0.6666666666666666,
    recall: 0.8,
    f1: 0.7272727272727272,
    balanced_accuracy: 0.7571428571428571,
    mcc: 0.50709255283711,
    kappa: 0.5,
    specificity: 0.7142857142857143,
    ece: 0.1875,
  };
  const metrics = binaryMetrics(positive, probabilities);
  expect(metrics).toMatchObject({
    rows: 12,
    positives: 5,
    confusion: [
      [5, 2],
      [1, 4],
    ],
  });
  for (const name of Object.keys(expected) as (keyof typeof expected)[])
    expect(metrics[name]).toBeCloseTo(expected[name], 14);
});

test('a class without rows leaves the areas open, and a certain mistake is a finite loss', () => {
  const metrics = binaryMetrics([1, 1], [0, 1]);
  expect(metrics.roc_auc).toBeNull();
  expect(metrics.log_loss).toBeCloseTo((52 * Math.LN2) / 2, 10);
  expect(binaryMetrics([0, 0], [0.2, 0.1])).toMatchObject({
    ...{ pr_auc: null, roc_auc: null, kappa: null, f1: 0, recall: 0, mcc: 0 },
  });
});

test('no rows, labels that are not 0 or 1 and probabilities outside [0, 1] have no figures', () => {
  expect(binaryMetrics([], [])).toMatchObject({ rows: 0, accuracy: null, roc_auc: null });
  expect(binaryMetrics([1, 0, 2, 1], [0.5, Number.NaN, 0.5, 1.1])).toMatchObject({
    ...{ rows: 4, invalid: 3, log_loss: null, pr_auc: null },
  });
  expect(rocAuc({ scores: [1, Number.NaN], positive: [1, 0] })).toBeNaN();
});

test('the threshold moves labels and nothing else', () => {
  const truth = [0, 1, 1, 0];
  const probabilities = [0.1, 0.3, 0.6, 0.4];
  const low = binaryMetrics(truth, probabilities, { threshold: 0.3 });
  expect(low).toMatchObject({ recall: 1, precision: 2 / 3, threshold: 0.3 });
  expect(low.roc_auc).toBe(binaryMetrics(truth, probabilities).roc_auc);
});

test('the curve has a point per distinct score, from none found to all', () => {
  fc.assert(
    fc.property(rows, (made) => {
      const { thresholds, truePositives, falsePositives } = thresholdCurve(columnsOf(made));
      expect([...thresholds]).toEqual(
        [...new Set(made.map(({ score }) => score))].sort((a, b) => b - a),
      );
      thresholds.forEach((threshold, i) => {
        const found = made.filter(({ score }) => score >= threshold);
        const right = found.filter(({ positive }) => positive === 1).length;
        expect([truePositives[i], falsePositives[i]]).toEqual([right, found.length - right]);
      });
    }),
  );
});
