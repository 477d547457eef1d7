import { expect, test } from 'vitest';
import { createRng, normal, type Rng } from '../../core/rng.ts';
import { addToAdwin, adwinMean, countIn, createAdwin } from './adwin.ts';
import { addToDdm, addToEddm, createDdm, createEddm } from './error-rate.ts';
import { addToHddm, createHddm } from './hoeffding.ts';
import { addToHddmWeighted, createHddmWeighted } from './hoeffding-weighted.ts';
import { addToKswin, createKswin } from './kswin.ts';
import { addToPageHinkley, createPageHinkley } from './page-hinkley.ts';
import type { ConceptSignal } from './signal.ts';

/** Each detector as a function of one error in [0, 1], and outcomes it may need to see a doubled error rate. */
const detectors: Record<
  string,
  { delay: number; create: (rng: Rng) => (error: number) => ConceptSignal }
> = {
  DDM: {
    delay: 600,
    create: () => {
      const state = createDdm();
      return (error) => addToDdm(state, error === 1);
    },
  },
  EDDM: {
    delay: 2500,
    create: () => {
      const state = createEddm();
      return (error) => addToEddm(state, error === 1);
    },
  },
  HDDM: {
    delay: 600,
    create: () => {
      const state = createHddm();
      return (error) => addToHddm(state, error);
    },
  },
  ADWIN: {
    delay: 600,
    create: () => {
      const state = createAdwin();
      return (error) => addToAdwin(state, error);
    },
  },
  'HDDM-W': {
    delay: 600,
    create: () => {
      const state = createHddmWeighted();
      return (error) => addToHddmWeighted(state, error);
    },
  },
  'Page-Hinkley': {
    delay: 600,
    create: () => {
      const state = createPageHinkley();
      return (error) => addToPageHinkley(state, error, { delta: 0.05, threshold: 20 });
    },
  },
};

function firstDrift(
  detect: (error: number) => ConceptSignal,
  draw: (i: number) => number,
  length: number,
): number | null {
  for (let i = 0; i < length; i++) if (detect(draw(i)) === 'drift') return i;
  return null;
}

test.each(Object.entries(detectors))(
  '%s finds an error rate that goes from 0.2 to 0.5',
  (_, { create, delay }) => {
    for (let seed = 1; seed <= 20; seed++) {
      const rng = createRng(seed);
      const detect = create(rng);
      for (let i = 0; i < 1000; i++) detect(rng() < 0.2 ? 1 : 0);
      const found = firstDrift(detect, () => (rng() < 0.5 ? 1 : 0), 3000);
      expect(found).not.toBeNull();
      expect(found).toBeLessThan(delay);
    }
  },
);

test.each(['HDDM', 'ADWIN', 'Page-Hinkley'])(
  '%s is quiet over 2,000 outcomes of an unchanged rate in most runs',
  (name) => {
    let alarms = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const rng = createRng(seed * 31);
      if (firstDrift(detectors[name].create(rng), () => (rng() < 0.2 ? 1 : 0), 2000) !== null)
        alarms++;
    }
    expect(alarms).toBeLessThanOrEqual(5);
  },
);

test('ADWIN drops what is old: its mean follows, its memory grows with the logarithm', () => {
  const rng = createRng(3);
  const state = createAdwin();
  expect(adwinMean(state)).toBeNull();
  for (let i = 0; i < 20_000; i++) addToAdwin(state, rng() < 0.1 ? 1 : 0);
  expect(state.buckets.length).toBeLessThan(80);
  for (let i = 0; i < 2000; i++) addToAdwin(state, rng() < 0.8 ? 1 : 0);
  expect(adwinMean(state)).toBeGreaterThan(0.7);
  expect(countIn(state)).toBeLessThan(2200);
});

test('KSWIN sees a change of spread that leaves the mean alone', () => {
  const rng = createRng(12);
  const state = createKswin();
  const detect = (value: number) =>
    addToKswin(state, value, { rng, alpha: 0.0001, windowSize: 300, recentSize: 100 });
  for (let i = 0; i < 400; i++) detect(normal(rng));
  expect(firstDrift(detect, () => 6 * normal(rng), 300)).not.toBeNull();
});

test('a state goes through JSON in the middle of a stream', () => {
  const rng = createRng(7);
  let state = createDdm();
  let signal: ConceptSignal = 'stable';
  for (let i = 0; i < 2000 && signal !== 'drift'; i++) {
    state = JSON.parse(JSON.stringify(state));
    signal = addToDdm(state, rng() < (i < 500 ? 0.1 : 0.6));
  }
  expect(signal).toBe('drift');
});
