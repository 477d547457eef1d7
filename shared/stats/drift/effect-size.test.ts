import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { cramersV, type EffectSize, psiEffect, standardisedMeanDifference } from './effect-size.ts';

const EVEN = Array.from({ length: 10 }, () => 0.1);
const TILTED = EVEN.map((share, i) => share * (1 + (i - 4.5) / 15));

function draw(shares: readonly number[], n: number, rng: Rng): number[] {
  const counts = shares.map(() => 0);
  for (let i = 0; i < n; i++) {
    let left = rng();
    let cell = 0;
    while (cell < shares.length - 1 && left >= shares[cell]) left -= shares[cell++];
    counts[cell]++;
  }
  return counts;
}

/** Share of 400 repetitions whose interval holds the truth: 0.95 within four standard errors and a little. */
function coverage(truth: number, once: (rng: Rng) => EffectSize): number {
  const rng = createRng(11);
  const held = Array.from({ length: 400 }, () => once(rng).interval).filter(
    ([low, high]) => low <= truth && truth <= high,
  );
  return held.length / 400;
}

const psi = TILTED.reduce((sum, q, i) => sum + (q - EVEN[i]) * Math.log(q / EVEN[i]), 0);

test.each([
  ['no change', EVEN, 0],
  ['a change', TILTED, psi],
])('the interval on PSI holds the truth 95 times in 100 with %s', (_, shares, truth) => {
  const held = coverage(truth, (rng) => psiEffect(draw(EVEN, 800, rng), draw(shares, 500, rng))!);
  expect(held).toBeGreaterThan(0.91);
});

test.each([
  ['no change', EVEN],
  ['a change', TILTED],
])('so does the interval on Cramer V with %s', (_, shares) => {
  const [n, m] = [800, 500];
  const chi = shares.reduce((sum, q, i) => {
    const pooled = (n * EVEN[i] + m * q) / (n + m);
    return sum + (q - EVEN[i]) ** 2 / pooled;
  }, 0);
  const truth = Math.sqrt((chi * n * m) / (n + m) ** 2);
  const held = coverage(truth, (rng) => cramersV(draw(EVEN, n, rng), draw(shares, m, rng))!);
  expect(held).toBeGreaterThan(0.91);
});

test('and the interval on the standardised mean difference, whose sign says where it went', () => {
  const sample = (n: number, shift: number, rng: Rng) =>
    Float64Array.from({ length: n }, () => normal(rng) + shift);
  const once = (rng: Rng) =>
    standardisedMeanDifference(sample(120, 0, rng), sample(80, -0.4, rng))!;
  expect(once(createRng(1)).value).toBeLessThan(0);
  const held = coverage(-0.4, once);
  expect(held).toBeGreaterThan(0.91);
  expect(held).toBeLessThan(0.99);
});

test('disjoint categories have V 1; empty, single and constant samples have no effect to tell', () => {
  expect(cramersV([50, 0], [0, 70])!.value).toBeCloseTo(1, 2);
  expect(psiEffect([0, 0], [1, 2])).toBeNull();
  expect(cramersV([], [])).toBeNull();
  expect(psiEffect([5, 0], [7, 0])).toEqual({ name: 'psi', value: 0, interval: [0, 0] });
  expect(standardisedMeanDifference(Float64Array.of(1), Float64Array.of(1, 2))).toBeNull();
  expect(standardisedMeanDifference(Float64Array.of(3, 3), Float64Array.of(3, 3))).toBeNull();
});
