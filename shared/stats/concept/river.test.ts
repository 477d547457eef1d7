import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { addToAdwin, createAdwin } from './adwin.ts';
import { addToDdm, addToEddm, createDdm, createEddm } from './error-rate.ts';
import { addToHddm, createHddm } from './hoeffding.ts';
import { addToHddmWeighted, createHddmWeighted } from './hoeffding-weighted.ts';
import { addToKswin, createKswin } from './kswin.ts';
import { addToPageHinkley, createPageHinkley } from './page-hinkley.ts';
import type { ConceptSignal } from './signal.ts';

/**
 * The streams of river's own documentation and tests (commit 3aa815f), a digit a value, drawn by Python 3.11:
 * choices42: random.Random(42), choices([0, 1], k=1000), then k=1000 with weights 0.3 and 0.7.
 * choices12345: random.Random(12345), choices([0, 1], k=1000), then choices(range(4, 8), k=1000).
 * Of numpy.random.seed(12345): uniform: randint(2, size=1000), randint(8, size=1000); binomial: 1,000 times
 * binomial(1, 0.2), then 0.8; normal: normal(m, 0.1, 500) > 0 with m = 0, 0.25, 0, 0.25.
 */
type Stream = 'choices42' | 'choices12345' | 'uniform' | 'binomial' | 'normal';
const STREAMS: Record<Stream, string> = JSON.parse(
  readFileSync(new URL('./river-streams.json', import.meta.url), 'utf8'),
);

/** Detections, and as river's documentation prints them: the first warning before each. */
function follow(stream: Stream, detect: (value: number) => ConceptSignal) {
  const drifts: number[] = [];
  const firstWarnings: number[] = [];
  let isQuiet = true;
  [...STREAMS[stream]].forEach((digit, i) => {
    const signal = detect(Number(digit));
    if (signal === 'drift') drifts.push(i);
    if (signal === 'warning' && isQuiet) firstWarnings.push(i);
    if (signal !== 'stable') isQuiet = signal === 'drift';
  });
  return { drifts, firstWarnings };
}

test('DDM warns and detects where river does', () => {
  const ddm = (stream: Stream) => {
    const state = createDdm();
    return follow(stream, (value) => addToDdm(state, value === 1));
  };
  expect(ddm('choices42')).toEqual({ drifts: [1334], firstWarnings: [1084, 1492] });
  expect(ddm('binomial').drifts).toEqual([1049]);
  const state = createDdm();
  for (let i = 0; i < 1000; i++) expect(addToDdm(state, true)).not.toBe('drift');
});

test('EDDM warns and detects where river does', () => {
  const eddm = (stream: Stream, options: { warningShare: number; driftShare: number }) => {
    const state = createEddm();
    return follow(stream, (value) => addToEddm(state, value === 1, options));
  };
  expect(eddm('choices42', { warningShare: 0.8, driftShare: 0.75 })).toEqual({
    ...{ drifts: [1278], firstWarnings: [1059] },
  });
  expect(eddm('binomial', { warningShare: 0.9, driftShare: 0.8 }).drifts).toEqual([1059]);
});

test('HDDM-A warns and detects where river does, one-sided and two-sided', () => {
  const hddm = (stream: Stream, isTwoSided = false) => {
    const state = createHddm();
    return follow(stream, (value) => addToHddm(state, value, { isTwoSided }));
  };
  expect(hddm('choices42')).toEqual({ drifts: [1206], firstWarnings: [451] });
  expect(hddm('binomial').drifts).toEqual([1047]);
  expect(hddm('normal', true).drifts).toEqual([531, 1015, 1545]);
});

test('HDDM-W warns and detects where river does, one-sided and two-sided', () => {
  const hddm = (stream: Stream, isTwoSided = false) => {
    const state = createHddmWeighted();
    return follow(stream, (value) => addToHddmWeighted(state, value, { isTwoSided }));
  };
  expect(hddm('choices42')).toEqual({ drifts: [1077], firstWarnings: [451] });
  expect(hddm('binomial').drifts).toEqual([1018]);
  expect(hddm('normal', true).drifts).toEqual([507, 1032, 1508]);
});

test('ADWIN detects first where river does, and keeps the newer part of the window', () => {
  for (const stream of ['choices12345', 'uniform'] as const) {
    const state = createAdwin();
    expect(follow(stream, (value) => addToAdwin(state, value)).drifts[0]).toBe(1023);
  }
});

test('Page-Hinkley detects where river does, upward, downward and both', () => {
  const pageHinkley = (stream: Stream, sign: 1 | -1, isTwoSided = false) => {
    const state = createPageHinkley();
    const options = { delta: 0.005, threshold: 50, isTwoSided };
    return follow(stream, (value) => addToPageHinkley(state, sign * value, options)).drifts;
  };
  expect(pageHinkley('choices12345', 1)).toEqual([1006]);
  expect(pageHinkley('normal', 1)).toEqual([588, 1681]);
  expect(pageHinkley('normal', -1)).toEqual([1172]);
  expect(pageHinkley('normal', 1, true)).toEqual([588, 1097, 1585]);
});

test('KSWIN detects first where river does, whatever part of the older values it draws', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const kswin = (stream: Stream, options: { windowSize?: number; recentSize?: number }) => {
      const state = createKswin();
      const rng = createRng(seed);
      return follow(stream, (value) => addToKswin(state, value, { alpha: 1e-4, ...options, rng }));
    };
    expect(kswin('choices12345', {}).drifts[0]).toBe(1016);
    expect(kswin('uniform', { windowSize: 200, recentSize: 100 }).drifts[0]).toBe(1042);
  }
});
