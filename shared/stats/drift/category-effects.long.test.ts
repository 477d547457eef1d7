import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import { categoryStability } from './category-stability.ts';
import { describeSamples } from './compare-samples.ts';
import { cramersV, type EffectSize } from './effect-size.ts';

const even = (k: number): number[] => Array.from({ length: k }, () => 1 / k);
/** Every second category half as often again, the others less. */
const tilted = (shares: readonly number[]): number[] => {
  const raised = shares.map((share, i) => share * (i % 2 === 1 ? 1.5 : 0.6));
  const total = raised.reduce((a, b) => a + b, 0);
  return raised.map((share) => share / total);
};
const rare = Array.from({ length: 300 }, (_, i) => 1 / (i + 5));
const skewed = rare.map((share) => share / rare.reduce((a, b) => a + b, 0));

function drawer(shares: readonly number[], rng: Rng): (n: number) => number[] {
  const below: number[] = [];
  shares.reduce((sum, share, i) => (below[i] = sum + share), 0);
  return (n) => {
    const counts = shares.map(() => 0);
    for (let i = 0; i < n; i++) {
      const x = rng() * below[below.length - 1];
      let [low, high] = [0, below.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (below[middle] < x) low = middle + 1;
        else high = middle;
      }
      counts[low]++;
    }
    return counts;
  };
}

type Drawn = { before: readonly number[]; now: readonly number[]; n: number; m: number };

/** Of 80 repetitions: the mean value, and the share of intervals that hold the truth. */
function simulate(drawn: Drawn, effect: typeof cramersV, truth: number) {
  const rng = createRng(17);
  const [before, now] = [drawer(drawn.before, rng), drawer(drawn.now, rng)];
  const told: EffectSize[] = Array.from(
    { length: 80 },
    () => effect(before(drawn.n), now(drawn.m))!,
  );
  const held = told.filter(({ interval: [low, high] }) => low <= truth && truth <= high + 1e-9);
  return {
    mean: told.reduce((sum, { value }) => sum + value, 0) / told.length,
    held: held.length / told.length,
  };
}

function trueV({ before, now, n, m }: Drawn): number {
  const chi = before.reduce((sum, p, i) => {
    const pooled = (n * p + m * now[i]) / (n + m);
    return sum + (p - now[i]) ** 2 / pooled;
  }, 0);
  return Math.sqrt((chi * n * m) / (n + m) ** 2);
}

const SIZES = [
  { n: 1000, m: 1000 },
  { n: 5000, m: 300 },
];

test.each(SIZES)(
  'categories that did not change have neither effect, however rare: %o',
  (sizes) => {
    for (const k of [50, 3000]) {
      const drawn = { before: even(k), now: even(k), ...sizes };
      const v = simulate(drawn, cramersV, 0);
      expect(v.mean).toBeLessThan(0.1);
      expect(v.held).toBeGreaterThan(0.87);
      const psi = simulate(drawn, categoryStability, 0);
      expect(psi.mean).toBeLessThan(0.04);
      expect(psi.held).toBeGreaterThan(0.87);
    }
  },
);

test.each(SIZES)('a change of hundreds of categories keeps its size: %o', (sizes) => {
  for (const before of [skewed, even(100)]) {
    const drawn = { before, now: tilted(before), ...sizes };
    const truth = trueV(drawn);
    const told = simulate(drawn, cramersV, truth);
    expect(Math.abs(told.mean - truth)).toBeLessThan(0.1 * truth);
    expect(told.held).toBeGreaterThan(0.87);
  }
});

test('disjoint categories have V 1 and a PSI far above any limit, also when each was seen once', () => {
  const seen = (prefix: string, n: number, times: number) => ({
    type: 'category' as const,
    values: Array.from({ length: n * times }, (_, i) => `${prefix}${i % n}`),
  });
  for (const [n, times] of [
    [1000, 1],
    [20_000, 1],
    [300, 3],
    [4, 50],
  ]) {
    const pair = { reference: seen('a', n, times), current: seen('b', n, times) };
    const [psi, v] = describeSamples(pair).effects;
    expect(psi.value).toBeGreaterThan(2);
    expect(psi.interval[0]).toBeGreaterThan(1.5);
    expect(v.value).toBeGreaterThan(0.99);
    expect(v.interval[1]).toBe(1);
  }
});

test('disjoint categories that lie between each other are told by what comes twice', () => {
  const [reference, current] = [1, 0].map((own) =>
    Array.from({ length: 600 }, (_, i) => (i % 2 === own ? 3 : 0)),
  );
  expect(cramersV(reference, current)!.value).toBeGreaterThan(0.99);
  expect(categoryStability(reference, current)!.value).toBeGreaterThan(1);
});

test('no values have no effect, one category has none to tell of', () => {
  expect(categoryStability([0, 0], [1, 2])).toBeNull();
  expect(categoryStability([], [])).toBeNull();
  for (const effect of [categoryStability, cramersV])
    expect(effect([5, 0], [7, 0])).toMatchObject({ value: 0, interval: [0, 0] });
  expect(cramersV([1, 0], [0, 1])!.value).not.toBeNaN();
});

test('categories too rare to be told apart have no stability, and few rows no effect at all', () => {
  expect(categoryStability([1, 0], [0, 1])).toBeNull();
  expect(categoryStability([2000, 9], [100, 0])).toBeNull();
  const rows = (n: number) =>
    [
      { type: 'category' as const, values: Array.from({ length: n }, (_, i) => `${i % 3}`) },
      { type: 'number' as const, values: Float64Array.from({ length: n }, (_, i) => i) },
    ] as const;
  const [categories, numbers] = rows(2000);
  for (const i of [0, 1]) {
    const told = (n: number) =>
      describeSamples({ reference: [categories, numbers][i], current: rows(n)[i] }).effects;
    expect(told(1)).toEqual([]);
    expect(told(20)).toHaveLength(2);
    for (const { interval } of told(20)) expect(interval[1] - interval[0]).toBeGreaterThan(0.02);
  }
});
