import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { binaryMetrics } from '../metrics/binary.ts';
import {
  CALIBRATION_METHODS,
  type Calibration,
  type CalibrationMethod,
  calibrate,
  fitCalibration,
} from './calibration.ts';
import type { ClassScores } from './class-scores.ts';
import { applyPlatt, fitPlatt } from './platt.ts';
import { fitTemperature } from './temperature.ts';

const SCORES = [-2.1, -0.3, 0.4, 1.9, -1.2, 0.8, 2.7, -0.6, 0.1, 1.1];
const LABELS = [0, 0, 1, 1, 0, 0, 1, 1, 0, 1];
const METHODS = CALIBRATION_METHODS;

const said = (values: number[], classes: number): ClassScores => ({
  ...{ reads: 'probabilities', values, classes },
});

function fitted(
  rows: { truth: number[]; probabilities: number[]; classes: number },
  method: CalibrationMethod,
): Calibration {
  const { truth, probabilities, classes } = rows;
  const scores = said(probabilities, classes);
  const calibration = fitCalibration({ truth, scores, weights: null }, method);
  if (!calibration.ok) throw new Error(calibration.error.reason);
  return calibration.value;
}

/** Rows whose true chance is drawn, and a model that says the log odds twice too large. */
function overconfident(rows: number, seed: number) {
  const rng = createRng(seed);
  const honest = Array.from({ length: rows }, () => 0.05 + 0.9 * rng());
  const truth = honest.map((chance) => (rng() < chance ? 1 : 0));
  const seconds = honest.map((chance) => 1 / (1 + ((1 - chance) / chance) ** 2));
  return { truth, seconds, probabilities: seconds.flatMap((p) => [1 - p, p]) };
}

test('the logistic curve has the coefficients of scikit-learn 1.2.1, and is finite where classes are apart', () => {
  const curve = fitPlatt(SCORES, LABELS);
  expect(curve.slope).toBeCloseTo(-0.7550164486846048, 6);
  expect(curve.offset).toBeCloseTo(0.20666732345690342, 6);
  const apart = fitPlatt([-3, -2, -1, 1, 2, 3], [0, 0, 0, 1, 1, 1]);
  // scikit-learn stops at a gradient of 1e-5.
  expect(apart.slope).toBeCloseTo(-0.6214000828966534, 5);
  expect(applyPlatt(apart, 1e6)).toBe(1);
  expect(applyPlatt(fitPlatt([2, 2, 2], [1, 0, 1]), 2)).toBeCloseTo((3 / 4 + 3 / 4 + 1 / 3) / 3, 6);
});

const THREE = {
  truth: [0, 1, 1, 2, 0, 0, 1, 2],
  probabilities: [
    [0.9, 0.05, 0.05],
    [0.7, 0.2, 0.1],
    [0.1, 0.85, 0.05],
    [0.05, 0.05, 0.9],
    [0.6, 0.3, 0.1],
    [0.2, 0.2, 0.6],
    [0.95, 0.03, 0.02],
    [0.1, 0.3, 0.6],
  ].flat(),
  classes: 3,
};

test('isotonic maps answer as those of scikit-learn 1.2.1, of margins and of several classes', () => {
  const margins = (values: number[]): ClassScores => ({ reads: 'margin', values, classes: 2 });
  const curve = fitCalibration(
    { truth: LABELS, scores: margins(SCORES), weights: null },
    'isotonic',
  );
  if (!curve.ok) throw new Error(curve.error.reason);
  const seconds = calibrate(curve.value, margins([-3, -0.9, -0.45, 0.6, 0.95, 1.3, 9]));
  const expected = [0, 1 / 6, 1 / 3, 0.5, 0.75, 1, 1];
  expected.forEach((chance, row) => {
    expect(seconds[2 * row + 1]).toBeCloseTo(chance, 6);
  });
  const shares = calibrate(fitted(THREE, 'isotonic'), said(THREE.probabilities, 3));
  const rows = [
    [0.67741935, 0.32258065, 0],
    [0.67741935, 0.32258065, 0],
    [0, 1, 0],
    [0, 0.22222222, 0.77777778],
  ];
  rows.flat().forEach((share, at) => {
    expect(shares[at]).toBeCloseTo(share, 6);
  });
});

test('a margin tells apart what float32 rounds to a probability of 1', () => {
  const values = Array.from({ length: 200 }, (_, i) => (i - 100) / 2);
  const scores: ClassScores = { reads: 'margin', values, classes: 2 };
  const truth = values.map((margin, i) =>
    i % 5 === 0 ? (margin > 0 ? 0 : 1) : margin > 0 ? 1 : 0,
  );
  const cooled = fitCalibration({ truth, scores, weights: null }, 'temperature');
  if (!cooled.ok) throw new Error(cooled.error.reason);
  const seconds = calibrate(cooled.value, scores).filter((_, at) => at % 2 === 1);
  expect(Math.fround(1 / (1 + Math.exp(-30)))).toBe(1);
  expect(seconds[199]).toBeGreaterThan(seconds[160]);
});

test('the temperature is where SciPy 1.10.1 finds the least log loss', () => {
  const logs = Float64Array.from(THREE.probabilities, Math.log);
  const temperature = fitTemperature({ truth: THREE.truth, logs, classes: 3 });
  expect(temperature).toBeCloseTo(1.8741929695341648, 6);
});

test('on rows of their own, all three make a model that is too sure honest', () => {
  const before = overconfident(4000, 1);
  const after = overconfident(4000, 2);
  const raw = binaryMetrics(after.truth, after.seconds);
  for (const method of METHODS) {
    const calibration = fitted({ ...before, classes: 2 }, method);
    const honest = calibrate(calibration, said(after.probabilities, 2)).filter(
      (_, i) => i % 2 === 1,
    );
    const metrics = binaryMetrics(after.truth, honest);
    expect(raw.ece).toBeGreaterThan(0.08);
    expect(metrics.ece).toBeLessThan(0.03);
    expect(metrics.log_loss).toBeLessThan(raw.log_loss ?? 0);
  }
});

test('rows sum to one; two classes keep their order, a temperature keeps that of any', () => {
  const probability = fc.integer({ min: 0, max: 20 }).map((parts) => parts / 20);
  const row = fc.tuple(probability, probability, probability).filter(([a, b, c]) => a + b + c > 0);
  fc.assert(
    fc.property(fc.array(row, { minLength: 6, maxLength: 30 }), (rows) => {
      const truth = rows.map((_, i) => i % 3);
      const probabilities = rows.flatMap((one) => {
        const total = one[0] + one[1] + one[2];
        return one.map((value) => value / total);
      });
      for (const method of METHODS) {
        const out = calibrate(
          fitted({ truth, probabilities, classes: 3 }, method),
          said(probabilities, 3),
        );
        rows.forEach((_, i) => {
          const [a, b, c] = out.subarray(3 * i, 3 * i + 3);
          expect(a + b + c).toBeCloseTo(1, 6);
          if (method !== 'temperature') return;
          const given = probabilities.slice(3 * i, 3 * i + 3);
          expect(Math.sign(a - b) * Math.sign(given[0] - given[1])).toBeGreaterThanOrEqual(0);
          expect(Math.sign(b - c) * Math.sign(given[1] - given[2])).toBeGreaterThanOrEqual(0);
        });
      }
    }),
  );
  const { truth, seconds, probabilities } = overconfident(200, 3);
  for (const method of METHODS) {
    const calibration = fitted({ truth, probabilities, classes: 2 }, method);
    const out = calibrate(calibration, said(probabilities, 2));
    const order = seconds.map((_, i) => i).sort((i, j) => seconds[i] - seconds[j]);
    order.slice(1).forEach((i, at) => {
      expect(out[2 * i + 1]).toBeGreaterThanOrEqual(out[2 * order[at] + 1]);
    });
  }
});

test('one class, or no rows, cannot be learnt from', () => {
  const rows = { truth: [1, 1], scores: said([0.5, 0.5, 0.2, 0.8], 2), weights: null };
  expect(fitCalibration(rows, 'sigmoid')).toEqual({
    ok: false,
    error: { reason: 'one_class', class: 0, rows: 0 },
  });
  const none = { truth: [], scores: said([], 2), weights: null };
  for (const method of METHODS) expect(fitCalibration(none, method).ok).toBe(false);
});

test('a calibration is data: it survives being written as JSON', () => {
  const { truth, probabilities } = overconfident(300, 4);
  for (const method of METHODS) {
    const calibration = fitted({ truth, probabilities, classes: 2 }, method);
    expect(calibrate(JSON.parse(JSON.stringify(calibration)), said(probabilities, 2))).toEqual(
      calibrate(calibration, said(probabilities, 2)),
    );
  }
});

test('weighted rows give the curves of scikit-learn 1.2.1 with sample_weight', () => {
  const scores = [-2, -1.5, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2];
  const truth = [0, 0, 1, 0, 0, 1, 0, 1, 1, 1];
  const weights = [1, 2, 0.5, 1, 3, 1, 0.25, 2, 1, 4];
  const curve = fitPlatt(scores, truth, weights);
  expect(curve.slope).toBeCloseTo(-1.3077423034971802, 6);
  expect(curve.offset).toBeCloseTo(0.30163698267297784, 6);
  const margins: ClassScores = { reads: 'margin', values: scores, classes: 2 };
  const isotonic = fitCalibration({ truth, scores: margins, weights }, 'isotonic');
  if (!isotonic.ok) throw new Error(isotonic.error.reason);
  const seconds = calibrate(isotonic.value, margins).filter((_, at) => at % 2 === 1);
  const expected = [0, 0, 1 / 9, 1 / 9, 1 / 9, 0.8, 0.8, 1, 1, 1];
  expected.forEach((chance, row) => {
    expect(seconds[row]).toBeCloseTo(chance, 6);
  });
});

test('a row of weight k counts as k rows, and one of weight 0 as none', () => {
  const weighted = fc.array(fc.nat(3), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(weighted, (weights) => {
      const rows = weights.flatMap((weight, row) => new Array<number>(weight).fill(row));
      const share = (row: number) => THREE.probabilities.slice(3 * row, 3 * row + 3);
      const repeated = {
        ...{ truth: rows.map((row) => THREE.truth[row]), weights: null },
        scores: said(rows.flatMap(share), 3),
      };
      const once = { truth: THREE.truth, weights, scores: said(THREE.probabilities, 3) };
      for (const method of METHODS) {
        const [one, other] = [fitCalibration(once, method), fitCalibration(repeated, method)];
        expect(one.ok).toBe(other.ok);
        if (!one.ok || !other.ok) continue;
        const [a, b] = [one, other].map(({ value }) => calibrate(value, once.scores));
        a.forEach((chance, at) => {
          expect(chance).toBeCloseTo(b[at], 5);
        });
      }
    }),
    { numRuns: 40 },
  );
});
