import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { movementOf } from '../series/weighted-line.ts';
import { labelMetrics, probabilityMetrics } from './classifier-metrics.ts';
import type { Metric } from './metric.ts';
import { regressorMetrics } from './regressor-metrics.ts';
import { reliabilityOf } from './reliability.ts';

const SMALL = {
  probabilities: [0.1, 0.4, 0.35, 0.8, 0.65, 0.65, 0.2, 0.9, 0.55, 0.3, 0.7, 0.45],
  labels: [0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1],
};
const byName = (metrics: readonly Metric[]): Record<string, Metric> =>
  Object.fromEntries(metrics.map((metric) => [metric.name, metric]));

test("a classifier's figures are scikit-learn 1.2.1's, the interval of the area DeLong's by its definition", () => {
  const metrics = byName(probabilityMetrics(SMALL));
  expect(metrics.roc_auc.value).toBeCloseTo(0.8472222222222222, 12);
  expect(metrics.roc_auc.standardError).toBeCloseTo(0.11553685746158568, 12);
  expect(metrics.roc_auc.interval![0]).toBeCloseTo(0.490873513995347, 10);
  expect(metrics.roc_auc.interval![1]).toBeCloseTo(0.9696007715181744, 10);
  expect(metrics.log_loss.value).toBeCloseTo(0.5007188502594067, 12);
  expect(metrics.brier.value).toBeCloseTo(0.16770833333333335, 12);
  for (const name of ['accuracy', 'precision', 'recall', 'f1'])
    expect(metrics[name].value).toBeCloseTo(2 / 3, 12);
});

test("a regressor's figures are scikit-learn 1.2.1's", () => {
  const metrics = byName(
    regressorMetrics([3, 5, 2.5, 7, 9, 1, 4, 6], [2.5, 5, 4, 8, 8.5, 1.5, 3, 6.5]),
  );
  expect(metrics.mae.value).toBeCloseTo(0.6875, 12);
  expect(metrics.mae.standardError).toBeCloseTo(0.16194961738586655, 12);
  expect(metrics.rmse.value).toBeCloseTo(0.8100925873009825, 12);
  expect(metrics.r2.value).toBeCloseTo(0.8894009216589862, 12);
  expect(metrics.mean_error.value).toBeCloseTo(-0.1875, 12);
});

/** Share of repetitions in which each figure's interval holds the one of very many rows. */
function coverage(draw: (rng: Rng, rows: number) => Metric[], runs = 300): Record<string, number> {
  const rng = createRng(5);
  const truth = byName(draw(rng, 60_000));
  const held: Record<string, number> = {};
  for (let run = 0; run < runs; run++)
    for (const { name, interval } of draw(rng, 250)) {
      const [low, high] = interval!;
      const isHeld = low <= truth[name].value && truth[name].value <= high;
      held[name] = (held[name] ?? 0) + (isHeld ? 1 / runs : 0);
    }
  return held;
}

test('intervals hold the truth nineteen times in twenty', () => {
  const classified = coverage((rng, rows) => {
    const probabilities = Array.from({ length: rows }, () => rng());
    return probabilityMetrics({
      probabilities,
      labels: probabilities.map((p) => (rng() < 0.2 + 0.6 * p ? 1 : 0)),
    });
  });
  const regressed = coverage((rng, rows) => {
    const prediction = Float64Array.from({ length: rows }, () => normal(rng));
    return regressorMetrics(
      prediction.map((x) => x + 0.5 * normal(rng)),
      prediction,
    );
  });
  for (const [name, share] of Object.entries({ ...classified, ...regressed }))
    expect(share, name).toBeGreaterThan(0.905);
});

test('honest probabilities are found honest, those that say too much are not', () => {
  const rng = createRng(6);
  const probabilities = Array.from({ length: 3000 }, () => rng());
  const honest = reliabilityOf({
    probabilities,
    labels: probabilities.map((p) => (rng() < p ? 1 : 0)),
  })!;
  expect(honest.pValue).toBeGreaterThan(0.01);
  expect(honest.bins.map(({ n }) => n)).toEqual(Array(10).fill(300));
  const bold = reliabilityOf({
    probabilities,
    labels: probabilities.map((p) => (rng() < 0.3 + 0.4 * p ? 1 : 0)),
  })!;
  expect(bold.pValue).toBeLessThan(1e-6);
  expect(bold.bins[0].happened).toBeGreaterThan(0.2);
  expect(reliabilityOf(SMALL)!.pValue).toBeCloseTo(0.5949102165427129, 10);
  expect(reliabilityOf({ probabilities: [], labels: [] })).toBeNull();
  const same = reliabilityOf({ probabilities: [0.5, 0.5, 0.5], labels: [1, 0, 1] })!;
  expect(same).toMatchObject({ pValue: null, bins: [{ n: 3, told: 0.5 }] });
});

test('labels of several kinds have an accuracy, and a recall and a precision each', () => {
  const truth = ['a', 'a', 'b', 'c', 'a', 'b'];
  const { overall, byLabel } = labelMetrics({ truth, predicted: ['a', 'b', 'b', 'c', 'a', 'a'] });
  expect(byName(overall).accuracy.value).toBeCloseTo(4 / 6, 12);
  expect(byName(overall).balanced_accuracy.value).toBeCloseTo((2 / 3 + 1 / 2 + 1) / 3, 12);
  expect(byLabel.map(({ label, n }) => [label, n])).toEqual([
    ['a', 3],
    ['b', 2],
    ['c', 1],
  ]);
});

test('no rows have no figures, one class no area, a constant truth no r2', () => {
  expect(probabilityMetrics({ probabilities: [], labels: [] })).toEqual([]);
  expect(regressorMetrics([], [])).toEqual([]);
  const one = byName(probabilityMetrics({ probabilities: [0.2, 0.7], labels: [1, 1] }));
  expect(one.roc_auc).toBeUndefined();
  expect(one.specificity).toBeUndefined();
  expect(one.recall.value).toBe(0.5);
  expect(byName(regressorMetrics([2, 2, 2], [1, 2, 3])).r2).toBeUndefined();
});

test('a figure that moves is said to, one that stays is not', () => {
  const rng = createRng(8);
  const series = (of: (at: number) => number) =>
    Array.from({ length: 8 }, (_, at) => ({
      at,
      value: of(at) + 0.02 * normal(rng),
      standardError: 0.02,
    }));
  expect(movementOf(series((at) => 0.9 - 0.02 * at))!.verdict).toBe('falls');
  expect(movementOf(series((at) => (at === 3 || at === 4 ? 0.7 : 0.9)))!.verdict).toBe('varies');
  let alarms = 0;
  for (let run = 0; run < 400; run++)
    if (movementOf(series(() => 0.9))!.verdict !== 'steady') alarms++;
  // 5 % of 400 are 20; three standard errors above are 33.
  expect(alarms).toBeLessThanOrEqual(33);
  expect(movementOf(series(() => 0.9).slice(0, 2))).toBeNull();
});
