import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Profile } from '../../contracts/profile.ts';
import type { PredictionEvent } from '../../contracts/telemetry.ts';
import {
  addCategory,
  addNumber,
  binOf,
  createColumnProfile,
  mergeColumnProfiles,
} from './column-profile.ts';
import { mergeProfiles } from './merge-profiles.ts';
import { numberEdges } from './number-edges.ts';
import { quantileOfProfile } from './profile-quantile.ts';
import { buildReferenceProfile, profileOfNumbers } from './reference-profile.ts';
import { addIncident, addOutcome, addPrediction, createProfile } from './traffic-profile.ts';

const reference = buildReferenceProfile({
  inputs: {
    distance: { type: 'number', values: Array.from({ length: 200 }, (_, i) => i / 10) },
    weather: { type: 'category', values: ['clear', 'rain', ''], categories: ['clear', 'rain'] },
  },
  prediction: [10, 20, 30, 40],
  target: [12, 18, 33, 41],
});

const prediction = fc.record({
  source: fc.constantFrom('model' as const, 'fallback' as const),
  reason: fc.constantFrom('deadline' as const, 'killed' as const),
  value: fc.integer({ min: -50, max: 50 }),
  latencyMs: fc.integer({ min: 0, max: 500 }),
  distance: fc.option(fc.integer({ min: -5, max: 30 })),
  weather: fc.option(fc.constantFrom('clear', 'rain', 'hail', '')),
  outcome: fc.option(fc.integer({ min: -50, max: 50 })),
});
type Drawn = typeof prediction extends fc.Arbitrary<infer T> ? T : never;

function profileOf(drawn: readonly Drawn[]): Profile {
  const profile = createProfile(reference);
  for (const { distance, weather, outcome, ...rest } of drawn) {
    const event: PredictionEvent = {
      ...rest,
      type: 'prediction',
      seq: 1,
      at: 0,
      version: '1.0.0',
      assigned: '1.0.0',
      variant: 'champion',
      features: { distance, weather },
    };
    addPrediction(profile, event);
    if (outcome !== null)
      addOutcome(profile, { value: outcome, predicted: event.value, source: event.source });
    if (event.source === 'fallback') addIncident(profile, { kind: 'runtime' });
  }
  return profile;
}

const copy = (profile: Profile): Profile => structuredClone(profile);

test('merging profiles is exactly associative and commutative, and equals profiling all at once', () => {
  const part = fc.array(prediction, { maxLength: 30 });
  fc.assert(
    fc.property(part, part, part, (first, second, third) => {
      const [a, b, c] = [first, second, third].map(profileOf);
      const left = mergeProfiles(mergeProfiles(copy(a), b), c);
      const right = mergeProfiles(copy(a), mergeProfiles(copy(b), c));
      const turned = mergeProfiles(mergeProfiles(copy(c), b), a);
      const whole = profileOf([...first, ...second, ...third]);
      expect(left).toEqual(right);
      expect(normalise(left)).toEqual(normalise(turned));
      expect(normalise(left)).toEqual(normalise(whole));
    }),
  );
});

/** The order of keys in the records of reasons is not part of the value. */
const normalise = (profile: Profile): unknown => ({
  ...profile,
  reasons: Object.entries(profile.reasons).sort(),
  incidents: Object.entries(profile.incidents).sort(),
});

test('merging leaves the profile merged from as it was and survives JSON', () => {
  const from = profileOf([]);
  const into: Profile = JSON.parse(JSON.stringify(createProfile(null)));
  mergeProfiles(into, from);
  mergeProfiles(into, profileOf([]));
  into.inputs['distance'].counts[0] = 99;
  expect(from.inputs['distance'].counts[0]).toBe(0);
});

test('profiles in other bins do not merge', () => {
  const a = createColumnProfile({ type: 'number', edges: [1, 2] });
  const b = createColumnProfile({ type: 'number', edges: [1, 3] });
  expect(() => mergeColumnProfiles(a, b)).toThrow(/same bins/);
});

test('a value falls in the bin edges[i-1] < x <= edges[i]', () => {
  const edges = [1, 2, 5];
  expect([0, 1, 1.5, 2, 5, 5.1].map((x) => binOf(edges, x))).toEqual([0, 0, 1, 1, 2, 3]);
});

test('null, NaN and infinities are missing and enter no sum', () => {
  const profile = createColumnProfile({ type: 'number', edges: [0] });
  for (const value of [null, Number.NaN, Infinity, undefined, 3]) addNumber(profile, value);
  expect(profile).toMatchObject({ counts: [0, 1], missing: 4, sum: 3, sumSquares: 9 });
});

test('an unseen category is other, an empty one missing, with few categories and with many', () => {
  for (const size of [2, 40]) {
    const categories = Array.from({ length: size }, (_, i) => `c${i}`);
    const profile = createColumnProfile({ type: 'category', categories });
    if (profile.type !== 'category') throw new Error('expected a category profile');
    for (const value of ['c1', 'c1', 'new', '', null]) addCategory(profile, value);
    expect([profile.counts[1], profile.counts[size], profile.missing]).toEqual([2, 1, 2]);
  }
});

test('an event without features says nothing about inputs; one that leaves a feature out misses it', () => {
  const profile = createProfile(reference);
  const event: PredictionEvent = {
    type: 'prediction',
    seq: 1,
    at: 0,
    source: 'model',
    version: '1.0.0',
    assigned: '1.0.0',
    variant: 'champion',
    value: 20,
    latencyMs: 1,
  };
  addPrediction(profile, event);
  expect(profile.inputs['distance'].missing).toBe(0);
  addPrediction(profile, { ...event, features: { weather: 'rain' } });
  expect(profile.inputs['distance'].missing).toBe(1);
});

test('edges keep a value and its float32 rounding in one bin', () => {
  const value = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => n / 7);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), (values) => {
      const edges = numberEdges(values);
      expect(edges.length).toBeLessThanOrEqual(19);
      for (const x of values) expect(binOf(edges, Math.fround(x))).toBe(binOf(edges, x));
      expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
    }),
  );
});

test('edges split a continuous sample into bins of equal count and a discrete one into its values', () => {
  const { counts } = profileOfNumbers(Array.from({ length: 1000 }, (_, i) => Math.sqrt(i)));
  expect(new Set(counts)).toEqual(new Set([50]));
  expect(profileOfNumbers([3, 1, 1, 2, 2, 2]).counts).toEqual([2, 3, 1]);
  expect(numberEdges([])).toEqual([]);
});

test.each([0, 4, -1e-30, 0.1, 3e38, 1e70])(
  'what was %d in every row has a bin of its own, and whatever else comes falls beside it',
  (value) => {
    const reference = profileOfNumbers([value, value, value]);
    expect(reference.counts).toEqual([0, 3, 0]);
    const rounded = Math.abs(value) < 3.4e38 ? Math.fround(value) : value;
    const later = createColumnProfile({ type: 'number', edges: reference.edges });
    for (const x of [rounded, value * 1.01 + 1e-37, value * 0.99 - 1e-37]) addNumber(later, x);
    expect(later.counts).toEqual([1, 1, 1]);
  },
);

test('a quantile is interpolated inside its bin and grows with q', () => {
  const profile = profileOfNumbers(Array.from({ length: 1001 }, (_, i) => i / 10));
  for (const q of [0.1, 0.25, 0.5, 0.9]) {
    expect(Math.abs(quantileOfProfile(profile, q)! - 100 * q)).toBeLessThan(0.2);
  }
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(unit, unit, (p, q) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)];
      return quantileOfProfile(profile, low)! <= quantileOfProfile(profile, high)!;
    }),
  );
  expect(quantileOfProfile(createColumnProfile({ type: 'number', edges: [1] }), 0.5)).toBeNull();
});
