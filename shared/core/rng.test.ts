import { expect, test } from 'vitest';
import { createRng, normal, shuffle } from './rng.ts';

test('the same seed gives the same numbers, another seed gives others', () => {
  const draw = (seed: number) => Array.from({ length: 5 }, createRng(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('uniform numbers fill [0, 1) evenly', () => {
  const rng = createRng(42);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[Math.floor(rng() * 10)]++;
  // Binomial(100000, 0.1): six standard deviations are 570.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(570);
});

test('normal numbers have mean 0 and variance 1', () => {
  const rng = createRng(3);
  const values = Array.from({ length: 100_000 }, () => normal(rng));
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.03);
});

test('a shuffle keeps every item', () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = shuffle([...items], createRng(1));
  expect(shuffled).not.toEqual(items);
  expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
});
