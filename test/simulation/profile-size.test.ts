import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { PredictionEvent } from '../../shared/contracts/telemetry.ts';
import { createRng, normal } from '../../shared/core/rng.ts';
import { addCategory, addNumber } from '../../shared/stats/profile/column-profile.ts';
import { buildReferenceProfile } from '../../shared/stats/profile/reference-profile.ts';
import { addOutcome, createProfile } from '../../shared/stats/profile/traffic-profile.ts';
import { encodeProfile } from '../../worker/telemetry/profile-codec.ts';

const CATEGORIES = Array.from({ length: 12 }, (_, i) => `category ${i}`);
const LIMIT_BYTES = 8000;

test.each(['regression' as const, 'binary' as const])(
  'a profile of a %s model with ten inputs is under 8 kB gzipped, its bins included',
  (task) => {
    const rng = createRng(9);
    const names = Array.from({ length: 8 }, (_, i) => `measurement ${i}`);
    const column = (): Float64Array => Float64Array.from({ length: 2000 }, () => 50 * normal(rng));
    const drawn = (): string[] =>
      Array.from({ length: 2000 }, () => CATEGORIES[Math.floor(12 * rng())]);
    const category = () => ({
      type: 'category' as const,
      values: drawn(),
      categories: CATEGORIES,
    });
    const reference = buildReferenceProfile({
      inputs: {
        ...Object.fromEntries(names.map((name) => [name, { type: 'number', values: column() }])),
        weather: category(),
        region: category(),
      },
      prediction: column(),
      target: column(),
    });
    const profile = createProfile(reference, task);
    const reasons: PredictionEvent['reason'][] = ['deadline', 'integrity', 'runtime'];
    for (const reason of reasons) if (reason) profile.reasons[reason] = 12_345;
    for (let i = 0; i < 20_000; i++) {
      for (const input of Object.values(profile.inputs)) {
        if (input.type === 'number') addNumber(input, 50 * normal(rng));
        else addCategory(input, CATEGORIES[Math.floor(13 * rng())]);
      }
      addNumber(profile.latencyMs, 2 ** (4 * rng()));
      if (profile.prediction) addNumber(profile.prediction, 50 * normal(rng));
      const value = task === 'binary' ? Math.round(rng()) : normal(rng);
      const predicted = task === 'binary' ? rng() : normal(rng);
      addOutcome(profile, { value, predicted, source: 'model' });
    }
    const whole = gzipSync(JSON.stringify(profile)).length;
    const stored = gzipSync(JSON.stringify(encodeProfile(profile))).length;
    console.info(`${task}: profile ${whole} bytes gzipped, as stored ${stored}`);
    expect(whole).toBeLessThan(LIMIT_BYTES);
    expect(stored).toBeLessThan(LIMIT_BYTES / 2);
  },
);
