import type { ConceptSignal } from './signal.ts';

/** State of DDM. Plain JSON. */
export type Ddm = { n: number; errors: number; bestRate: number; bestDeviation: number };

/** Outcomes before a verdict, and how many deviations above the best rate are a warning and a drift. */
const DDM_WARM_UP = 30;
const DDM_WARNING = 2;
const DDM_DRIFT = 3;

export const createDdm = (): Ddm => ({
  n: 0,
  errors: 0,
  bestRate: 1,
  bestDeviation: 1,
});

/**
 * Drift detection method: has the error rate risen above the best it has been? In place; starts anew after a drift.
 * For sudden changes of a classifier's error. @param isError was this prediction wrong?
 * Source: Gama et al., Learning with drift detection (2004); reference implementation: river (commit 3aa815f) `DDM`, detection for
 * detection.
 */
export function addToDdm(state: Ddm, isError: boolean): ConceptSignal {
  state.n++;
  if (isError) state.errors++;
  const rate = state.errors / state.n;
  const deviation = Math.sqrt((rate * (1 - rate)) / state.n);
  if (state.n <= DDM_WARM_UP) return 'stable';
  if (rate + deviation <= state.bestRate + state.bestDeviation) {
    state.bestRate = rate;
    state.bestDeviation = deviation;
  }
  if (rate + deviation > state.bestRate + DDM_DRIFT * state.bestDeviation) {
    Object.assign(state, createDdm());
    return 'drift';
  }
  return rate + deviation > state.bestRate + DDM_WARNING * state.bestDeviation
    ? 'warning'
    : 'stable';
}

/** State of EDDM. Plain JSON. */
export type Eddm = {
  n: number;
  errors: number;
  lastError: number;
  meanGap: number;
  squares: number;
  best: number;
};

/** Outcomes before the longest gap is looked for, and errors before a verdict. */
const EDDM_WARM_UP = 30;

export const createEddm = (): Eddm => ({
  n: 0,
  errors: 0,
  lastError: 0,
  meanGap: 0,
  squares: 0,
  best: 0,
});

/**
 * Early drift detection method: have errors come closer together than they were at best (mean gap and two deviations)?
 * In place; starts anew after a drift. For gradual changes; at its defaults it alarms often on rates that did not
 * change (river's documentation shows six of seven on its own stream), at 0.8 and 0.75 seldom.
 * @param options.warningShare, options.driftShare of the best reach, below which it is a warning and a drift
 * Source: Baena-Garcia et al. (2006); reference implementation: river (commit 3aa815f) `EDDM` (alpha, beta), detection for detection.
 */
export function addToEddm(
  state: Eddm,
  isError: boolean,
  { warningShare = 0.95, driftShare = 0.9 }: { warningShare?: number; driftShare?: number } = {},
): ConceptSignal {
  state.n++;
  if (!isError) return 'stable';
  state.errors++;
  const gap = state.n - state.lastError;
  state.lastError = state.n;
  const difference = gap - state.meanGap;
  state.meanGap += difference / state.errors;
  state.squares += difference * (gap - state.meanGap);
  if (state.n <= EDDM_WARM_UP) return 'stable';
  const reach = state.meanGap + 2 * Math.sqrt(state.squares / Math.max(1, state.errors - 1));
  if (reach > state.best) {
    state.best = reach;
    return 'stable';
  }
  if (state.errors <= EDDM_WARM_UP) return 'stable';
  const share = reach / state.best;
  if (share < driftShare) {
    Object.assign(state, createEddm());
    return 'drift';
  }
  return share < warningShare ? 'warning' : 'stable';
}
