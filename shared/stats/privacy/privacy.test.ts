import { expect, test } from 'vitest';
import type { Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { createLedger, spendEpsilon } from './epsilon-ledger.ts';
import { estimateCounts, privatiseCounts } from './private-histogram.ts';
import { estimateCells, randomiseCell } from './randomised-response.ts';

const truth = [600, 250, 100, 50];

function told<T>(result: Result<T, { reason: string }>): T {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

test('randomised answers estimate the truth without bias, and intervals cover it as often as they say', () => {
  const rng = createRng(2);
  const means = truth.map(() => 0);
  let covered = 0;
  for (let run = 0; run < 300; run++) {
    const counts = truth.map(() => 0);
    truth.forEach((count, cell) => {
      for (let i = 0; i < count; i++) counts[told(randomiseCell(cell, 4, { epsilon: 1, rng }))]++;
    });
    told(estimateCells(counts, { epsilon: 1, alpha: 0.1 })).forEach(({ value, interval }, cell) => {
      means[cell] += value / 300;
      if (interval[0] <= truth[cell] && truth[cell] <= interval[1]) covered++;
    });
  }
  const bias = means.map((mean, cell) => Math.abs(mean - truth[cell]));
  expect(Math.max(...bias)).toBeLessThan(10);
  expect(covered / 1200).toBeGreaterThan(0.88);
});

test('no answer is more than e^epsilon times as likely for one truth as for another', () => {
  const rng = createRng(7);
  const n = 60_000;
  const share = (cell: number): number => {
    let zero = 0;
    for (let i = 0; i < n; i++) if (told(randomiseCell(cell, 3, { epsilon: 1, rng })) === 0) zero++;
    return zero / n;
  };
  expect(share(0) / share(1)).toBeLessThan(Math.E * 1.05);
  expect(share(0) / share(1)).toBeGreaterThan(Math.E * 0.95);
});

test('sums of noisy histograms estimate the sum of clipped ones', () => {
  const rng = createRng(4);
  const options = { maxTotal: 10, epsilon: 2 };
  const devices = 4000;
  const sums = [0, 0];
  for (let device = 0; device < devices; device++)
    told(privatiseCounts([30, 10], { ...options, rng })).forEach((count, i) => {
      sums[i] += count;
    });
  const [first, second] = told(estimateCounts(sums, { ...options, devices, alpha: 0.001 }));
  expect(first.interval[0]).toBeLessThan(7.5 * devices);
  expect(first.interval[1]).toBeGreaterThan(7.5 * devices);
  expect(Math.abs(second.value / devices - 2.5)).toBeLessThan(1);
});

test('a device tells no more than its budget in a period', () => {
  const day = 86_400_000;
  const fresh = createLedger(1, day, 0);
  const once = spendEpsilon(fresh, 0.6, 1000);
  if (!once.ok) throw new Error(once.error.reason);
  expect(spendEpsilon(once.value, 0.6, 2000)).toEqual({
    ok: false,
    error: { reason: 'budget_spent', left: 0.4, asked: 0.6, renewsAtMs: day },
  });
  expect(spendEpsilon(once.value, 0.4, 2000).ok).toBe(true);
  expect(spendEpsilon(once.value, 0.6, -day * 5).ok).toBe(false);
  expect(spendEpsilon(once.value, 1, day + 1)).toMatchObject({
    ok: true,
    value: { spent: 1, periodStartMs: day },
  });
});

test('no answers have no estimate', () => {
  expect(told(estimateCells([0, 0], { epsilon: 1, alpha: 0.05 }))).toEqual([]);
});

test.each([0, -5, Number.NaN, Infinity])(
  'an epsilon of %d is refused by all who would tell under it',
  (epsilon) => {
    const rng = createRng(1);
    const refused = { ok: false, error: { reason: 'bad_epsilon', epsilon } };
    expect(spendEpsilon(createLedger(1, 1000, 0), epsilon, 10)).toEqual(refused);
    expect(randomiseCell(0, 3, { epsilon, rng })).toEqual(refused);
    expect(estimateCells([5, 1], { epsilon, alpha: 0.05 })).toEqual(refused);
    expect(privatiseCounts([5, 1], { maxTotal: 2, epsilon, rng })).toEqual(refused);
    const many = { devices: 10, maxTotal: 2, epsilon, alpha: 0.05 };
    expect(estimateCounts([5, 1], many)).toEqual(refused);
  },
);

test('a ledger that holds no numbers lets nothing be told', () => {
  const ledger = createLedger(1, 1000, 0);
  const fieldOf = (broken: object, nowMs = 10) => {
    const spent = spendEpsilon({ ...ledger, ...broken }, 0.1, nowMs);
    return spent.ok ? null : 'field' in spent.error && spent.error.field;
  };
  expect(fieldOf({ spent: Number.NaN })).toBe('spent');
  expect(fieldOf({ budget: Number.NaN })).toBe('budget');
  expect(fieldOf({ periodMs: 0 })).toBe('periodMs');
  expect(fieldOf({ periodStartMs: Number.NaN })).toBe('periodStartMs');
  expect(fieldOf({}, Number.NaN)).toBe('nowMs');
});

test('counts that noise would not cover are refused, and a uniform number of 0 is no infinite noise', () => {
  const options = { maxTotal: 2, epsilon: 1 };
  expect(privatiseCounts([1, -5], { ...options, rng: () => 0.5 })).toEqual({
    ok: false,
    error: { reason: 'bad_count', cell: 1, count: -5 },
  });
  const noisy = told(privatiseCounts([5, 1], { ...options, rng: () => 0 }));
  expect(noisy.every(Number.isFinite)).toBe(true);
});
