import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjustedRand, silhouette } from './clustering.ts';

/** scikit-learn 1.2.1: adjusted_rand_score. */
test.each([
  [[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 2, 2, 2, 2, 0, 2], 0.1366906474820144],
  [[0, 0, 1, 1], [0, 1, 0, 1], -0.5],
  [[], [], 1],
  [[3, 3, 3], [0, 0, 0], 1],
])('partitions %j and %j agree by %d', (a, b, agreement) => {
  expect(adjustedRand(a, b)).toBeCloseTo(agreement, 12);
});

const partition = fc.array(fc.nat(4), { minLength: 2, maxLength: 40 });

test('agreement does not depend on which is first, nor on how clusters are numbered', () => {
  fc.assert(
    fc.property(partition, fc.infiniteStream(fc.nat(4)), (a, stream) => {
      const b = [...stream.take(a.length)];
      expect(adjustedRand(a, b)).toBeCloseTo(adjustedRand(b, a), 12);
      expect(
        adjustedRand(
          a.map((k) => 7 - k),
          b,
        ),
      ).toBeCloseTo(adjustedRand(a, b), 12);
      expect(adjustedRand(a, a)).toBe(1);
    }),
  );
});

const POINTS = Float32Array.of(0, 0, 1, 0, 0, 1, 4, 4, 5, 4, 4, 5.5, 9, 0, 8, 1, 2, 2);

test('the silhouette is scikit-learn’s, where a row alone counts 0', () => {
  expect(silhouette(POINTS, [0, 0, 0, 1, 1, 1, 2, 2, 3])).toBeCloseTo(0.5367657197032979, 6);
});

test('one cluster has no silhouette, and a number that nobody has is no cluster', () => {
  expect(silhouette(POINTS, new Float32Array(9))).toBeNull();
  const clusters = [0, 0, 0, 5, 5, 5, 2, 2, 3];
  const renumbered = [0, 0, 0, 1, 1, 1, 2, 2, 3];
  expect(silhouette(POINTS, clusters)).toBe(silhouette(POINTS, renumbered));
});
