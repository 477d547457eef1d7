import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { addToCusum, changePoints, createCusum } from './change-points.ts';
import { forecastCrossing } from './forecast-crossing.ts';
import { type Point, scoreSeasonal } from './seasonal-threshold.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Thirty days of traffic, ten times as much at noon as at midnight. */
function history(): Point[] {
  const rng = createRng(1);
  return Array.from({ length: 30 * 24 }, (_, i) => {
    const noon = 55 - 45 * Math.cos((2 * Math.PI * (i % 24)) / 24);
    return { atMs: i * HOUR_MS, value: noon * (1 + 0.05 * normal(rng)) };
  });
}

test('what is usual at noon is unusual at midnight', () => {
  const past = history();
  const at = (hour: number, value: number) =>
    scoreSeasonal(past, { atMs: 30 * DAY_MS + hour * HOUR_MS, value })!;
  expect(Math.abs(at(12, 100).score)).toBeLessThan(4);
  expect(at(0, 100).score).toBeGreaterThan(20);
  expect(at(12, 10).score).toBeLessThan(-10);
  expect(at(0, 100).sentence).toMatch(/100, usually .* on Sat at 0:00 UTC \(4 points\)/);
});

test('too little history has no score, a flat one none that is not a number', () => {
  expect(scoreSeasonal([{ atMs: 0, value: 1 }], { atMs: 0, value: 2 })).toBeNull();
  const flat = Array.from({ length: 96 }, (_, i) => ({ atMs: i * HOUR_MS, value: 3 }));
  const next = 96 * HOUR_MS;
  expect(scoreSeasonal(flat.slice(1), { atMs: next, value: 3 })).toBeNull();
  expect(scoreSeasonal(flat, { atMs: next, value: 3 })).toMatchObject({ score: 0, pValue: 1 });
  expect(scoreSeasonal(flat, { atMs: next, value: 4 })!.score).toBeGreaterThan(1e10);
});

test('the season is that of the week once there are four of them', () => {
  const past = history();
  const seasonAfter = (days: number) =>
    scoreSeasonal(past.slice(0, days * 24), { atMs: days * DAY_MS, value: 10 })?.season;
  expect([3, 4, 27, 28].map(seasonAfter)).toEqual([
    undefined,
    'hour-of-day',
    'hour-of-day',
    'hour-of-week',
  ]);
});

test('a level that holds for three days is expected, silence too, and what then comes back is usual', () => {
  const past = history();
  const doubled = past.map((point, i) => ({ ...point, value: point.value * (i < 600 ? 1 : 2) }));
  const at = { atMs: 30 * DAY_MS, value: 20 };
  expect(scoreSeasonal(past, at)!.score).toBeGreaterThan(4);
  expect(scoreSeasonal(doubled, at)!.levelSinceMs! / HOUR_MS).toBeGreaterThan(590);
  const noon = { atMs: 30 * DAY_MS + 12 * HOUR_MS, value: 0 };
  const silentFrom = (from: number) =>
    past.map((point, i) => (i < from ? point : { ...point, value: 0 }));
  expect(scoreSeasonal(silentFrom(660), noon)!.score).toBeLessThan(-4);
  const silent = silentFrom(600);
  expect(scoreSeasonal(silent, noon)).toMatchObject({ score: 0, expected: 0, isStill: true });
  expect(scoreSeasonal(silent, noon)!.levelSinceMs).toBe(600 * HOUR_MS);
  const back = { ...noon, value: 100 };
  expect(Math.abs(scoreSeasonal(silent, back)!.score)).toBeLessThan(4);
});

test('a metric that moves once a week has not ended between, and not when it missed once', () => {
  const weekly = Array.from({ length: 8 * 168 }, (_, i) => ({
    ...{ atMs: i * HOUR_MS, value: i % 168 === 5 ? 1000 + i : 0 },
  }));
  const next = (value: number) => ({ atMs: (8 * 168 + 5) * HOUR_MS, value });
  const until = [0, 1, 2, 3, 4].map((i) => ({ atMs: (8 * 168 + i) * HOUR_MS, value: 0 }));
  expect(scoreSeasonal([...weekly, ...until], next(0))!.score).toBeLessThan(-4);
  expect(scoreSeasonal([...weekly, ...until], next(2300))!.expected).toBeGreaterThan(1000);
});

test('changes of level are found where they are, and none in noise', () => {
  const rng = createRng(4);
  const level = [0, 3, 3, 1].flatMap((mean) =>
    Array.from({ length: 100 }, () => mean + normal(rng)),
  );
  const found = changePoints(level);
  expect(found).toHaveLength(2);
  expect(Math.abs(found[0] - 100)).toBeLessThanOrEqual(4);
  expect(Math.abs(found[1] - 300)).toBeLessThanOrEqual(4);
  let quiet = 0;
  for (let run = 0; run < 100; run++)
    if (changePoints(Array.from({ length: 200 }, () => normal(rng))).length === 0) quiet++;
  expect(quiet).toBeGreaterThan(85);
  expect(changePoints([])).toEqual([]);
  expect(changePoints([5, 5, 5, 5, 5, 5])).toEqual([]);
});

test('a CUSUM finds a lasting shift of one deviation and alarms rarely without', () => {
  const rng = createRng(6);
  const state = createCusum();
  let delay = 0;
  while (addToCusum(state, 1 + normal(rng)) !== 'above') delay++;
  expect(delay).toBeLessThan(60);
  let alarms = 0;
  for (let i = 0; i < 46_500; i++) if (addToCusum(state, normal(rng))) alarms++;
  expect(alarms).toBeGreaterThan(60);
  expect(alarms).toBeLessThan(150);
});

test('a metric that grows by one a day crosses its limit when it should', () => {
  const rng = createRng(9);
  const points = Array.from({ length: 20 }, (_, day) => ({
    atMs: day * DAY_MS,
    value: 10 + day + 0.3 * normal(rng),
  }));
  const crossing = forecastCrossing(points, { limit: 40, worse: 'up', alpha: 0.05 })!;
  expect(crossing.atMs! / DAY_MS).toBeCloseTo(30, 0);
  expect(crossing.earliestMs!).toBeLessThan(crossing.atMs!);
  expect(crossing.latestMs!).toBeGreaterThan(crossing.atMs!);
  const falling = points.map(({ atMs, value }) => ({ atMs, value: -value }));
  expect(forecastCrossing(falling, { limit: 40, worse: 'up', alpha: 0.05 })!.atMs).toBeNull();
  expect(forecastCrossing(points.slice(0, 2), { limit: 40, worse: 'up', alpha: 0.05 })).toBeNull();
});
