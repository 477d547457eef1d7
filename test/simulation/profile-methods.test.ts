import { expect, test } from 'vitest';
import type { ColumnProfile } from '../../shared/contracts/profile.ts';
import { createRng, normal, type Rng } from '../../shared/core/rng.ts';
import { namedMethod } from '../../shared/stats/drift/named-methods.ts';
import {
  PROFILE_METHODS,
  type ProfileMethod,
  profileMethods,
} from '../../shared/stats/drift/profile-methods.ts';
import type { Sample } from '../../shared/stats/drift/sample.ts';
import { addNumber, createColumnProfile } from '../../shared/stats/profile/column-profile.ts';
import { numberEdges } from '../../shared/stats/profile/number-edges.ts';

/** Edges at quantiles of a standard normal sample, as a reference profile has them. */
const EDGES = numberEdges(drawn(2000, createRng(1)));

function drawn(n: number, rng: Rng, shift = 0): Float64Array {
  return Float64Array.from({ length: n }, () => shift + normal(rng));
}

function profileOf(values: Float64Array, edges: readonly number[]): ColumnProfile {
  const profile = createColumnProfile({ type: 'number', edges: [...edges] });
  for (const value of values) addNumber(profile, value);
  return profile;
}

const numbers = (values: Float64Array): Sample => ({ type: 'number', values });

/** How often each method alarms at `alpha` where nothing changed. */
function alarmsOf(
  methods: readonly ProfileMethod[],
  { n, m, runs, alpha }: { n: number; m: number; runs: number; alpha: number },
): number[] {
  const rng = createRng(2);
  const alarms = methods.map(() => 0);
  for (let run = 0; run < runs; run++) {
    const reference = profileOf(drawn(n, rng), EDGES);
    const current = profileOf(drawn(m, rng), EDGES);
    profileMethods(methods, { reference, current }, rng).forEach(({ pValue }, i) => {
      if (pValue !== null && pValue <= alpha) alarms[i]++;
    });
  }
  return alarms;
}

test.each([
  [300, 150],
  [5000, 2500],
])(
  'of %d and %d values without a change every method alarms as often as it says, or less',
  (n, m) => {
    const runs = 40;
    // 10 % of 40 are 4; four standard errors above are 12.
    alarmsOf(PROFILE_METHODS, { n, m, runs, alpha: 0.1 }).forEach((count, i) => {
      expect(count, PROFILE_METHODS[i]).toBeLessThanOrEqual(12);
    });
  },
);

test.each([
  [40, 400],
  [300, 150],
])('of %d and %d values the laws of ties and distances alarm as often as they say', (n, m) => {
  const methods = ['anderson', 'cramer_von_mises', 'es', 'ed', 'mannw'] as const;
  const runs = 200;
  const error = Math.sqrt(runs * 0.05 * 0.95);
  alarmsOf(methods, { n, m, runs, alpha: 0.05 }).forEach((count, i) => {
    expect(count, methods[i]).toBeLessThanOrEqual(runs * 0.05 + 3.5 * error);
    expect(count, methods[i]).toBeGreaterThanOrEqual(runs * 0.05 - 3 * error);
  });
});

test('a shift is found from bins about as often as from the values', () => {
  const methods = ['anderson', 'cramer_von_mises', 'es', 'ed', 'wasserstein'] as const;
  const rng = createRng(5);
  const runs = 30;
  const found = methods.map(() => ({ bins: 0, values: 0 }));
  for (let run = 0; run < runs; run++) {
    const [before, now] = [drawn(200, rng), drawn(100, rng, 0.35)];
    const pair = { reference: profileOf(before, EDGES), current: profileOf(now, EDGES) };
    const raw = { reference: numbers(before), current: numbers(now) };
    profileMethods(methods, pair, rng).forEach(({ pValue }, i) => {
      const ofValues = namedMethod(methods[i], raw, { permutations: 79, rng });
      if (pValue !== null && pValue <= 0.05) found[i].bins++;
      if (ofValues && ofValues.pValue <= 0.05) found[i].values++;
    });
  }
  found.forEach(({ bins, values }, i) => {
    expect(values, methods[i]).toBeGreaterThan(runs / 3);
    expect(Math.abs(bins - values), `${methods[i]}: ${bins}, ${values}`).toBeLessThanOrEqual(6);
  });
});
