import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NumberProfile } from '../../contracts/profile.ts';
import { createRng, normal } from '../../core/rng.ts';
import { profileMethods } from '../drift/profile-methods.ts';
import { momentsOf } from '../moments.ts';
import { tTest } from '../tests/t-test.ts';
import { addNumber, createColumnProfile, mergeColumnProfiles } from './column-profile.ts';
import { giveOrigin, momentsOfProfile, originOf } from './number-sums.ts';
import { meanOfProfile } from './profile-quantile.ts';
import { profileOfNumbers } from './reference-profile.ts';

const draw = (n: number, { mean, deviation, seed = 1 }: Record<string, number>): Float64Array => {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => mean + deviation * normal(rng));
};

function inBinsOf(reference: NumberProfile, values: Iterable<number>): NumberProfile {
  const profile = createColumnProfile({ type: 'number', edges: reference.edges });
  for (const value of values) addNumber(profile, value);
  return profile;
}

/** As profiles were before they had an origin. */
function ofBefore(reference: NumberProfile, values: Iterable<number>): NumberProfile {
  const { origin: _, ...profile } = inBinsOf(reference, []);
  for (const value of values) addNumber(profile, value);
  return profile;
}

test.each([
  [0, 1],
  [1e6, 0.01],
  [1.7e9, 10],
  [1.7e12, 60_000],
  [-1e15, 2],
])('t of profiles is that of the values about %d, apart by %d', (mean, deviation) => {
  const before = draw(4000, { mean, deviation });
  for (const shift of [0, 1]) {
    const now = draw(1000, { mean: mean + shift * deviation, deviation, seed: 2 });
    const reference = profileOfNumbers(before);
    const pair = { reference, current: inBinsOf(reference, now) };
    const [told] = profileMethods(['t_test'], pair, createRng(1));
    const raw = tTest(before, now)!;
    expect(Math.abs(told.statistic! - raw.statistic)).toBeLessThan(
      1e-6 * (1 + Math.abs(raw.statistic)),
    );
    expect(told.pValue!).toBeCloseTo(raw.pValue, 6);
  }
});

test('parts merge to the moments of the whole, in any order', () => {
  const numbers = fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 20 });
  fc.assert(
    fc.property(numbers, numbers, fc.integer({ min: -1e12, max: 1e12 }), (first, second, far) => {
      const [a, b] = [first, second].map((part) => part.map((value) => far + value));
      const reference = profileOfNumbers([far, far + 100, far - 100]);
      const [left, right] = [inBinsOf(reference, a), inBinsOf(reference, b)];
      const merged = mergeColumnProfiles(left, right);
      expect(merged).toEqual(mergeColumnProfiles(right, left));
      expect(merged).toEqual(inBinsOf(reference, [...a, ...b]));
      const { n, mean, squares } = momentsOf([...a, ...b]);
      const told = momentsOfProfile(merged)!;
      expect(told.n).toBe(n);
      expect(told.mean).toBeCloseTo(mean, 3);
      expect(told.squares).toBeCloseTo(squares, 3);
    }),
  );
});

test('the origin is a number of few bits near the middle of the edges', () => {
  expect(originOf([])).toBe(0);
  expect(originOf([4])).toBe(4);
  expect(originOf([0, 1, 2, 3, 40])).toBe(0);
  expect(originOf([999_999.98, 1_000_000.003, 1_000_000.02])).toBe(1_000_000);
  expect(originOf([5, 5])).toBe(5);
  expect(originOf([-1e308, 0, 1e308])).toBe(0);
});

test('a profile of before there was an origin says what it did, also beside one of now', () => {
  const values = draw(300, { mean: 50, deviation: 4 });
  const reference = profileOfNumbers(values);
  const old = ofBefore(reference, values);
  const { mean, squares } = momentsOf(values);
  expect(momentsOfProfile(old)!.mean).toBeCloseTo(mean, 9);
  expect(meanOfProfile(old)).toBeCloseTo(mean, 9);
  const more = draw(100, { mean: 60, deviation: 4, seed: 3 });
  const both = momentsOf([...values, ...more]);
  for (const merged of [
    mergeColumnProfiles(old, inBinsOf(reference, more)),
    mergeColumnProfiles(inBinsOf(reference, more), old),
  ]) {
    expect(merged.origin).toBe(reference.origin);
    expect(momentsOfProfile(merged)!.squares).toBeCloseTo(both.squares, 6);
  }
  giveOrigin(old);
  expect(momentsOfProfile(old)!.squares).toBeCloseTo(squares, 6);
});

test('a reference of before whose sums were rounded away tells nothing instead of a change', () => {
  const values = draw(300, { mean: 1e6, deviation: 0.01 });
  const reference = profileOfNumbers(values);
  const old = ofBefore(reference, values);
  expect(momentsOfProfile(old)).toBeNull();
  const pair = { reference: old, current: reference };
  expect(profileMethods(['t_test'], pair, createRng(1))[0].pValue).toBeNull();
  const empty = ofBefore(reference, []);
  expect(momentsOfProfile(mergeColumnProfiles(reference, empty))).toEqual(
    momentsOfProfile(reference),
  );
});

test('a constant has no spread, whatever its size', () => {
  for (const value of [0, 0.1, 1e-9, 1.7e12 / 3]) {
    const profile = profileOfNumbers(new Float64Array(1000).fill(value));
    expect(momentsOfProfile(profile)).toEqual({ n: 1000, mean: value, squares: 0 });
  }
});
