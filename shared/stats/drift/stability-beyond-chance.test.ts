import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { psiEffect } from './effect-size.ts';
import { populationStability } from './population-stability.ts';

const CELLS = 20;

const stabilityBeyondChance = (before: readonly number[], now: readonly number[]) =>
  psiEffect(before, now)?.value ?? null;

/** `n` draws over twenty cells; `lift` moves that share of them into the first. */
function counts(n: number, rng: () => number, lift = 0): number[] {
  const cells = new Array<number>(CELLS).fill(0);
  for (let i = 0; i < n; i++) cells[rng() < lift ? 0 : Math.floor(rng() * CELLS)]++;
  return cells;
}

const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const share = (values: number[], min: number): number =>
  values.filter((value) => value >= min).length / values.length;

test('with twenty cells and 200 values the plain index calls two unchanged windows in five shifted, this one not one in fifty', () => {
  const rng = createRng(11);
  const pairs = Array.from({ length: 1000 }, () => [counts(4000, rng), counts(200, rng)]);
  const plain = pairs.map(([before, now]) => populationStability(before, now)!);
  const beyond = pairs.map(([before, now]) => stabilityBeyondChance(before, now)!);
  expect(mean(plain)).toBeCloseTo(19 * (1 / 4000 + 1 / 200), 2);
  expect(share(plain, 0.1)).toBeGreaterThan(0.3);
  expect(share(beyond, 0.1)).toBeLessThan(0.02);
});

test('a real shift keeps its size, whatever the sample', () => {
  const rng = createRng(12);
  const shiftOf = (n: number) =>
    mean(
      Array.from(
        { length: 200 },
        () => stabilityBeyondChance(counts(20_000, rng), counts(n, rng, 0.15))!,
      ),
    );
  const whole = shiftOf(20_000);
  expect(whole).toBeGreaterThan(0.2);
  expect(Math.abs(shiftOf(200) - whole)).toBeLessThan(0.1 * whole);
});

test('it is never below zero, cells empty in both samples count for nothing, and no sample is no answer', () => {
  expect(stabilityBeyondChance([50, 50], [50, 50])).toBe(0);
  const apart = stabilityBeyondChance([90, 10, 0, 0], [10, 90, 0, 0]);
  expect(apart).toBeCloseTo(populationStability([90, 10], [10, 90])! - 0.02, 12);
  expect(stabilityBeyondChance([0, 0], [1, 2])).toBeNull();
});
