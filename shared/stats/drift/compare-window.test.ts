import { expect, test } from 'vitest';
import type { Profile } from '../../contracts/profile.ts';
import { createRng, normal } from '../../core/rng.ts';
import { addCategory, addNumber } from '../profile/column-profile.ts';
import { buildReferenceProfile } from '../profile/reference-profile.ts';
import { createProfile } from '../profile/traffic-profile.ts';
import { compareWindow } from './compare-window.ts';
import { PROFILE_METHODS } from './profile-methods.ts';

const rng = createRng(4);
const distance = Float64Array.from({ length: 2000 }, () => 10 + 2 * normal(rng));
const weather = Array.from({ length: 2000 }, () => (rng() < 0.7 ? 'dry' : 'rain'));
const minutes = distance.map((x) => 10 + 2 * x);
const reference = buildReferenceProfile({
  inputs: {
    distance: { type: 'number', values: distance },
    weather: { type: 'category', values: weather, categories: ['dry', 'rain'] },
  },
  prediction: minutes,
  target: minutes,
});

function traffic(n: number, shift: number): Profile {
  const profile = createProfile(reference);
  for (let i = 0; i < n; i++) {
    const x = 10 + shift + 2 * normal(rng);
    const { distance, weather } = profile.inputs;
    if (distance.type === 'number') addNumber(distance, x);
    if (weather.type === 'category') addCategory(weather, rng() < 0.7 ? 'dry' : 'rain');
    if (profile.prediction) addNumber(profile.prediction, 10 + 2 * x);
  }
  return profile;
}

test('a window tells which columns moved, the answers among them, and how far', () => {
  const drift = compareWindow(reference, traffic(500, 0.8), {
    methods: ['auto'],
    alpha: 0.05,
    rng,
  });
  expect(drift.dataset).toEqual({ drifted: true, share: 2 / 3, method: 'benjamini-hochberg' });
  expect(drift.columns.map(({ column, drifted }) => [column, drifted])).toEqual([
    ['distance', true],
    ['weather', false],
    ['prediction', true],
  ]);
  const [{ effects, nReference, nCurrent, results }] = drift.columns;
  expect([nReference, nCurrent]).toEqual([2000, 500]);
  expect(results[0].method).toBe('combined');
  const [low, high] = effects[1].interval;
  expect(low).toBeLessThan(0.4);
  expect(high).toBeGreaterThan(0.4);
});

test('no change is no drift by any method; no traffic is too little data, never NaN', () => {
  const methods = [...PROFILE_METHODS];
  const same = compareWindow(reference, traffic(500, 0), { methods, alpha: 0.001, rng });
  expect(same.dataset.drifted).toBe(false);
  expect(same.columns[0].results.map(({ method }) => method)).toEqual([
    'combined',
    ...PROFILE_METHODS.slice(1),
  ]);
  const none = compareWindow(reference, createProfile(reference), { methods, alpha: 0.05, rng });
  expect(none.dataset).toMatchObject({ drifted: null, share: 0 });
  expect(none.columns.every(({ effects }) => effects.length === 0)).toBe(true);
  expect(JSON.stringify(none)).not.toContain('NaN');
  const unknown = compareWindow(reference, createProfile(null), { methods, alpha: 0.05, rng });
  expect(unknown).toEqual({
    dataset: { drifted: null, share: 0, method: 'benjamini-hochberg' },
    schema: { missing: [], added: [], retyped: [] },
    columns: [],
  });
});

test('every method finds a shift of half a deviation in 500 events', () => {
  const drift = compareWindow(reference, traffic(500, 1), {
    ...{ methods: PROFILE_METHODS, alpha: 0.05, rng },
  });
  const answers = (i: number) => {
    const results = drift.columns[i].results;
    const silent = results.filter(({ pValue }) => pValue === null);
    return { results, silent: silent.map(({ method }) => method) };
  };
  const ofNumber = answers(0);
  for (const { method, pValue } of ofNumber.results)
    if (pValue !== null) expect(pValue, method).toBeLessThan(0.01);
  expect(ofNumber.silent).toEqual(['fisher_exact', 'z']);
  expect(answers(1).silent).toEqual([
    'ks',
    'anderson',
    'cramer_von_mises',
    'es',
    'mannw',
    't_test',
    'wasserstein',
    'ed',
    'empirical_mmd',
  ]);
});

test('a category that the reference does not have is told apart, from profiles too', () => {
  const profile = traffic(300, 0);
  const { weather } = profile.inputs;
  weather.counts[weather.counts.length - 1] += 30;
  const { columns } = compareWindow(reference, profile, { methods: ['auto'], alpha: 0.05, rng });
  const told = columns.find(({ column }) => column === 'weather')!;
  expect(told.shares).toMatchObject([{ of: 'unseen_categories', drifted: true }]);
  expect(told.shares[0].current).toBeCloseTo(30 / 330, 2);
});
