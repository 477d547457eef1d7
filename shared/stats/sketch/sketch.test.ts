import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { addToSketch, createColumnSketch, mergeColumnSketch } from './column-sketch.ts';
import {
  addHeavyHitter,
  createHeavyHitters,
  type HeavyHitters,
  heavyHittersOf,
  mergeHeavyHitters,
} from './heavy-hitters.ts';
import {
  addDistinctNumber,
  addDistinctText,
  createHyperLogLog,
  distinctCount,
  type HyperLogLog,
  mergeHyperLogLog,
  readHyperLogLog,
  writeHyperLogLog,
} from './hyperloglog.ts';
import {
  addQuantile,
  createQuantileSketch,
  mergeQuantileSketch,
  quantileOfSketch,
  shareBelow,
} from './quantile-sketch.ts';
import {
  addMoment,
  addPair,
  correlationOf,
  createCoMoments,
  createMoments,
  mergeMoments,
} from './running-moments.ts';

function distinctOf(values: Iterable<number>): HyperLogLog {
  const sketch = createHyperLogLog();
  for (const value of values) addDistinctNumber(sketch, value);
  return sketch;
}

test.each([0, 1, 10, 100, 1000, 5000, 20_000, 300_000])(
  '%d distinct values are counted within 5 in 100',
  (n) => {
    for (const step of [1, 0.1, 1e-9]) {
      const sketch = distinctOf(Array.from({ length: n }, (_, i) => i * step));
      expect(Math.abs(distinctCount(sketch) - n)).toBeLessThanOrEqual(0.05 * n + 0.01);
    }
  },
);

test('merging distinct counts is exactly associative, commutative, idempotent, and like adding all', () => {
  const values = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 600 });
  fc.assert(
    fc.property(values, values, values, (a, b, c) => {
      const merged = (...parts: number[][]): string => {
        const sketch = createHyperLogLog();
        for (const part of parts) mergeHyperLogLog(sketch, distinctOf(part));
        return writeHyperLogLog(sketch);
      };
      expect(merged(a, b, c)).toBe(merged(c, b, a, a));
      expect(merged(a, b, c)).toBe(writeHyperLogLog(distinctOf([...a, ...b, ...c])));
    }),
    { numRuns: 30 },
  );
});

test('texts are counted, a sketch survives its text form and other text is refused', () => {
  const sketch = createHyperLogLog();
  for (let i = 0; i < 2000; i++) addDistinctText(sketch, `user-${i % 1000}`);
  const read = readHyperLogLog(writeHyperLogLog(sketch))!;
  expect(Math.abs(distinctCount(read) - 1000)).toBeLessThan(50);
  expect(readHyperLogLog('short')).toBeNull();
  expect(readHyperLogLog('_'.repeat(writeHyperLogLog(sketch).length))).toBeNull();
});

const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

test('ranks of quantiles stay within the bound, streamed and merged in any order', () => {
  const rng = createRng(2);
  const values = Float64Array.from({ length: 200_000 }, () => Math.exp(normal(rng)));
  const streamed = createQuantileSketch();
  for (const value of values) addQuantile(streamed, value);
  const parts = Array.from({ length: 400 }, (_, i) => {
    const part = createQuantileSketch(i + 1);
    for (const value of values.subarray(i * 500, (i + 1) * 500)) addQuantile(part, value);
    return part;
  });
  const merged = createQuantileSketch();
  for (const part of parts.reverse()) mergeQuantileSketch(merged, part);
  const sorted = values.slice().sort();
  for (const sketch of [streamed, merged]) {
    expect(sketch.n).toBe(200_000);
    expect(sketch.sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1000);
    for (const q of QUANTILES) {
      const found = quantileOfSketch(sketch, q)!;
      const rank = sorted.findIndex((value) => value >= found) / sorted.length;
      expect(Math.abs(rank - q)).toBeLessThan(0.02);
      expect(Math.abs(shareBelow(sketch, found)! - q)).toBeLessThan(0.02);
    }
    expect(quantileOfSketch(sketch, 0)).toBe(sorted[0]);
    expect(quantileOfSketch(sketch, 1)).toBe(sorted[sorted.length - 1]);
  }
});

test('a short stream is kept whole, an empty one has no quantile', () => {
  const sketch = createQuantileSketch();
  expect(quantileOfSketch(sketch, 0.5)).toBeNull();
  expect(shareBelow(sketch, 0)).toBeNull();
  for (const value of [3, Number.NaN, 1, Infinity, 2]) addQuantile(sketch, value);
  expect([0, 0.5, 1].map((q) => quantileOfSketch(sketch, q))).toEqual([1, 2, 3]);
});

test('every value above its share is among the heavy hitters, its count never above the truth nor below the slack', () => {
  const value = fc
    .integer({ min: 0, max: 60 })
    .map((n) => `v${Math.floor(Math.sqrt(n) * Math.sqrt(n % 7))}`);
  const stream = fc.array(value, { maxLength: 300 });
  fc.assert(
    fc.property(stream, stream, (first, second) => {
      const [a, b] = [first, second].map((values) => {
        const sketch = createHeavyHitters(6);
        for (const item of values) addHeavyHitter(sketch, item);
        return sketch;
      });
      mergeHeavyHitters(a, b);
      const truth = new Map<string, number>();
      for (const item of [...first, ...second]) truth.set(item, (truth.get(item) ?? 0) + 1);
      const found = new Map(heavyHittersOf(a).map((hitter) => [hitter.value, hitter.count]));
      for (const [item, count] of truth) {
        const counted = found.get(item) ?? 0;
        expect(counted).toBeLessThanOrEqual(count);
        expect(counted).toBeGreaterThanOrEqual(count - a.slack);
      }
      expect(a.slack).toBeLessThanOrEqual((first.length + second.length) / 7);
    }),
  );
});

test('a value called __proto__ is counted like any other', () => {
  const sketch = createHeavyHitters();
  addHeavyHitter(sketch, '__proto__');
  addHeavyHitter(sketch, 'constructor');
  expect(heavyHittersOf(sketch).map(({ value }) => value)).toEqual(['__proto__', 'constructor']);
});

test('a sketch that was stored as JSON counts names of object properties like any other', () => {
  const stored = (sketch: HeavyHitters): HeavyHitters => JSON.parse(JSON.stringify(sketch));
  let sketch = stored(createHeavyHitters());
  for (const value of ['constructor', '__proto__', 'toString', '__proto__'])
    addHeavyHitter(sketch, value);
  sketch = stored(sketch);
  addHeavyHitter(sketch, '__proto__');
  const merged = stored(createHeavyHitters());
  mergeHeavyHitters(merged, sketch);
  expect(heavyHittersOf(merged)).toEqual([
    { value: '__proto__', count: 3 },
    { value: 'constructor', count: 1 },
    { value: 'toString', count: 1 },
  ]);
});

test('moments far from zero keep their variance, merged or not', () => {
  const [whole, left, right] = [createMoments(), createMoments(), createMoments()];
  for (let i = 0; i < 1000; i++) {
    const value = 1e9 + (i % 10);
    addMoment(whole, value);
    addMoment(i < 400 ? left : right, value);
  }
  mergeMoments(left, right);
  mergeMoments(left, createMoments());
  for (const moments of [whole, left]) {
    expect(moments.squares / moments.n).toBeCloseTo(8.25, 6);
    expect([moments.min, moments.max]).toEqual([1e9, 1e9 + 9]);
  }
});

test('correlation comes from merged co-moments and is null where it has no meaning', () => {
  const rng = createRng(6);
  const pairs = createCoMoments();
  expect(correlationOf(pairs)).toBeNull();
  for (let i = 0; i < 5000; i++) {
    const x = normal(rng);
    addPair(pairs, x, 0.6 * x + 0.8 * normal(rng));
  }
  expect(correlationOf(pairs)).toBeCloseTo(0.6, 1);
  const flat = createCoMoments();
  for (let i = 0; i < 5; i++) addPair(flat, i, 3);
  expect(correlationOf(flat)).toBeNull();
});

test('a column sketch of parts says what one of the whole says', () => {
  const [whole, merged] = [createColumnSketch([0, 1]), createColumnSketch([0, 1])];
  const rng = createRng(9);
  for (let part = 0; part < 20; part++) {
    const sketch = createColumnSketch([0, 1]);
    for (let i = 0; i < 100; i++) {
      const value = i === 0 ? null : Math.round(normal(rng) * 50) / 50;
      addToSketch(sketch, value);
      addToSketch(whole, value);
    }
    mergeColumnSketch(merged, sketch);
  }
  expect(merged.histogram.counts).toEqual(whole.histogram.counts);
  expect(merged.histogram.missing).toBe(20);
  expect(distinctCount(merged.distinct)).toBe(distinctCount(whole.distinct));
  expect(quantileOfSketch(merged.quantiles, 0.5)).toBeCloseTo(
    quantileOfSketch(whole.quantiles, 0.5)!,
    0,
  );
});
