import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from '../../../core/rng.ts';
import { createSobolSequence } from './sobol-sequence.ts';

test('unscrambled points are those of scipy.stats.qmc.Sobol 1.17.1', () => {
  const six = createSobolSequence(6, null);
  expect(Array.from({ length: 6 }, (_, i) => [...six(i)])).toEqual([
    [0, 0, 0, 0, 0, 0],
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25, 0.25, 0.75, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375, 0.125],
    [0.875, 0.875, 0.125, 0.375, 0.875, 0.625],
  ]);
  const every9th = [...createSobolSequence(64, null)(777)].filter((_, i) => i % 9 === 0);
  expect(every9th).toEqual([
    ...[0.6923828125, 0.3232421875, 0.3701171875, 0.7802734375],
    ...[0.4619140625, 0.1513671875, 0.6923828125, 0.4267578125],
  ]);
});

test('each dimension has one point of 2^m in each interval of 2^-m, scrambled too', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 0, max: 9 }), fc.nat(3), (seed, bits, block) => {
      const sequence = createSobolSequence(64, createRng(seed));
      const count = 2 ** bits;
      const points = Array.from({ length: count }, (_, i) => sequence(block * count + i));
      for (const dimension of [0, 1, 5, 31, 63])
        expect(new Set(points.map((point) => Math.floor(point[dimension] * count))).size).toBe(
          count,
        );
    }),
    { numRuns: 20 },
  );
});

test('the first two dimensions are a (0, m, 2)-net: one point in each box of 2^-m', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, bits) => {
      const sequence = createSobolSequence(2, createRng(seed));
      const points = Array.from({ length: 2 ** bits }, (_, i) => sequence(i));
      for (let across = 0; across <= bits; across++) {
        const box = ([x, y]: Float64Array): string =>
          `${Math.floor(x * 2 ** across)} ${Math.floor(y * 2 ** (bits - across))}`;
        expect(new Set(points.map(box)).size).toBe(2 ** bits);
      }
    }),
    { numRuns: 30 },
  );
});

test('a scramble makes the first point uniform', () => {
  const firsts = Array.from(
    { length: 400 },
    (_, seed) => createSobolSequence(1, createRng(seed))(0)[0],
  );
  const mean = firsts.reduce((sum, x) => sum + x, 0) / firsts.length;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.06);
});
