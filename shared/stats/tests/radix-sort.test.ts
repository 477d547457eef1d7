import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { radixSort } from './radix-sort.ts';
import { sortedSample } from './sorted-sample.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });

test('any finite numbers are sorted as the built-in sort does', () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 300 }), (given) => {
      const values = Float64Array.from(given);
      expect(radixSort(values.slice())).toEqual(values.slice().sort());
    }),
  );
});

test('a part of a larger array is sorted and the rest is left alone', () => {
  const whole = Float64Array.of(9, 3, -1, 2, 0);
  radixSort(whole.subarray(1, 4));
  expect([...whole]).toEqual([9, -1, 2, 3, 0]);
});

test('a long sample with missing values is sorted without them', () => {
  const rng = createRng(3);
  const values = Float64Array.from({ length: 150_000 }, (_, i) =>
    i % 7 ? normal(rng) : Number.NaN,
  );
  const sorted = sortedSample(values);
  expect(sorted).toEqual(values.filter(Number.isFinite).sort());
});
