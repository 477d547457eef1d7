import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnProfile } from '../../contracts/profile.ts';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { addCategory, addNumber, createColumnProfile } from '../profile/column-profile.ts';
import { numberEdges } from '../profile/number-edges.ts';
import { mannWhitney, mannWhitneyOfCounts } from '../tests/mann-whitney.ts';
import { type NamedMethod, namedMethod } from './named-methods.ts';
import { PROFILE_METHODS, type ProfileMethod, profileMethods } from './profile-methods.ts';
import type { Sample } from './sample.ts';

/** Edges at quantiles of a standard normal sample, as a reference profile has them. */
const EDGES = numberEdges(drawn(2000, createRng(1)));

function drawn(n: number, rng: Rng, shift = 0): Float64Array {
  return Float64Array.from({ length: n }, () => shift + normal(rng));
}

function profileOf(values: ArrayLike<number>, edges: readonly number[]): ColumnProfile {
  const profile = createColumnProfile({ type: 'number', edges: [...edges] });
  if (profile.type === 'number')
    for (let i = 0; i < values.length; i++) addNumber(profile, values[i]);
  return profile;
}

const numbers = (values: ArrayLike<number>): Sample => ({
  type: 'number',
  values: Float64Array.from(values),
});

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

/** Of these p is by relabelling, which no two draws share. */
const RELABELLED: readonly NamedMethod[] = ['wasserstein', 'ed', 'empirical_mmd'];

test('whole numbers of a bin each have the statistic, and the p, of the values themselves', () => {
  const rng = createRng(6);
  const draw = (n: number, shape: number) =>
    Float64Array.from({ length: n }, () => 3 + Math.floor(9 * rng() ** shape));
  const [before, now] = [draw(120, 1), draw(90, 1.3)];
  const edges = numberEdges([...before, ...now]);
  const pair = { reference: profileOf(before, edges), current: profileOf(now, edges) };
  const raw = { reference: numbers(before), current: numbers(now) };
  const methods = ['anderson', 'cramer_von_mises', 'es', 'ks', 't_test', ...RELABELLED] as const;
  for (const method of methods) {
    const [binned] = profileMethods([method], pair, createRng(7));
    const values = namedMethod(method, raw, { permutations: 499, rng: createRng(8) })!;
    expect(Math.abs(binned.statistic! / values.statistic - 1), method).toBeLessThan(1e-9);
    const tolerance = RELABELLED.includes(method) ? 0.08 : 1e-9;
    expect(Math.abs(binned.pValue! - values.pValue), method).toBeLessThan(tolerance);
  }
});

test('columns of two values have the Fisher and Z of the values; one value is held against missing ones', () => {
  const categories = ['no', 'yes'];
  const counted = (counts: [number, number], missing: number): [ColumnProfile, Sample] => {
    const profile = createColumnProfile({ type: 'category', categories });
    const values = counts.flatMap((count, i) => Array<string>(count).fill(categories[i]));
    if (profile.type === 'category') for (const value of values) addCategory(profile, value);
    profile.missing = missing;
    return [profile, { type: 'category', values, missing }];
  };
  for (const tables of [
    [
      [30, 12],
      [14, 19],
    ],
    [
      [30, 0],
      [14, 0],
    ],
  ] as [[number, number], [number, number]][]) {
    const [reference, before] = counted(tables[0], 3);
    const [current, now] = counted(tables[1], 9);
    for (const method of ['fisher_exact', 'z'] as const) {
      const [binned] = profileMethods([method], { reference, current }, createRng(1));
      const options = { permutations: 9, rng: createRng(1) };
      const values = namedMethod(method, { reference: before, current: now }, options)!;
      expect([binned.statistic, binned.pValue]).toEqual([values.statistic, values.pValue]);
      expect(binned.pValue).toBeLessThan(0.06);
    }
  }
});

test('no method answers NaN, whatever was counted', () => {
  const counts = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 6 });
  const missing = fc.integer({ min: 0, max: 5 });
  fc.assert(
    fc.property(counts, missing, missing, fc.boolean(), (before, ofBefore, ofNow, isNumber) => {
      const make = (held: readonly number[], without: number): ColumnProfile => {
        const sum = held.reduce((total, count, i) => total + count * i, 0);
        const sumSquares = held.reduce((total, count, i) => total + count * i * i, 0);
        const shared = { counts: [...held], missing: without };
        return isNumber
          ? {
              type: 'number',
              edges: held.slice(1).map((_, i) => i + 0.5),
              ...shared,
              sum,
              sumSquares,
            }
          : { type: 'category', categories: held.slice(1).map(String), ...shared };
      };
      const pair = {
        reference: make(before, ofBefore),
        current: make(before.toReversed(), ofNow),
      };
      for (const { statistic, pValue } of profileMethods(PROFILE_METHODS, pair, createRng(3))) {
        expect(statistic).not.toBeNaN();
        if (pValue !== null) expect(pValue >= 0 && pValue <= 1).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});

test('counts in bins give the Mann-Whitney p of values that are bins', () => {
  const rng = createRng(3);
  const counts = (n: number) => {
    const cells = new Array<number>(6).fill(0);
    for (let i = 0; i < n; i++) cells[Math.floor(rng() * 6)]++;
    return cells;
  };
  const values = (cells: number[]) => cells.flatMap((count, i) => Array<number>(count).fill(i));
  const [a, b] = [counts(60), counts(45)];
  const [binned, raw] = [mannWhitneyOfCounts(a, b)!, mannWhitney(values(a), values(b))!];
  expect(binned.statistic).toBe(raw.statistic);
  expect(binned.pValue).toBeCloseTo(raw.pValue, 12);
  expect(mannWhitneyOfCounts([0, 0], [1, 2])).toBeNull();
});
