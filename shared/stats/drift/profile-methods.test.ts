import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnProfile } from '../../contracts/profile.ts';
import { createRng } from '../../core/rng.ts';
import { addCategory, addNumber, createColumnProfile } from '../profile/column-profile.ts';
import { numberEdges } from '../profile/number-edges.ts';
import { mannWhitney, mannWhitneyOfCounts } from '../tests/mann-whitney.ts';
import { type NamedMethod, namedMethod } from './named-methods.ts';
import { PROFILE_METHODS, profileMethods } from './profile-methods.ts';
import type { Sample } from './sample.ts';

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
