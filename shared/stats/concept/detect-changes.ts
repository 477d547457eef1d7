import type { Rng } from '../../core/rng.ts';
import { addToAdwin, createAdwin } from './adwin.ts';
import { addToDdm, addToEddm, createDdm, createEddm } from './error-rate.ts';
import { addToHddm, createHddm } from './hoeffding.ts';
import { addToHddmWeighted, createHddmWeighted } from './hoeffding-weighted.ts';
import { addToKswin, createKswin } from './kswin.ts';
import { addToPageHinkley, createPageHinkley } from './page-hinkley.ts';
import type { ConceptSignal } from './signal.ts';

/** Right or wrong, row by row. */
const OF_DECISIONS = ['ddm', 'eddm', 'hddm_a', 'hddm_w'] as const;
/** How far off, row by row; right or wrong too. */
const OF_ERRORS = ['adwin', 'page_hinkley', 'kswin'] as const;

export const DETECTORS = [...OF_DECISIONS, ...OF_ERRORS] as const;
export type Detector = (typeof DETECTORS)[number];

/** Rows, counted from 1, at which a detector said drift, and at which it first warned of each. */
export type Changes = { detector: Detector; drifts: number[]; warnings: number[] };

/** Its published defaults, 0.005 over 30 values at every row, alarm in nine of ten unchanged streams of 1,000 quantities. */
const KSWIN = { alpha: 1e-4, windowSize: 300, recentSize: 100 };

type Watch = (error: number) => ConceptSignal;

/** Errors whose size sets the scale of quantities. */
const SCALED_BY = 100;

/**
 * Where the error given the input changed, by one detector at its published defaults (but KSWIN); each starts anew after a drift.
 * Detectors alarm by themselves now and then: read several, or `performance`'s p, before acting on one.
 * @param errors in the order of time: 0 and 1 of decisions, absolute errors of quantities, which are divided by the
 * deviation of the first hundred (Page-Hinkley) or the largest of them (ADWIN)
 * @returns null for a detector of decisions where errors are quantities
 * Cost: O(rows), KSWIN a hundred times that.
 */
export function detectChanges(
  errors: ArrayLike<number>,
  detector: Detector,
  { isQuantity, rng }: { isQuantity: boolean; rng: Rng },
): Changes | null {
  if (isQuantity && OF_DECISIONS.some((name) => name === detector)) return null;
  const watch = WATCHES[detector](isQuantity ? scaleOf(errors, detector) : 1, rng);
  const changes: Changes = { detector, drifts: [], warnings: [] };
  let isQuiet = true;
  for (let i = 0; i < errors.length; i++) {
    const signal = watch(errors[i]);
    if (signal === 'drift') changes.drifts.push(i + 1);
    else if (signal === 'warning' && isQuiet) changes.warnings.push(i + 1);
    if (signal !== 'stable') isQuiet = signal === 'drift';
  }
  return changes;
}

const WATCHES: Record<Detector, (scale: number, rng: Rng) => Watch> = {
  ddm: () => {
    const state = createDdm();
    return (error) => addToDdm(state, error > 0);
  },
  eddm: () => {
    const state = createEddm();
    return (error) => addToEddm(state, error > 0);
  },
  hddm_a: () => {
    const state = createHddm();
    return (error) => addToHddm(state, error);
  },
  hddm_w: () => {
    const state = createHddmWeighted();
    return (error) => addToHddmWeighted(state, error);
  },
  adwin: (scale) => {
    const state = createAdwin();
    return (error) => addToAdwin(state, error / scale);
  },
  page_hinkley: (scale) => {
    const state = createPageHinkley();
    return (error) => addToPageHinkley(state, error / scale, { delta: 0.005, threshold: 50 });
  },
  kswin: (_, rng) => {
    const state = createKswin();
    return (error) => addToKswin(state, error, { ...KSWIN, rng });
  },
};

function scaleOf(errors: ArrayLike<number>, detector: Detector): number {
  const n = Math.min(SCALED_BY, errors.length);
  let mean = 0;
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const gap = errors[i] - mean;
    mean += gap / (i + 1);
    squares += gap * (errors[i] - mean);
    largest = Math.max(largest, errors[i]);
  }
  return (detector === 'adwin' ? largest : Math.sqrt(squares / n)) || 1;
}
