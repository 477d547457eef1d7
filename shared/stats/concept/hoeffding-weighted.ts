import type { HoeffdingOptions } from './hoeffding.ts';
import type { ConceptSignal } from './signal.ts';

/** A moving average that starts at its first value, and the sum of its squared weights. */
type Average = { mean: number | null; squares: number };

/** Averages before a cut and since. */
type Cut = { at: number | null; before: Average; since: Average };

/** State of HDDM-W. Plain JSON. */
export type HddmWeighted = { now: Average; rise: Cut; fall: Cut };

const nothing = (): Average => ({ mean: null, squares: 1 });
const noCut = (): Cut => ({ at: null, before: nothing(), since: nothing() });

export const createHddmWeighted = (): HddmWeighted => ({
  now: nothing(),
  rise: noCut(),
  fall: noCut(),
});

/**
 * Hoeffding drift detection, weighted: as `addToHddm`, of moving averages in which old values count less, so that a
 * gradual change is not held back by what was long ago. In place; starts anew after a drift. Values in [0, 1].
 * @param options.weight of the newest value
 * Source: Frias-Blanco et al. (2015), W-test by McDiarmid's bound; reference implementation: river (commit 3aa815f) `HDDMW`,
 * detection for detection.
 */
export function addToHddmWeighted(
  state: HddmWeighted,
  value: number,
  options: HoeffdingOptions & { weight?: number } = {},
): ConceptSignal {
  const { driftAlpha = 0.001, warningAlpha = 0.005, isTwoSided = false, weight = 0.05 } = options;
  state.now = withValue(state.now, value, weight);
  const mean = state.now.mean ?? value;
  const reach = bound(state.now.squares, driftAlpha);
  const { rise, fall } = state;
  if (rise.at === null || mean + reach < rise.at)
    state.rise = { at: mean + reach, before: state.now, since: nothing() };
  else rise.since = withValue(rise.since, value, weight);
  if (fall.at === null || mean - reach > fall.at)
    state.fall = { at: mean - reach, before: state.now, since: nothing() };
  else fall.since = withValue(fall.since, value, weight);
  const hasMoved = (alpha: number): boolean =>
    isBeyond(state.rise.before, state.rise.since, alpha) ||
    (isTwoSided && isBeyond(state.fall.since, state.fall.before, alpha));
  if (hasMoved(driftAlpha)) {
    Object.assign(state, createHddmWeighted());
    return 'drift';
  }
  return hasMoved(warningAlpha) ? 'warning' : 'stable';
}

const withValue = ({ mean, squares }: Average, value: number, weight: number): Average => ({
  mean: mean === null ? value : weight * value + (1 - weight) * mean,
  squares: weight * weight + (1 - weight) * (1 - weight) * squares,
});

const bound = (squares: number, alpha: number): number =>
  Math.sqrt((squares * Math.log(1 / alpha)) / 2);

function isBeyond(low: Average, high: Average, alpha: number): boolean {
  if (low.mean === null || high.mean === null) return false;
  return high.mean - low.mean > bound(low.squares + high.squares, alpha);
}
