import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { decompose } from './decompose.ts';
import { explainAnomalies } from './explain-anomalies.ts';
import { loessAt } from './loess.ts';

/** A trend, a week, something like noise, and one point far out. */
const WEEKS = Array.from({ length: 84 }, (_, i) => {
  const noise = (((i * 37) % 11) - 5) * 0.1;
  const value = 10 + 0.05 * i + 3 * Math.sin((2 * Math.PI * i) / 7) + noise + (i === 40 ? 25 : 0);
  return Math.round(value * 1000) / 1000;
});

// statsmodels 0.13.5, STL(period=7, seasonal=7): index, trend, season.
test.each([
  [
    false,
    [
      [0, 9.724565356017225, -0.11453864399661003],
      [20, 11.031508145493895, -2.478862049813111],
      [40, 15.244290841894367, 3.0733715133781283],
      [83, 14.05242878510667, -2.4571598125293064],
    ],
  ],
  [
    true,
    [
      [0, 9.822090496380415, -0.2366704405766034],
      [20, 11.004610919566987, -2.286108844429599],
      [40, 11.971629978435656, -3.2023606397377424],
      [83, 14.011281010193294, -2.3989707911771534],
    ],
  ],
])('trend and season are those of the reference, robust: %s', (isRobust, expected) => {
  const { trend, seasonal, remainder } = decompose(WEEKS, { period: 7, isRobust })!;
  for (const [i, level, season] of expected) {
    expect(trend[i]).toBeCloseTo(level, 9);
    expect(seasonal[i]).toBeCloseTo(season, 9);
    expect(trend[i] + seasonal[i] + remainder[i]).toBeCloseTo(WEEKS[i], 12);
  }
});

test('other windows and local means agree with the reference too', () => {
  const options = { period: 7, seasonalWindow: 13, trendWindow: 21, seasonalDegree: 0 as const };
  const { trend, seasonal } = decompose(WEEKS, options)!;
  expect(trend[40]).toBeCloseTo(11.974944542444504, 9);
  expect(seasonal[40]).toBeCloseTo(-3.0056348870471807, 9);
  expect(seasonal[83]).toBeCloseTo(-2.4045314953018857, 9);
});

test('a line is its own local regression, with points missing too; a constant its local mean', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      (level, slope, known) => {
        const values = Float64Array.from({ length: 12 }, (_, i) => level + slope * i);
        const weights = Float64Array.from(known, (isKnown, i) => (isKnown || i % 3 === 0 ? 1 : 0));
        for (const at of [-1, 0, 5, 12])
          expect(loessAt({ values, weights }, at, { window: 9, degree: 1 })).toBeCloseTo(
            level + slope * at,
            7,
          );
        const flat = { values: values.fill(level), weights };
        expect(loessAt(flat, 6, { window: 5, degree: 0 })).toBeCloseTo(level, 9);
      },
    ),
  );
  const none = { values: new Float64Array(5), weights: new Float64Array(5) };
  expect(loessAt(none, 2, { window: 3, degree: 1 })).toBeNull();
});

test('the point far out is named with the parts of what was expected, and no other', () => {
  const [first, ...others] = explainAnomalies(WEEKS, { period: 7 })!;
  expect(others).toEqual([]);
  expect(first).toMatchObject({ index: 40, value: 34.175 });
  expect(first.expected).toBeCloseTo(first.level + first.season, 12);
  expect(first.score).toBeGreaterThan(20);
  expect(first.sentence).toMatch(
    /^34.2 is .* spreads above the 9.19 expected \(level 12.1, - 2.89 for point 6 of 7 in its season\)\.$/,
  );
});

test('missing points are passed over, and noise is rarely an anomaly', () => {
  const rng = createRng(3);
  let told = 0;
  for (let run = 0; run < 20; run++) {
    const hours = Array.from({ length: 24 * 14 }, (_, i) =>
      rng() < 0.05 ? Number.NaN : 50 + 20 * Math.sin((2 * Math.PI * i) / 24) + normal(rng),
    );
    const found = explainAnomalies(hours, { period: 24 })!;
    expect(found.every(({ score }) => Number.isFinite(score))).toBe(true);
    told += found.length;
  }
  // 20 runs of 336 points: fewer than two in a thousand.
  expect(told).toBeLessThan(13);
});

test('less than two seasons is too little, and a flat series has nothing unusual', () => {
  expect(decompose(WEEKS.slice(0, 13), { period: 7 })).toBeNull();
  expect(decompose([], { period: 7 })).toBeNull();
  expect(decompose(WEEKS, { period: 1 })).toBeNull();
  expect(explainAnomalies(Array(40).fill(3), { period: 7 })).toEqual([]);
  const spike = Array.from({ length: 40 }, (_, i) => (i === 20 ? 4 : 3));
  const [only] = explainAnomalies(spike, { period: 7 })!;
  expect(only).toMatchObject({ index: 20, score: Number.MAX_VALUE });
  expect(only.sentence).toContain('far above');
});
