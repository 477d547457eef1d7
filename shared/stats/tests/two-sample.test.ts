import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { andersonDarling, andersonDarlingSurvival } from './anderson-darling.ts';
import { fisherExact, goodnessOfFit, proportionsZ, twoSampleG } from './counts.ts';
import { cramerVonMises, cramerVonMisesSurvival } from './cramer-von-mises.ts';
import { cramerVonMisesExact } from './cramer-von-mises-exact.ts';
import { cramerVonMisesAsScipy } from './cramer-von-mises-scipy.ts';
import { eppsSingleton } from './epps-singleton.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { mannWhitney } from './mann-whitney.ts';
import { tTest } from './t-test.ts';
import { twoSampleChiSquare } from './two-sample-chi-square.ts';

const a = [1.2, 3.4, 2.2, 5.6, 4.4, 3.1, 9.9];
const b = [2.5, 6.1, 7.7, 8, 3.3, 9.1, 10.2, 12, 6.6];
const tiedA = [1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 2, 1];
const tiedB = [2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 3, 4, 5];

/** Values printed by scipy 1.17.1. */
test('small samples agree with scipy, exact counts, ties and all', () => {
  expect(kolmogorovSmirnov(a, b)!.statistic).toBeCloseTo(0.6349206349206349, 14);
  expect(kolmogorovSmirnov(a, b)!.pValue).toBeCloseTo(0.05506993006993007, 14);
  expect(mannWhitney(a, b)).toMatchObject({ statistic: 14 });
  expect(mannWhitney(a, b)!.pValue).toBeCloseTo(0.07115384615384615, 14);
  expect(mannWhitney(a, b, 'less')!.pValue).toBeCloseTo(0.035576923076923075, 14);
  expect(mannWhitney(tiedA, tiedB)!.pValue).toBeCloseTo(0.03577464811149495, 12);
  expect(andersonDarling(tiedA, tiedB)!.statistic).toBeCloseTo(2.879378211306991, 12);
  expect(andersonDarling(tiedA, tiedB, { compatibility: 'scipy' })!.pValue).toBeCloseTo(
    0.02171051061722861,
    10,
  );
  expect(eppsSingleton(tiedA, tiedB, { compatibility: 'scipy' })!.pValue).toBeCloseTo(
    0.36117447317212337,
    10,
  );
  expect(cramerVonMisesAsScipy(tiedA, tiedB)!.statistic).toBeCloseTo(0.4619871794871795, 12);
  expect(cramerVonMisesAsScipy(tiedA, tiedB)!.pValue).toBeCloseTo(0.051588754494932984, 12);
  expect(tTest(tiedA, tiedB)!.pValue).toBeCloseTo(0.030088815574224315, 13);
  expect(tTest(tiedA, tiedB, { isPooled: true })!.pValue).toBeCloseTo(0.029506191284466948, 13);
});

test('counts agree with scipy', () => {
  const fisher = fisherExact({ events: 8, n: 10 }, { events: 1, n: 6 })!;
  expect(fisher.statistic).toBeCloseTo(20, 12);
  expect(fisher.pValue).toBeCloseTo(0.034965034965034975, 13);
  const g = twoSampleG([10, 20, 30], [6, 30, 14], { compatibility: 'scipy' })!;
  expect(g.pValue).toBeCloseTo(0.017706893649268318, 13);
  const chi = twoSampleChiSquare([10, 20, 30], [16, 30, 54])!;
  expect(chi.statistic).toBeCloseTo(0.25787545787545785, 13);
  expect(chi.pValue).toBeCloseTo(0.8790287018923538, 13);
});

test.each([
  [0.05, 0.876280931041349],
  [0.743, 0.01002552398149742],
  [3, 7.567743459316065e-8],
  [40, 1.064874745911074e-87],
])('the limit of Cramer-von Mises at %d is right relative to itself', (x, expected) => {
  expect(Math.abs(cramerVonMisesSurvival(x) / expected - 1)).toBeLessThan(1e-12);
});

test.each([
  [0.3, 0.938157636057123],
  [2.492, 0.05002218635960787],
  [10, 1.381503541068586e-5],
  [100, 3.628383098211147e-45],
])('the limit of Anderson-Darling at %d is right relative to itself', (x, expected) => {
  expect(Math.abs(andersonDarlingSurvival(x) / expected - 1)).toBeLessThan(1e-12);
});

// scipy.stats.cramervonmises_2samp 1.10.1, method 'exact'.
test.each([
  [[-0.21, 0.5, 1.3, 2.2], [-1.1, 0.1, 0.9, 3.5, 4.1, 5], 0.125, 0.5904761904761905],
  [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.85, 0.007936507936507936],
  [
    [
      0.346, 0.822, 0.33, -1.303, 0.905, 0.446, -0.537, 0.581, 0.365, 0.294, 0.028, 0.547, -0.736,
      -0.163, -0.482, 0.599, 0.04, -0.292, -0.782, -0.257,
    ],
    [
      0.908, 0.624, 2.194, 1.907, -1.811, -0.989, 0.725, 0.478, 1.114, 1.117, 3.018, -0.212, 0.522,
      2.943, 1.547, 1.563, 0.386, -0.748, 1.067,
    ],
    1.0343229869545656,
    0.0016872145710952115,
  ],
])('small samples have the exact p of Cramer-von Mises', (x, y, statistic, pValue) => {
  for (const compare of [cramerVonMises, cramerVonMisesAsScipy]) {
    const test = compare(x, y)!;
    expect(test.statistic).toBeCloseTo(statistic, 12);
    expect(test.pValue).toBeCloseTo(pValue, 13);
  }
});

test('with ties the exact p is only told where the reference is asked for', () => {
  const [x, y] = [
    [1, 2, 2, 3],
    [2, 3, 4],
  ];
  expect(cramerVonMisesAsScipy(x, y)!.pValue).toBeCloseTo(0.4, 13);
  expect(cramerVonMises(x, y)!.pValue).not.toBeCloseTo(0.4, 2);
});

test('at twenty values the limit is near the exact p', () => {
  const exact = cramerVonMisesExact(0.4614, 20, 20);
  expect(exact).toBeGreaterThan(0.047);
  expect(exact).toBeLessThan(0.053);
});

const tests = {
  kolmogorovSmirnov,
  mannWhitney,
  andersonDarling,
  cramerVonMises,
  eppsSingleton,
  tTest,
};
const samples = fc.array(
  fc.integer({ min: -50, max: 50 }).map((n) => n / 8),
  { maxLength: 40 },
);

test.each(Object.entries(tests))(
  '%s is symmetric, bounded and never NaN on any samples',
  (_, compare) => {
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const one = compare(left, right);
        const other = compare(right, left);
        expect(one === null).toBe(other === null);
        if (!one || !other) return;
        expect(one.pValue).toBeGreaterThanOrEqual(0);
        expect(one.pValue).toBeLessThanOrEqual(1);
        expect(Math.abs(one.pValue - other.pValue)).toBeLessThan(1e-9);
      }),
    );
  },
);

test.each(Object.entries(tests))('%s: p is uniform where nothing changed', (_, compare) => {
  const rng = createRng(5);
  const runs = 1000;
  let below = 0;
  for (let i = 0; i < runs; i++) {
    const draw = (n: number) => Float64Array.from({ length: n }, () => normal(rng));
    if (compare(draw(60), draw(90))!.pValue <= 0.1) below++;
  }
  expect(below / runs).toBeGreaterThan(0.06);
  expect(below / runs).toBeLessThan(0.135);
});

test('missing and infinite values are left out and an empty sample has no answer', () => {
  const dirty = [Number.NaN, ...a, Infinity];
  expect(kolmogorovSmirnov(dirty, b)).toEqual(kolmogorovSmirnov(a, b));
  for (const compare of Object.values(tests)) {
    expect(compare([], b)).toBeNull();
    expect(compare([Number.NaN], b)).toBeNull();
  }
});

test('identical and constant samples are no difference, disjoint ones as much as can be', () => {
  const constant = new Array<number>(30).fill(4);
  expect(kolmogorovSmirnov(constant, constant)!.pValue).toBe(1);
  expect(mannWhitney(constant, constant)!.pValue).toBe(1);
  expect(andersonDarling(constant, constant)).toBeNull();
  expect(eppsSingleton(constant, constant)).toBeNull();
  expect(tTest(constant, constant)!.pValue).toBe(1);
  expect(
    tTest(
      constant,
      constant.map((x) => x + 1),
    )!.pValue,
  ).toBe(0);
  const far = constant.map((x, i) => x + 100 + i);
  expect(kolmogorovSmirnov(constant, far)!.statistic).toBe(1);
  expect(kolmogorovSmirnov(constant, far)!.pValue).toBeLessThan(1e-15);
});

test('exact KS counts paths of unequal samples as of equal ones', () => {
  const rng = createRng(8);
  const draw = (n: number) => Float64Array.from({ length: n }, () => normal(rng));
  const left = draw(400);
  const equal = kolmogorovSmirnov(left, draw(400))!;
  expect(equal.pValue).toBeGreaterThan(0);
  const unequal = kolmogorovSmirnov(left, draw(399))!;
  expect(unequal.pValue).toBeLessThanOrEqual(1);
});

test('rare cells are pooled until each is expected five times, and one cell is too little to tell', () => {
  const many = Array.from({ length: 1000 }, () => 1);
  const pooled = twoSampleChiSquare(many, many)!;
  expect(pooled.cells).toBeLessThanOrEqual(200);
  expect(pooled.pValue).toBeGreaterThan(0.9);
  expect(twoSampleChiSquare([3, 1], [2, 1])).toBeNull();
  expect(twoSampleChiSquare([0, 0], [5, 5])).toBeNull();
  const ordered = twoSampleChiSquare([50, 1, 1, 50], [50, 0, 0, 50], { ordered: true })!;
  expect(ordered.cells).toBe(2);
});

test('proportions at 0 or 1 in both samples do not differ; what was not expected has p 0', () => {
  expect(proportionsZ({ events: 0, n: 10 }, { events: 0, n: 20 })!.pValue).toBe(1);
  expect(proportionsZ({ events: 1, n: 0 }, { events: 0, n: 20 })).toBeNull();
  expect(goodnessOfFit([5, 5, 1], [5, 6, 0])!.pValue).toBe(0);
  expect(goodnessOfFit([5], [5])).toBeNull();
});
