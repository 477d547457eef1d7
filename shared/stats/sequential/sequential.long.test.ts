import { expect, test } from 'vitest';
import { createRng, normal } from '../../core/rng.ts';
import { mixtureHalfWidth, mixturePValue, oneSidedMixtureHalfWidth } from './normal-mixture.ts';
import { logEvidenceAbove } from './proportion.ts';

const options = { alpha: 0.05, tuning: 200 };
const RUNS = 600;

/** Share of runs in which a rule, looked at after every observation, ever rejects. */
function everRejects(
  rejects: (k: number, n: number, sum: number) => boolean,
  mean: number,
): number {
  const rng = createRng(17);
  let rejected = 0;
  for (let run = 0; run < RUNS; run++) {
    let sum = 0;
    let k = 0;
    for (let n = 1; n <= 500; n++) {
      sum += normal(rng);
      if (rng() < mean) k++;
      if (n >= 20 && rejects(k, n, sum)) {
        rejected++;
        break;
      }
    }
  }
  return rejected / RUNS;
}

test('a mean watched after every observation leaves its sequence at most 5 times in 100', () => {
  const rate = everRejects((_, n, sum) => {
    const running = { estimate: sum / n, standardError: 1 / Math.sqrt(n), n };
    return Math.abs(running.estimate) > mixtureHalfWidth(running, options);
  }, 0);
  expect(rate).toBeLessThanOrEqual(0.05);
  expect(rate).toBeGreaterThan(0.005);
});

test('so does a one-sided sequence and its p value', () => {
  const rate = everRejects((_, n, sum) => {
    const running = { estimate: sum / n, standardError: 1 / Math.sqrt(n), n };
    return running.estimate > oneSidedMixtureHalfWidth(running, options);
  }, 0);
  expect(rate).toBeLessThanOrEqual(0.05);
  const twoSided = everRejects((_, n, sum) => {
    const running = { estimate: sum / n, standardError: 1 / Math.sqrt(n), n };
    return mixturePValue(running, options) <= 0.05;
  }, 0);
  expect(twoSided).toBeLessThanOrEqual(0.05);
});

test('a rate exactly at its limit is called broken at most 5 times in 100, a rare one too', () => {
  for (const limit of [0.02, 0.3]) {
    const rate = everRejects((k, n) => logEvidenceAbove(k, n, limit) >= Math.log(20), limit);
    expect(rate).toBeLessThanOrEqual(0.05);
  }
});

test('a rate at twice its limit is found', () => {
  expect(everRejects((k, n) => logEvidenceAbove(k, n, 0.1) >= Math.log(20), 0.2)).toBeGreaterThan(
    0.9,
  );
});

test('no evidence is no verdict', () => {
  const nothing = { estimate: 0, standardError: 0, n: 0 };
  expect(mixtureHalfWidth(nothing, options)).toBe(Infinity);
  expect(mixturePValue(nothing, options)).toBe(1);
  expect(logEvidenceAbove(0, 0, 0.1)).toBe(0);
  expect(logEvidenceAbove(3, 10, 1)).toBe(0);
  expect(logEvidenceAbove(1, 10, 0)).toBe(Infinity);
});
