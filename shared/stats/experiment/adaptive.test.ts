import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { interleave, judgeInterleaving } from './interleaving.ts';
import { judgeSegments } from './segments.ts';
import { type BanditArm, thompsonWeights } from './thompson.ts';

test('a bandit sends most units to the best arm, and never loses one for good', () => {
  const rng = createRng(3);
  const arms: BanditArm[] = [0.1, 0.1, 0.2].map(() => ({ n: 0, sum: 0, sumSquares: 0 }));
  expect(thompsonWeights(arms, { rng })).toEqual([1 / 3, 1 / 3, 1 / 3]);
  for (let round = 0; round < 20; round++) {
    const weights = thompsonWeights(arms, { rng });
    weights.forEach((weight, i) => {
      for (let unit = 0; unit < Math.ceil(weight * 300); unit++) {
        const reward = rng() < [0.1, 0.1, 0.2][i] ? 1 : 0;
        arms[i].n++;
        arms[i].sum += reward;
        arms[i].sumSquares += reward;
      }
    });
  }
  const weights = thompsonWeights(arms, { rng });
  expect(weights[2]).toBeGreaterThan(0.9);
  expect(Math.min(...weights)).toBeGreaterThan(0.009);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
});

test('arms that are constant and equal share alike', () => {
  const arm = { n: 200, sum: 200, sumSquares: 200 };
  expect(thompsonWeights([arm, arm], { rng: createRng(1) })).toEqual([0.5, 0.5]);
});

test.each([
  [10, 0.01],
  [150, 1 / 300],
])('each of %i arms keeps the least weight that is said', (k, least) => {
  const arms = Array.from({ length: k }, (_, i) => {
    const sum = i === 0 ? 190 : 10;
    return { n: 200, sum, sumSquares: sum };
  });
  const weights = thompsonWeights(arms, { rng: createRng(1) });
  expect(Math.min(...weights)).toBeCloseTo(least, 12);
  expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  expect(weights[0]).toBeGreaterThan(0.45);
});

test('interleaving places each item once, in turns, from the top of both rankings', () => {
  const ranking = fc.uniqueArray(fc.nat(30), { maxLength: 12 });
  fc.assert(
    fc.property(ranking, ranking, fc.nat(20), fc.nat(1000), (a, b, length, seed) => {
      const { items, teams } = interleave(a, b, { length, rng: createRng(seed) });
      expect(new Set(items).size).toBe(items.length);
      expect(items.length).toBe(Math.min(length, new Set([...a, ...b]).size));
      expect(teams.length).toBe(items.length);
      if (items.length > 0) expect([a[0], b[0]]).toContain(items[0]);
    }),
  );
});

test('a ranker that wins most sessions wins, an even count does not, none is no answer', () => {
  expect(judgeInterleaving({ a: 80, b: 40 })!.pValue).toBeLessThan(0.001);
  expect(judgeInterleaving({ a: 40, b: 40 })!.pValue).toBe(1);
  expect(judgeInterleaving({ a: 0, b: 0 })).toBeNull();
});

const segment = (name: string, estimate: number) => ({
  segment: name,
  estimate,
  standardError: 0.1,
  n: 500,
});

test('the segment that differs is named, and like segments are not', () => {
  const mixed = judgeSegments([segment('ios', 1), segment('android', 0.1), segment('web', 0.05)])!;
  expect(mixed.pValue).toBeLessThan(1e-8);
  expect(mixed.segments[0].adjustedPValue).toBeLessThan(1e-6);
  const rng = createRng(8);
  let alarms = 0;
  for (let run = 0; run < 400; run++) {
    const like = ['a', 'b', 'c', 'd'].map((name) => segment(name, 0.3 + 0.1 * normal(rng)));
    if (judgeSegments(like)!.segments.some(({ adjustedPValue }) => adjustedPValue <= 0.05))
      alarms++;
  }
  expect(alarms / 400).toBeLessThan(0.08);
  expect(judgeSegments([segment('one', 1)])).toBeNull();
});
