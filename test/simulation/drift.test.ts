import { expect, test } from 'vitest';
import { createRng, normal } from '../../shared/core/rng.ts';
import { type SimulatedDrift, type Source, simulateDrift, TEN_INPUTS } from './drift-simulation.ts';

/** No minimum effect: the test alone must hold the rate. */
const policy = { minSamples: 30, alpha: 0.05, minPsi: 0 };
const RUNS = 500;

function alarmRate(simulation: Omit<SimulatedDrift, 'policy' | 'rng'>, runs = RUNS): number {
  let alarms = 0;
  for (let seed = 0; seed < runs; seed++) {
    const results = simulateDrift({ ...simulation, policy, rng: createRng(seed * 104_729 + 7) });
    if (results.some(({ verdict }) => verdict === 'drift')) alarms++;
  }
  return alarms / runs;
}

/** Three standard errors of a rate of 5 % over the runs. */
const slack = 3 * Math.sqrt((0.05 * 0.95) / RUNS);

test.each([
  [2000, 500],
  [500, 2000],
  [1000, 60],
])(
  'ten unchanged inputs, %d reference rows against %d: at most 5 datasets in 100 alarm',
  (referenceRows, currentRows) => {
    const rate = alarmRate({
      reference: TEN_INPUTS,
      current: TEN_INPUTS,
      referenceRows,
      currentRows,
    });
    expect(rate).toBeLessThanOrEqual(0.05 + slack);
  },
);

const even = (k: number): Record<string, Source> => ({
  only: { type: 'category', shares: new Array<number>(k).fill(1 / k) },
});

test.each([
  [3, 800, 800],
  [3, 1000, 200],
  [3, 500, 2000],
  [10, 1000, 1000],
  [20, 2000, 50],
  [20, 2000, 500],
])(
  '%d unchanged categories, %d against %d rows, where others alarm 8 to 100 times in 100: at most 5',
  (k, referenceRows, currentRows) => {
    const rate = alarmRate({ reference: even(k), current: even(k), referenceRows, currentRows });
    expect(rate).toBeLessThanOrEqual(0.05 + slack);
  },
);

test('a mean shifted by half a standard deviation in one of ten inputs is found', () => {
  const shifted: Source = { type: 'number', draw: (rng) => 0.5 + normal(rng) };
  const current = { ...TEN_INPUTS, normal: shifted };
  const setting = { reference: TEN_INPUTS, current, referenceRows: 2000, currentRows: 500 };
  expect(alarmRate(setting, 100)).toBeGreaterThan(0.99);
});
