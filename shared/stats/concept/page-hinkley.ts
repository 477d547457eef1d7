import type { ConceptSignal } from './signal.ts';

export type PageHinkleyOptions = {
  /** Rise that is not worth an alarm, in the units of the values. */
  delta: number;
  /** Accumulated rise at which to alarm: larger is slower and surer. */
  threshold: number;
  /** Share of the accumulated rise that is kept per value. */
  forgetting?: number;
  minSamples?: number;
  /** Is a fall told too? */
  isTwoSided?: boolean;
};

/** State of the Page-Hinkley test. Plain JSON. */
export type PageHinkley = {
  n: number;
  mean: number;
  rise: number;
  lowest: number;
  fall: number;
  highest: number;
};

export const createPageHinkley = (): PageHinkley => ({
  ...{ n: 0, mean: 0 },
  ...{ rise: 0, lowest: 0, fall: 0, highest: 0 },
});

/**
 * Page-Hinkley test: has the mean of any values (absolute errors, say) risen? In place; starts anew after a drift.
 * Source: Page (1954), Hinkley (1971); reference implementation: river (commit 3aa815f) `PageHinkley(mode='up')`, or
 * 'both', whose delta is 0.005 and threshold 50, detection for detection.
 */
export function addToPageHinkley(
  state: PageHinkley,
  value: number,
  {
    delta,
    threshold,
    forgetting = 0.9999,
    minSamples = 30,
    isTwoSided = false,
  }: PageHinkleyOptions,
): ConceptSignal {
  state.n++;
  state.mean += (value - state.mean) / state.n;
  state.rise = forgetting * state.rise + (value - state.mean - delta);
  state.lowest = Math.min(state.lowest, state.rise);
  state.fall = forgetting * state.fall + (value - state.mean + delta);
  state.highest = Math.max(state.highest, state.fall);
  const hasRisen = state.rise - state.lowest > threshold;
  const hasFallen = isTwoSided && state.highest - state.fall > threshold;
  if (state.n < minSamples || !(hasRisen || hasFallen)) return 'stable';
  Object.assign(state, createPageHinkley());
  return 'drift';
}
