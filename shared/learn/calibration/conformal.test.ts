import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Result } from '../../core/result.ts';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { conformalQuantile, conformalRank, type TooLittleData } from './conformal-quantile.ts';
import { fitPredictionSets, predictionSets } from './prediction-set.ts';
import {
  boundsAround,
  boundsFrom,
  fitQuantileInterval,
  fitSplitInterval,
  intervalQuality,
} from './regression-interval.ts';

function made<T>(result: Result<T, TooLittleData>): T {
  if (!result.ok) throw new Error(`needs ${result.error.needed} rows`);
  return result.value;
}

const levels = fc.constantFrom(0.5, 0.8, 0.9);

test('each of n + 1 rows judged by the n others: exactly the rank of them is covered', () => {
  const scores = fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 11, maxLength: 40 });
  fc.assert(
    fc.property(scores, levels, (all, level) => {
      const covered = all.filter(
        (score, i) =>
          score <=
          made(
            conformalQuantile(
              all.filter((_, j) => j !== i),
              level,
            ),
          ),
      );
      expect(covered.length).toBe(conformalRank(all.length - 1, level));
      expect(covered.length / all.length).toBeGreaterThanOrEqual(level);
    }),
  );
});

test('too few rows for the level is an answer that says how many it needs', () => {
  const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  expect(conformalQuantile(nine, 0.9)).toEqual({ ok: true, value: 9 });
  expect(conformalQuantile(nine.slice(1), 0.9)).toEqual({
    ok: false,
    error: { reason: 'insufficient_data', n: 8, needed: 9 },
  });
  expect(fitSplitInterval({ truth: [], prediction: [] }, 0.5)).toMatchObject({
    error: { n: 0, needed: 1 },
  });
});

/** Outcomes around 2 x whose spread is x, and what a model says of them. */
function outcomes(rows: number, rng: Rng) {
  const x = Float64Array.from({ length: rows }, () => 0.2 + rng());
  return {
    x,
    truth: x.map((value) => 2 * value + value * normal(rng)),
    prediction: x.map((value) => 2 * value + 0.3),
    // Quantiles of a model that is too sure.
    lower: x.map((value) => 2 * value - 0.5 * value),
    upper: x.map((value) => 2 * value + 0.5 * value),
  };
}

/** Mean coverage over fresh pairs of calibration and test rows. */
function meanCoverage(repeats: number, coverageOf: (rng: Rng) => number): number {
  const rng = createRng(7);
  const all = Array.from({ length: repeats }, () => coverageOf(rng));
  return all.reduce((sum, one) => sum + one, 0) / repeats;
}

test('intervals of a bad model cover as often as they say, of one width, by difficulty or by quantiles', () => {
  const kinds = {
    one: (rng: Rng) => {
      const rule = made(fitSplitInterval(outcomes(60, rng), 0.8));
      const fresh = outcomes(60, rng);
      if (rule.type !== 'split') throw new Error(rule.type);
      return intervalQuality(fresh.truth, boundsAround(rule, fresh))?.coverage ?? 0;
    },
    difficulty: (rng: Rng) => {
      const held = outcomes(60, rng);
      const rule = made(fitSplitInterval({ ...held, difficulty: held.x }, 0.8));
      const fresh = outcomes(60, rng);
      if (rule.type !== 'split') throw new Error(rule.type);
      const bounds = boundsAround(rule, { ...fresh, difficulty: fresh.x });
      return intervalQuality(fresh.truth, bounds)?.coverage ?? 0;
    },
    quantiles: (rng: Rng) => {
      const rule = made(fitQuantileInterval(outcomes(60, rng), 0.8));
      const fresh = outcomes(60, rng);
      if (rule.type !== 'quantiles') throw new Error(rule.type);
      return intervalQuality(fresh.truth, boundsFrom(rule, fresh))?.coverage ?? 0;
    },
  };
  // The mean coverage is ceil(61 * 0.8) / 61 = 0.803; its standard error over 300 repeats 0.005.
  for (const coverageOf of Object.values(kinds)) {
    const coverage = meanCoverage(300, coverageOf);
    expect(coverage).toBeGreaterThan(0.785);
    expect(coverage).toBeLessThan(0.825);
  }
});

test('intervals by difficulty are narrow where outcomes vary little, and quantiles never cross', () => {
  const rng = createRng(3);
  const held = outcomes(500, rng);
  const rule = made(fitSplitInterval({ ...held, difficulty: held.x }, 0.9));
  if (rule.type !== 'split') throw new Error(rule.type);
  const { lower, upper } = boundsAround(rule, { prediction: [1, 1], difficulty: [0.2, 1] });
  expect((upper[1] - lower[1]) / (upper[0] - lower[0])).toBeCloseTo(5, 10);
  const narrow = { type: 'quantiles', level: 0.5, margin: -3, rows: 9 } as const;
  expect(boundsFrom(narrow, { lower: [1], upper: [3] })).toEqual({
    lower: new Float64Array([2]),
    upper: new Float64Array([2]),
  });
  expect(intervalQuality([], { lower: new Float64Array(), upper: new Float64Array() })).toBeNull();
});

/** Three classes with drawn chances, and a model that sharpens them. */
function classified(rows: number, rng: Rng) {
  const truth = new Uint8Array(rows);
  const probabilities = new Float64Array(3 * rows);
  for (let row = 0; row < rows; row++) {
    const parts = [rng(), rng(), rng()];
    const total = parts[0] + parts[1] + parts[2];
    const draw = rng() * total;
    truth[row] = draw < parts[0] ? 0 : draw < parts[0] + parts[1] ? 1 : 2;
    const sharp = parts.map((part) => part ** 3);
    const sharpTotal = sharp[0] + sharp[1] + sharp[2];
    sharp.forEach((part, code) => {
      probabilities[3 * row + code] = part / sharpTotal;
    });
  }
  return { truth, probabilities, classes: 3 };
}

test('sets of classes hold the true one as often as they say', () => {
  for (const [type, isDrawn] of [
    ['lac', false],
    ['aps', true],
    ['aps', false],
  ] as const) {
    const coverage = meanCoverage(300, (rng) => {
      const draws = isDrawn ? rng : null;
      const rule = made(fitPredictionSets(classified(60, rng), { type, level: 0.8, rng: draws }));
      const fresh = classified(60, rng);
      const sets = predictionSets(rule, fresh.probabilities, draws);
      return sets.filter((set, row) => set.includes(fresh.truth[row])).length / 60;
    });
    expect(coverage).toBeGreaterThan(0.785);
    // All of a class's own probability counts: sets are larger than they need to be.
    expect(coverage).toBeLessThan(type === 'aps' && !isDrawn ? 1 : 0.825);
  }
});

test('sets name the likeliest class first and grow with the level', () => {
  const held = classified(400, createRng(5));
  const sizes = [0.5, 0.8, 0.95].map((level) => {
    const sets = predictionSets(
      made(fitPredictionSets(held, { type: 'lac', level })),
      held.probabilities,
    );
    for (const [row, set] of sets.entries())
      set.slice(1).forEach((code, i) => {
        const at = (one: number) => held.probabilities[3 * row + one];
        expect(at(set[i])).toBeGreaterThanOrEqual(at(code));
      });
    return sets.flat().length;
  });
  expect(sizes[0]).toBeLessThan(sizes[1]);
  expect(sizes[1]).toBeLessThan(sizes[2]);
});
