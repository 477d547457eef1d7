import { expect, test } from 'vitest';
import type { ErrorSums } from '../contracts/profile.ts';
import { createRng, normal, type Rng } from '../core/rng.ts';
import { addOutcome, createProfile } from '../stats/profile/traffic-profile.ts';
import { judgeConceptDrift } from './concept-drift.ts';
import { knownLossOf } from './loss.ts';

/** Normal errors of standard deviation 1: their mean absolute value is sqrt(2 / pi). */
const KNOWN = knownLossOf({ mae: Math.sqrt(2 / Math.PI), rmse: 1, r2: 0, rows: 2000 });
const context = { minSamples: 100, moved: [], unit: 'min' };

function outcomes(n: number, deviation: number, rng: Rng): ErrorSums {
  const profile = createProfile(null);
  for (let i = 0; i < n; i++)
    addOutcome(profile, { value: deviation * normal(rng), predicted: 0, source: 'model' });
  return profile.outcomes.model;
}

const verdictOf = (n: number, deviation: number, rng = createRng(2)) =>
  judgeConceptDrift(outcomes(n, deviation, rng), KNOWN, context).verdict;

test('an error that grew fires; as before, or better than before, it is clear', () => {
  expect(verdictOf(400, 1.6)).toBe('firing');
  expect(verdictOf(400, 1)).toBe('clear');
  expect(verdictOf(400, 0.3)).toBe('clear');
});

test('few outcomes, and growth that may be chance, are unknown', () => {
  expect(verdictOf(99, 5)).toBe('unknown');
  expect(verdictOf(0, 1)).toBe('unknown');
  expect(judgeConceptDrift(outcomes(400, 9, createRng(1)), { ...KNOWN, rows: 0 }, context)).toEqual(
    expect.objectContaining({ rule: 'drift:concept', verdict: 'unknown' }),
  );
});

test('an unchanged error almost never fires, look by look', () => {
  const rng = createRng(8);
  const looks = Array.from({ length: 1000 }, () => verdictOf(100, 1, rng));
  expect(looks.filter((verdict) => verdict === 'firing').length).toBeLessThanOrEqual(5);
});

test('the summary tells inputs that moved, since they raise an error too', () => {
  const sums = outcomes(200, 2, createRng(3));
  const told = judgeConceptDrift(sums, KNOWN, { minSamples: 100, moved: ['distance'], unit: '$' });
  expect(told.summary).toMatch(
    /^MAE \$1\.\d+ over 200 outcomes, \$0\.80 when trained; moved: distance$/,
  );
});

test('a classifier is followed by its Brier score, and almost never fires while it is unchanged', () => {
  // Told uniform probabilities that come true: the mean of p (1 - p) is 1/6.
  const known = knownLossOf({
    ...{ roc_auc: 0.8, pr_auc: 0.8, log_loss: 0.5, brier: 1 / 6, accuracy: 0.75, ece: 0 },
    rows: 2000,
  });
  const rng = createRng(4);
  const look = (n: number, happens: (p: number) => number) => {
    const profile = createProfile(null, 'binary');
    for (let i = 0; i < n; i++) {
      const predicted = rng();
      const value = rng() < happens(predicted) ? 1 : 0;
      addOutcome(profile, { value, predicted, source: 'model' });
    }
    return judgeConceptDrift(profile.outcomes.model, known, context);
  };
  expect(look(400, () => 0.5)).toMatchObject({ verdict: 'firing' });
  expect(look(400, () => 0.5).summary).toMatch(
    /^Brier score 0\.\d+ over 400 outcomes, 0\.167 when trained; no input moved$/,
  );
  const looks = Array.from({ length: 1000 }, () => look(100, (p) => p).verdict);
  expect(looks.filter((verdict) => verdict === 'firing').length).toBeLessThanOrEqual(5);
});
