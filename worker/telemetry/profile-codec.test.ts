import fc from 'fast-check';
import { expect, test } from 'vitest';
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
import { decodeProfile, encodeProfile } from './profile-codec.ts';

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

const profiles = fc
  .array(
    fc.record({
      distance: fc.option(fc.double({ min: -5, max: 25, noNaN: true })),
      weather: fc.option(fc.constantFrom('dry', 'rain', 'snow')),
      latencyMs: fc.double({ min: 0, max: 5000, noNaN: true }),
      value: fc.double({ min: -100, max: 100, noNaN: true }),
      source: fc.constantFrom('model' as const, 'fallback' as const),
    }),
    { maxLength: 30 },
  )
  .map((rows) => {
    const profile = createProfile(reference);
    for (const { distance, weather, ...rest } of rows) {
      addPrediction(profile, prediction(1, { ...rest, features: { distance, weather } }));
      addOutcome(profile, { ...rest, predicted: 1 });
    }
    if (rows.length > 5) addIncident(profile, { kind: 'runtime' });
    return profile;
  });

const throughText = (profile: ReturnType<typeof createProfile>) =>
  decodeProfile(JSON.parse(JSON.stringify(encodeProfile(profile))), reference);

test('a profile comes back from text exactly as it was', () => {
  fc.assert(
    fc.property(profiles, (profile) => {
      expect(throughText(profile)).toEqual(profile);
    }),
  );
});

test('what comes back merges like the original and shares no counts with it', () => {
  fc.assert(
    fc.property(profiles, profiles, (a, b) => {
      const merged = mergeProfiles(throughText(a), throughText(b));
      expect(merged).toEqual(mergeProfiles(throughText(a), b));
    }),
  );
});

test('a profile without a reference keeps everything but inputs and answers', () => {
  const profile = createProfile(null);
  addPrediction(profile, prediction(1));
  expect(decodeProfile(encodeProfile(profile), null)).toEqual(profile);
});
