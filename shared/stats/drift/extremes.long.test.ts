import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { addNumber, createColumnProfile } from '../profile/column-profile.ts';
import { profileOfNumbers } from '../profile/reference-profile.ts';
import { compareSamples, describeSamples } from './compare-samples.ts';
import { evidentlyScore } from './evidently.ts';
import { EVIDENTLY_METHODS, type EvidentlyMethod } from './evidently-methods.ts';
import { NAMED_METHODS } from './named-methods.ts';
import { PROFILE_METHODS, profileMethods } from './profile-methods.ts';
import { numbersOf, type SamplePair } from './sample.ts';

const MOST = Number.MAX_VALUE;
const EXTREMES = [0, -0, 5e-324, 1e308, -1e308, MOST, -MOST, 1, -1, 1e160, 1e-160];

function pairs(count: number): SamplePair[] {
  const rng = createRng(4);
  return Array.from({ length: count }, () => {
    const distinct = 1 + Math.floor(rng() * EXTREMES.length);
    const draw = () =>
      Float64Array.from(
        { length: 1 + Math.floor(rng() * 30) },
        () => EXTREMES[Math.floor(rng() * distinct)],
      );
    return {
      reference: { type: 'number', values: draw() },
      current: { type: 'number', values: draw() },
    };
  });
}

test('no method makes NaN out of values at the ends of what a double holds', () => {
  const rng = createRng(5);
  const methods = ['auto', ...NAMED_METHODS] as const;
  for (const pair of pairs(12)) {
    for (const { method, statistic, pValue } of compareSamples(pair, {
      methods,
      permutations: 9,
      rng,
    })) {
      expect(statistic, method).not.toBeNaN();
      if (pValue === null) continue;
      expect(pValue, method).toBeGreaterThanOrEqual(0);
      expect(pValue, method).toBeLessThanOrEqual(1);
    }
    for (const method of Object.keys(EVIDENTLY_METHODS) as EvidentlyMethod[])
      expect(evidentlyScore(method, pair, rng), method).not.toBeNaN();
    for (const { name, value } of describeSamples(pair).effects) expect(value, name).not.toBeNaN();
  }
});

test('of profiles of such values every method tells a number or nothing', () => {
  const rng = createRng(6);
  for (const pair of pairs(12)) {
    const numbers = numbersOf(pair)!;
    const reference = profileOfNumbers(numbers.reference);
    const current = createColumnProfile({ type: 'number', edges: reference.edges });
    for (const value of numbers.current) if (current.type === 'number') addNumber(current, value);
    for (const told of profileMethods(PROFILE_METHODS, { reference, current }, rng)) {
      expect(told.statistic, told.method).not.toBeNaN();
      expect(told.pValue, told.method).not.toBeNaN();
      expect(told.pValue === null, told.method).toBe(told.statistic === null);
    }
  }
});
