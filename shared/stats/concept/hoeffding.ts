import type { ConceptSignal } from './signal.ts';

export type HoeffdingOptions = {
  /** Chances at which a rise is a drift and a warning. */
  driftAlpha?: number;
  warningAlpha?: number;
  /** Are falls told too? */
  isTwoSided?: boolean;
};

/** Values and their sum, now and at the cuts where the mean was surely lowest and surely highest. */
type Sum = { n: number; sum: number };

/** State of HDDM-A. Plain JSON. */
export type Hddm = { now: Sum; lowest: Sum; highest: Sum };

const nothing = (): Sum => ({ n: 0, sum: 0 });

export const createHddm = (): Hddm => ({
  now: nothing(),
  lowest: nothing(),
  highest: nothing(),
});

/**
 * Hoeffding drift detection, averages: has the mean of values in [0, 1] risen since it was lowest? In place; starts
 * anew after a drift. No distribution is assumed: alone, each comparison is wrong with chance at most `driftAlpha`.
 * Source: Frias-Blanco et al. (2015), A-test; reference implementation: river (commit 3aa815f) `HDDMA`, detection for detection.
 */
export function addToHddm(
  state: Hddm,
  value: number,
  { driftAlpha = 0.001, warningAlpha = 0.005, isTwoSided = false }: HoeffdingOptions = {},
): ConceptSignal {
  const { now } = state;
  now.n++;
  now.sum += value;
  const reach = bound(now.n, driftAlpha);
  const { lowest, highest } = state;
  if (lowest.n === 0 || meanOf(lowest) + bound(lowest.n, driftAlpha) >= meanOf(now) + reach)
    state.lowest = { ...now };
  if (highest.n === 0 || meanOf(highest) - bound(highest.n, driftAlpha) <= meanOf(now) - reach)
    state.highest = { ...now };
  const hasMoved = (alpha: number): boolean =>
    isBeyond(state.lowest, now, alpha) || (isTwoSided && isBeyond(now, state.highest, alpha));
  if (hasMoved(driftAlpha)) {
    Object.assign(state, createHddm());
    return 'drift';
  }
  return hasMoved(warningAlpha) ? 'warning' : 'stable';
}

const meanOf = ({ n, sum }: Sum): number => sum / n;

const bound = (n: number, alpha: number): number => Math.sqrt(Math.log(1 / alpha) / (2 * n));

/** Is the mean of `high` above that of `low` by more than chance, one of them a beginning of the other? */
function isBeyond(low: Sum, high: Sum, alpha: number): boolean {
  if (low.n === high.n) return false;
  const inverse = Math.abs(1 / low.n - 1 / high.n);
  return meanOf(high) - meanOf(low) >= Math.sqrt((inverse * Math.log(2 / alpha)) / 2);
}
