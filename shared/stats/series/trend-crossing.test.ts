import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { forecastCrossing } from './forecast-crossing.ts';
import { type TrendPoint, trendCrossing } from './trend-crossing.ts';

const noisy = (rng: Rng, noise: number): TrendPoint[] =>
  Array.from({ length: 10 }, (_, at) => ({ at, value: at + noise * normal(rng) }));

test.each([
  [-3, 3],
  [4.5, 3],
  [10, 3],
  [40, 3],
  [40, 0.3],
])('the interval holds the true crossing at %d with noise %d 95 times in 100', (limit, noise) => {
  const rng = createRng(21);
  const runs = 2000;
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const told = trendCrossing(noisy(rng, noise), { limit, worse: 'up', alpha: 0.05 })!;
    const mayCross = told.slopeInterval[1] > 0;
    if (mayCross && (told.earliest ?? -Infinity) <= limit && limit <= (told.latest ?? Infinity))
      held++;
  }
  expect(held / runs).toBeGreaterThan(0.935);
  expect(held / runs).toBeLessThan(0.965);
});

test('a metric that gets worse downwards is told as its mirror image', () => {
  const points = noisy(createRng(3), 0.5);
  const falling = points.map(({ at, value }) => ({ at, value: -value }));
  const up = trendCrossing(points, { limit: 30, worse: 'up', alpha: 0.05 })!;
  const down = trendCrossing(falling, { limit: -30, worse: 'down', alpha: 0.05 })!;
  expect(up.verdict).toBe('will_cross');
  expect(up.at).toBeCloseTo(30, -1);
  expect(down).toEqual({
    ...up,
    slope: -up.slope,
    slopeInterval: [-up.slopeInterval[1], -up.slopeInterval[0]],
  });
  const better = trendCrossing(points, { limit: -30, worse: 'down', alpha: 0.05 })!;
  expect(better).toMatchObject({ verdict: 'holds', at: null, earliest: null, latest: null });
});

test('what has crossed says so, and what may move either way has no latest time', () => {
  const points = noisy(createRng(4), 0.5);
  const past = trendCrossing(points, { limit: 5, worse: 'up', alpha: 0.05 })!;
  expect(past.verdict).toBe('crossed');
  expect(past.at).toBeCloseTo(5, 0);
  const level = [5, 5.2, 4.9, 5.1, 5.2].map((value, at) => ({ at, value }));
  const unsure = trendCrossing(level, { limit: 9, worse: 'up', alpha: 0.05 })!;
  expect(unsure).toMatchObject({ verdict: 'may_cross', latest: null });
  expect(unsure.earliest!).toBeGreaterThan(4);
  expect(unsure.earliest!).toBeLessThan(unsure.at!);
});

test('a point counts by its weight, and one of weight 0 or without a number not at all', () => {
  const points = noisy(createRng(5), 0.5);
  const told = { limit: 30, worse: 'up', alpha: 0.05 } as const;
  const plain = trendCrossing(points, told);
  const junk = [
    { at: 11, value: 400, weight: 0 },
    { at: Number.NaN, value: 3 },
    { at: 12, value: Infinity },
  ];
  expect(trendCrossing([...points, ...junk], told)).toEqual(plain);
  const off = { at: 10, value: 0 };
  const heavy = trendCrossing([...points, { ...off, weight: 5 }], told)!;
  const light = trendCrossing([...points, { ...off, weight: 0.01 }], told)!;
  expect(Math.abs(light.slope - plain!.slope)).toBeLessThan(Math.abs(heavy.slope - plain!.slope));
});

test('two points, one time and no limit are no forecast; a straight line is one without an error', () => {
  const told = { limit: 30, worse: 'up', alpha: 0.05 } as const;
  const line = [0, 1, 2].map((at) => ({ at, value: at }));
  expect(trendCrossing(line.slice(1), told)).toBeNull();
  expect(
    trendCrossing(
      [1, 2, 3].map((value) => ({ at: 4, value })),
      told,
    ),
  ).toBeNull();
  expect(trendCrossing(line, { ...told, limit: Number.NaN })).toBeNull();
  expect(trendCrossing(line, told)).toMatchObject({ at: 30, earliest: 30, latest: 30 });
  const flat = line.map(({ at }) => ({ at, value: 1 }));
  expect(trendCrossing(flat, told)).toMatchObject({ verdict: 'holds', at: null, earliest: null });
});

test('times in milliseconds give a slope a day', () => {
  const dayMs = 86_400_000;
  const points = [0, 1, 2, 3].map((day) => ({
    atMs: 1.8e12 + day * dayMs,
    value: 0.9 - day / 100,
  }));
  const crossing = forecastCrossing(points, { limit: 0.8, worse: 'down', alpha: 0.05 })!;
  expect(crossing.slopePerDay).toBeCloseTo(-0.01, 9);
  expect(crossing.atMs! - 1.8e12).toBeCloseTo(10 * dayMs, -3);
  expect(forecastCrossing([], { limit: 0.8, worse: 'down', alpha: 0.05 })).toBeNull();
});
