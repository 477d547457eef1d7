import { expect, test } from 'vitest';
import { createRng, type Rng } from '../../core/rng.ts';
import { addNumber, createColumnProfile } from '../profile/column-profile.ts';
import { mannWhitney, mannWhitneyOfCounts } from '../tests/mann-whitney.ts';
import { PROFILE_METHODS, profileMethods } from './profile-methods.ts';

const CELLS = 20;
const edges = Array.from({ length: CELLS - 1 }, (_, i) => (i + 1) / CELLS);

function uniform(n: number, rng: Rng) {
  const profile = createColumnProfile({ type: 'number', edges });
  if (profile.type !== 'number') throw new Error('numbers have bins');
  for (let i = 0; i < n; i++) addNumber(profile, rng());
  return profile;
}

test.each([
  [300, 150],
  [5000, 2500],
])(
  'of %d and %d values without a change every method alarms as often as it says, or less',
  (n, m) => {
    const rng = createRng(2);
    const runs = 80;
    const alarms = PROFILE_METHODS.map(() => 0);
    for (let run = 0; run < runs; run++) {
      const pair = { reference: uniform(n, rng), current: uniform(m, rng) };
      profileMethods(PROFILE_METHODS, pair, rng).forEach(({ pValue }, i) => {
        if (pValue! <= 0.1) alarms[i]++;
      });
    }
    // 10 % of 80 are 8; three standard errors above are 16.
    for (const [i, count] of alarms.entries())
      expect(count, PROFILE_METHODS[i]).toBeLessThanOrEqual(16);
  },
);

test('counts in bins give the Mann-Whitney p of values that are bins', () => {
  const rng = createRng(3);
  const counts = (n: number) => {
    const cells = new Array<number>(6).fill(0);
    for (let i = 0; i < n; i++) cells[Math.floor(rng() * 6)]++;
    return cells;
  };
  const values = (cells: number[]) => cells.flatMap((count, i) => Array<number>(count).fill(i));
  const [a, b] = [counts(60), counts(45)];
  const [binned, raw] = [mannWhitneyOfCounts(a, b)!, mannWhitney(values(a), values(b))!];
  expect(binned.statistic).toBe(raw.statistic);
  expect(binned.pValue).toBeCloseTo(raw.pValue, 12);
  expect(mannWhitneyOfCounts([0, 0], [1, 2])).toBeNull();
});
