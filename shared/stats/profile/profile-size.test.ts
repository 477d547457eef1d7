import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PredictionEvent } from '../../contracts/telemetry.ts';
import { createRng, normal } from '../../core/rng.ts';
import { buildReferenceProfile } from './reference-profile.ts';
import { addPrediction, createProfile } from './traffic-profile.ts';

const NUMBERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const CATEGORIES = ['x', 'y', 'z'];
const LEVELS = Array.from({ length: 8 }, (_, i) => `level ${i}`);

test('a profile of ten features after 20,000 predictions is below 8 kB gzipped', () => {
  const rng = createRng(1);
  const numbers = () => Array.from({ length: 500 }, () => normal(rng));
  const reference = buildReferenceProfile({
    inputs: {
      ...Object.fromEntries(NUMBERS.map((name) => [name, { type: 'number', values: numbers() }])),
      ...Object.fromEntries(
        CATEGORIES.map((name) => [name, { type: 'category', values: LEVELS, categories: LEVELS }]),
      ),
    },
    prediction: numbers(),
    target: numbers(),
  });
  const profile = createProfile(reference);
  for (let seq = 1; seq <= 20_000; seq++) {
    const event: PredictionEvent = {
      ...{ type: 'prediction', seq, at: seq, version: '1.0.0', assigned: '1.0.0' },
      ...{ variant: 'champion', source: 'model', value: normal(rng), latencyMs: 10 * rng() },
      features: {
        ...Object.fromEntries(NUMBERS.map((name) => [name, normal(rng)])),
        ...Object.fromEntries(CATEGORIES.map((name) => [name, LEVELS[Math.floor(8 * rng())]])),
      },
    };
    addPrediction(profile, event);
  }
  const { counts } = profile.inputs.a;
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(20_000);
  expect(gzipSync(JSON.stringify(profile)).length).toBeLessThan(8 * 1024);
});
