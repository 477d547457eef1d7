import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { dealCounts } from '../resample/deal.ts';
import { dealAlike } from '../resample/deal-alike.ts';
import { permutationPValue } from '../resample/permutation.ts';
import { COUNT_DISTANCE_TERMS, distanceOfCounts } from './count-distances.ts';
import { maximumMeanDiscrepancy } from './mmd.ts';
import { namedMethod } from './named-methods.ts';
import { relabelledDistances } from './relabelled-counts.ts';
import { relabelledNumbers } from './relabelled-numbers.ts';
import { energyDistance, wassersteinDistance } from './sample-distance.ts';

const draw = (n: number, shift: number, rng: Rng): Float64Array =>
  Float64Array.from({ length: n }, () => shift + normal(rng));

test('dealt counts are whole, add up, and have the mean and variance of cards', () => {
  const rng = createRng(2);
  const pooled = [3, 0, 400, 17, 80];
  const dealt = new Float64Array(5);
  let [sum, squares] = [0, 0];
  for (let run = 0; run < 2000; run++) {
    dealCounts(pooled, { size: 200, total: 500, rng }, dealt);
    expect(dealt.reduce((all, count) => all + count, 0)).toBe(200);
    dealt.forEach((count, i) => {
      expect(Number.isInteger(count) && count >= 0 && count <= pooled[i]).toBe(true);
    });
    sum += dealt[2];
    squares += dealt[2] ** 2;
  }
  const mean = sum / 2000;
  expect(Math.abs(mean - 160)).toBeLessThan(0.5);
  const variance = 200 * 0.8 * 0.2 * (300 / 499);
  expect((squares / 2000 - mean * mean) / variance).toBeCloseTo(1, 0);
});

test('cells that are alike, dealt together, fall as often as those dealt one by one', () => {
  const rng = createRng(3);
  const runs = 3000;
  const together = new Float64Array(4);
  const oneByOne = new Float64Array(4);
  const cells = new Float64Array(30).fill(3);
  const dealt = new Float64Array(30);
  const byDealt = new Float64Array(4);
  for (let run = 0; run < runs; run++) {
    dealAlike({ cells: 30, count: 3 }, { given: 40, rng }, { byDealt, at: 0 });
    expect(byDealt[1] + 2 * byDealt[2] + 3 * byDealt[3]).toBe(40);
    byDealt.forEach((many, i) => {
      together[i] += many / runs;
    });
    dealCounts(cells, { size: 40, total: 90, rng }, dealt);
    for (const got of dealt) oneByOne[got] += 1 / runs;
  }
  together.forEach((many, i) => {
    expect(Math.abs(many - oneByOne[i])).toBeLessThan(0.25);
  });
});

test('p of distances in rare and in common cells is that of shuffled values', () => {
  const rng = createRng(4);
  const size = 400;
  const before = new Array<number>(size).fill(0);
  const now = new Array<number>(size).fill(0);
  const codes: [number[], number[]] = [[], []];
  [before, now].forEach((counts, sample) => {
    for (let i = 0; i < 900; i++) {
      const code = Math.floor(rng() ** (sample === 0 ? 1.9 : 2.1) * size);
      counts[code]++;
      codes[sample].push(code);
    }
  });
  const countsOf = (values: Float64Array): number[] => {
    const counts = new Array<number>(size).fill(0);
    for (const code of values) counts[code]++;
    return counts;
  };
  const tests = relabelledDistances(before, now, { permutations: 999, rng });
  for (const name of ['psi', 'hellinger', 'l_infinity'] as const) {
    const distance = COUNT_DISTANCE_TERMS[name];
    const pValue = permutationPValue(codes[0], codes[1], {
      statistic: (a, b) => distanceOfCounts(distance, countsOf(a), countsOf(b)),
      permutations: 120,
      rng,
    })!;
    expect(Math.abs(tests[name].pValue - pValue)).toBeLessThan(0.12);
    expect(tests[name].statistic).toBe(distanceOfCounts(distance, before, now));
  }
});

test('Wasserstein and energy p, dealt in order or in blocks, is that of shuffled values', () => {
  const rng = createRng(5);
  for (const n of [40, 1100]) {
    const [a, b] = [draw(n, 0, rng), draw(n, 1 / Math.sqrt(n), rng)];
    const { wasserstein, ed } = relabelledNumbers(a, b, { permutations: 999, rng })!;
    const shuffled = (statistic: (x: Float64Array, y: Float64Array) => number | null) =>
      permutationPValue(a, b, {
        statistic: (x, y) => statistic(x, y)!,
        permutations: 120,
        rng,
      })!;
    expect(wasserstein.statistic).toBeCloseTo(wassersteinDistance(a, b)!, 12);
    expect(Math.abs(wasserstein.pValue - shuffled(wassersteinDistance))).toBeLessThan(0.13);
    expect(Math.abs(ed.pValue - shuffled(energyDistance))).toBeLessThan(0.13);
  }
});

test('blocks of neighbours hold the level and see a change', () => {
  const rng = createRng(6);
  const pOf = (shift: number): number =>
    relabelledNumbers(draw(1300, 0, rng), draw(1000, shift, rng), { permutations: 19, rng })!
      .wasserstein.pValue;
  const alarms = Array.from({ length: 60 }, () => pOf(0)).filter((p) => p <= 0.1).length;
  expect(alarms).toBeLessThan(15);
  expect(pOf(0.3)).toBe(0.05);
});

test('100,000 categories by every distance take well under two seconds', () => {
  const rng = createRng(7);
  const values = () => Array.from({ length: 100_000 }, () => Math.floor(rng() * 100_000));
  const counts = [values(), values()].map((sample) => {
    const of = new Array<number>(100_000).fill(0);
    for (const code of sample) of[code]++;
    return of;
  });
  const start = performance.now();
  const tests = relabelledDistances(counts[0], counts[1], { permutations: 199, rng });
  expect(performance.now() - start).toBeLessThan(2000);
  expect(tests.psi.pValue).toBeGreaterThan(0.005);
});

test.each(['wasserstein', 'ed', 'empirical_mmd'] as const)(
  '%s of huge values is that of the values',
  (method) => {
    const rng = createRng(8);
    const [a, b] = [draw(40, 0, rng), draw(30, 0.4, rng)];
    const pOf = (factor: number) =>
      namedMethod(
        method,
        {
          reference: { type: 'number', values: a.map((x) => x * factor) },
          current: { type: 'number', values: b.map((x) => x * factor) },
        },
        { permutations: 199, rng: createRng(9) },
      )!;
    for (const factor of [2 ** 530, 2 ** 1015, 2 ** -900]) {
      expect(pOf(factor).pValue).toBe(pOf(1).pValue);
      expect(pOf(factor).statistic).toBeGreaterThan(0);
      expect(pOf(factor).statistic).toBeLessThan(Infinity);
    }
  },
);

test('MMD of unchanged huge values does not alarm', () => {
  const rng = createRng(10);
  const rows = () => Array.from(draw(40, 0, rng), (x) => [x * 1e160, 1]);
  const result = maximumMeanDiscrepancy(rows(), rows(), { permutations: 99, rng })!;
  expect(result.statistic).not.toBeNaN();
  expect(result.pValue).toBeGreaterThan(0.01);
});
