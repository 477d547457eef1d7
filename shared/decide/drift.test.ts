import { expect, test } from 'vitest';
import { createRng } from '../core/rng.ts';
import { addCategory, addNumber } from '../stats/profile/column-profile.ts';
import { buildReferenceProfile } from '../stats/profile/reference-profile.ts';
import { createProfile } from '../stats/profile/traffic-profile.ts';
import { judgeDrift, judgePredictionDrift } from './drift.ts';

const policy = { minSamples: 100, alpha: 0.01, minPsi: 0.1 };
const rng = createRng(3);
const reference = buildReferenceProfile({
  inputs: {
    distance: { type: 'number', values: Float64Array.from({ length: 4000 }, () => 10 * rng()) },
    weather: {
      type: 'category',
      values: Array.from({ length: 4000 }, () => (rng() < 0.3 ? 'rain' : 'clear')),
      categories: ['clear', 'rain', 'snow'],
    },
  },
  prediction: [1, 2],
  target: [1, 2],
});

/** Traffic whose distances are stretched and whose weather is missing with a given chance. */
function traffic(n: number, stretch: number, missingShare = 0) {
  const profile = createProfile(reference);
  const { distance, weather } = profile.inputs;
  if (distance.type !== 'number' || weather.type !== 'category') throw new Error('wrong types');
  for (let i = 0; i < n; i++) {
    addNumber(distance, stretch * 10 * rng());
    const drawn = rng() < 0.3 ? 'rain' : 'clear';
    addCategory(weather, rng() < missingShare ? null : drawn);
  }
  return profile;
}

const verdicts = (profile: ReturnType<typeof traffic>): string[] =>
  judgeDrift(reference, profile, policy).map(({ verdict }) => verdict);

test('traffic like the reference is no drift, and each input has its numbers', () => {
  const results = judgeDrift(reference, traffic(1000, 1), policy);
  expect(results.map(({ verdict }) => verdict)).toEqual(['no_drift', 'no_drift']);
  for (const result of results) {
    expect(result.n).toBe(1000);
    expect(result.pValue).toBeGreaterThan(0.001);
    expect(result.adjustedPValue).toBeGreaterThanOrEqual(result.pValue!);
    expect(result.psi).toBeLessThan(0.1);
  }
});

test('an input that moved is drift and the others are not', () => {
  expect(verdicts(traffic(1000, 1.5))).toEqual(['drift', 'no_drift']);
});

test('values that go missing are drift', () => {
  expect(verdicts(traffic(1000, 1, 0.4))).toEqual(['no_drift', 'drift']);
});

test('a significant change too small to matter is not drift, but its p is told', () => {
  const [distance] = judgeDrift(reference, traffic(20_000, 1.05), { ...policy, minPsi: 0.25 });
  expect(distance.verdict).toBe('no_drift');
  expect(distance.adjustedPValue).toBeLessThan(0.01);
});

test('fewer events than asked for is insufficient data with what is needed', () => {
  const [distance] = judgeDrift(reference, traffic(99, 3), policy);
  expect(distance).toMatchObject({
    verdict: 'insufficient_data',
    n: 99,
    needed: 100,
    psi: null,
    pValue: null,
  });
});

test('a reference without rows, or an input the profile does not hold, is insufficient data', () => {
  const empty = buildReferenceProfile({
    inputs: { distance: { type: 'number', values: [] } },
    prediction: [],
    target: [],
  });
  expect(judgeDrift(empty, traffic(1000, 1), policy)[0].verdict).toBe('insufficient_data');
  expect(judgeDrift(reference, createProfile(null), policy)[0].verdict).toBe('insufficient_data');
});

test('a constant input that stays constant is no drift', () => {
  const constant = buildReferenceProfile({
    inputs: { distance: { type: 'number', values: new Float64Array(500).fill(4) } },
    prediction: [],
    target: [],
  });
  const profile = createProfile(constant);
  const { distance } = profile.inputs;
  if (distance.type !== 'number') throw new Error('wrong type');
  for (let i = 0; i < 500; i++) addNumber(distance, 4);
  expect(judgeDrift(constant, profile, policy)[0]).toMatchObject({
    verdict: 'no_drift',
    pValue: 1,
  });
});

test('answers that moved are prior drift, told under a name of their own', () => {
  const values = Float64Array.from({ length: 2000 }, () => 20 + 10 * rng());
  const answered = buildReferenceProfile({ inputs: {}, prediction: values, target: values });
  const answersOf = (shift: number) => {
    const profile = createProfile(answered);
    for (let i = 0; i < 500; i++) addNumber(profile.prediction!, 20 + shift + 10 * rng());
    return judgePredictionDrift(answered, profile, policy);
  };
  expect(answersOf(0)).toMatchObject({ input: 'prediction', verdict: 'no_drift', n: 500 });
  expect(answersOf(4).verdict).toBe('drift');
  expect(judgePredictionDrift(answered, createProfile(null), policy).verdict).toBe(
    'insufficient_data',
  );
});

test('the stability index that is told and held against its minimum is what chance does not explain', () => {
  const few = { minSamples: 200, alpha: 1, minPsi: 0.1 };
  let alarms = 0;
  for (let window = 0; window < 300; window++) {
    const [distance] = judgeDrift(reference, traffic(200, 1), few);
    if (distance.verdict === 'drift') alarms++;
  }
  expect(alarms).toBeLessThanOrEqual(6);
  expect(judgeDrift(reference, traffic(200, 1.5), few)[0]).toMatchObject({ verdict: 'drift' });
});
