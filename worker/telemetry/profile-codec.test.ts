import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnProfile, Profile } from '../../shared/contracts/profile.ts';
import { createRng } from '../../shared/core/rng.ts';
import { mergeProfiles } from '../../shared/stats/profile/merge-profiles.ts';
import { buildReferenceProfile } from '../../shared/stats/profile/reference-profile.ts';
import {
  addIncident,
  addOutcome,
  addPrediction,
  createProfile,
} from '../../shared/stats/profile/traffic-profile.ts';
import { prediction } from '../test-support/batch.ts';
import { mergeEncoded } from './merge-encoded.ts';
import { decodeProfile, type EncodedColumn, encodeProfile } from './profile-codec.ts';

const rng = createRng(1);
const numbers = Float64Array.from({ length: 500 }, () => rng() * 20);
const reference = buildReferenceProfile({
  inputs: {
    distance: { type: 'number', values: numbers },
    weather: {
      type: 'category',
      values: Array.from({ length: 500 }, () => 'dry'),
      categories: ['dry', 'rain'],
    },
  },
  prediction: numbers,
  target: numbers,
});

/** Half of the profiles are a classifier's: answers and outcomes are then cut to what it can have. */
const drawnRows = fc.array(
  fc.record({
    distance: fc.option(fc.double({ min: -5, max: 25, noNaN: true })),
    weather: fc.option(fc.constantFrom('dry', 'rain', 'snow')),
    latencyMs: fc.double({ min: 0, max: 5000, noNaN: true }),
    value: fc.double({ min: -100, max: 100, noNaN: true }),
    source: fc.constantFrom('model' as const, 'fallback' as const),
  }),
  { maxLength: 30 },
);
type Rows = typeof drawnRows extends fc.Arbitrary<infer T> ? T : never;

function profileOf(rows: Rows, task: 'regression' | 'binary'): Profile {
  const profile = createProfile(reference, task);
  for (const { distance, weather, ...rest } of rows) {
    addPrediction(profile, prediction(1, { ...rest, features: { distance, weather } }));
    const { value, source } = rest;
    const classified = { value: value > 0 ? 1 : 0, predicted: Math.abs(value) / 100, source };
    addOutcome(profile, task === 'binary' ? classified : { ...rest, predicted: 1 });
  }
  if (rows.length > 5) addIncident(profile, { kind: 'runtime' });
  return profile;
}

const tasks = fc.constantFrom('regression' as const, 'binary' as const);
const profiles = fc.tuple(drawnRows, tasks).map(([rows, task]) => profileOf(rows, task));

const binsOf = ({ scores }: Profile) => ({
  reference,
  task: scores ? ('binary' as const) : ('regression' as const),
});
const throughText = (profile: Profile) =>
  decodeProfile(JSON.parse(JSON.stringify(encodeProfile(profile))), binsOf(profile));

test('a profile comes back from text exactly as it was', () => {
  fc.assert(
    fc.property(profiles, (profile) => {
      expect(throughText(profile)).toEqual(profile);
    }),
  );
});

test('what comes back merges like the original and shares no counts with it', () => {
  fc.assert(
    fc.property(drawnRows, drawnRows, tasks, (first, second, task) => {
      const [a, b] = [profileOf(first, task), profileOf(second, task)];
      const merged = mergeProfiles(throughText(a), throughText(b));
      expect(merged).toEqual(mergeProfiles(throughText(a), b));
    }),
  );
});

test('encoded profiles merge without their bins as decoded ones do with them', () => {
  fc.assert(
    fc.property(drawnRows, drawnRows, tasks, (first, second, task) => {
      const [a, b] = [profileOf(first, task), profileOf(second, task)];
      const merged = decodeProfile(mergeEncoded(encodeProfile(a), encodeProfile(b)), binsOf(a));
      expect(merged).toEqual(mergeProfiles(throughText(a), b));
    }),
  );
});

test('what was kept before classifiers were counted is read as a classifier without outcomes', () => {
  const { k: _, ...before } = encodeProfile(createProfile(reference, 'binary'));
  const read = decodeProfile(before, { reference, task: 'binary' });
  expect(read).toEqual(createProfile(reference, 'binary'));
  expect(decodeProfile(before, { reference, task: 'regression' }).scores).toBeNull();
});

test('what was kept before sums had an origin is read, and merges, as if it had been kept since', () => {
  fc.assert(
    fc.property(drawnRows, drawnRows, (first, second) => {
      const [a, b] = [profileOf(first, 'regression'), profileOf(second, 'regression')];
      const before = encodeProfile(a);
      const kept = { ...before, n: { ...before.n, distance: ofBefore(a.inputs['distance']) } };
      const read = decodeProfile(kept, binsOf(a));
      expectSameMoments(read.inputs['distance'], a.inputs['distance']);
      const merged = decodeProfile(mergeEncoded(encodeProfile(b), kept), binsOf(a));
      expectSameMoments(merged.inputs['distance'], mergeProfiles(b, a).inputs['distance']);
    }),
  );
});

function ofBefore(column: ColumnProfile): EncodedColumn {
  if (column.type !== 'number') throw new Error('distance is a number');
  const { origin = 0, missing, sum, sumSquares, counts } = column;
  const n = counts.reduce((total, count) => total + count, 0);
  const c = counts.flatMap((count, i) => (count > 0 ? [i, count] : []));
  const q = sumSquares + 2 * origin * sum + n * origin * origin;
  return { m: missing, s: sum + n * origin, q, c };
}

function expectSameMoments(a: ColumnProfile, b: ColumnProfile): void {
  if (a.type !== 'number' || b.type !== 'number') throw new Error('distance is a number');
  expect(a.counts).toEqual(b.counts);
  expect(a.origin).toBe(b.origin);
  expect(a.sum).toBeCloseTo(b.sum, 8);
  expect(a.sumSquares).toBeCloseTo(b.sumSquares, 8);
}

test('a profile without a reference keeps everything but inputs and answers', () => {
  const profile = createProfile(null);
  addPrediction(profile, prediction(1));
  expect(decodeProfile(encodeProfile(profile), null)).toEqual(profile);
});
