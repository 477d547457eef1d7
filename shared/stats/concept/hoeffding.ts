import type { ConceptSignal } from './signal.ts';

/** State of HDDM-A. Plain JSON. */
export type Hddm = { n: number; sum: number; bestN: number; bestSum: number };

export const createHddm = (): Hddm => ({ n: 0, sum: 0, bestN: 0, bestSum: 0 });

/**
 * Hoeffding drift detection, averages: has the mean of values in [0, 1] risen since it was lowest? In place; starts
 * anew after a drift. No distribution is assumed: alone, each comparison is wrong with chance at most `driftAlpha`.
 * Source: Frias-Blanco et al. (2015), A-test, one-sided; defaults as in river's `HDDM_A`.
 */
export function addToHddm(
  state: Hddm,
  value: number,
  { driftAlpha = 0.001, warningAlpha = 0.005 }: { driftAlpha?: number; warningAlpha?: number } = {},
): ConceptSignal {
  state.n++;
  state.sum += value;
  const isLowest =
    state.bestN === 0 ||
    state.sum / state.n + bound(state.n, driftAlpha) <=
      state.bestSum / state.bestN + bound(state.bestN, driftAlpha);
  if (isLowest) {
    state.bestN = state.n;
    state.bestSum = state.sum;
  }
  if (hasRisen(state, driftAlpha)) {
    Object.assign(state, createHddm());
    return 'drift';
  }
  return hasRisen(state, warningAlpha) ? 'warning' : 'stable';
}

const bound = (n: number, alpha: number): number => Math.sqrt(Math.log(1 / alpha) / (2 * n));

function hasRisen({ n, sum, bestN, bestSum }: Hddm, alpha: number): boolean {
  if (n === bestN) return false;
  const inverse = 1 / bestN - 1 / n;
  const slack = Math.sqrt((inverse * Math.log(1 / alpha)) / 2);
  return sum / n - bestSum / bestN >= slack;
}
