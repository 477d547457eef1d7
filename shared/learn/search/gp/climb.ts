import { exp, log } from '../../../core/portable-math.ts';
import { normal, type Rng } from '../../../core/rng.ts';

const RANDOM_STARTS = 256;
const CLIMBS = 4;
const STEPS = 80;
const FIRST_STEP = 0.15;
const LAST_STEP = 0.001;

type Start = { point: Float64Array; value: number };

/**
 * Looks for the highest value in the unit cube: many random points, and from the best few (and the
 * points `near`) random steps that shrink, one coordinate or all at a time.
 */
export function climb(
  value: (point: Float64Array) => number,
  { near, random, rng }: { near: Float64Array[]; random: () => Float64Array; rng: Rng },
): Float64Array {
  const at = (point: Float64Array): Start => ({ point, value: value(point) });
  const starts = Array.from({ length: RANDOM_STARTS }, () => at(random()));
  starts.sort((a, b) => b.value - a.value);
  const tops = [...near.map(at), ...starts.slice(0, CLIMBS)].map((start) =>
    climbFrom(start, value, rng),
  );
  return tops.reduce((best, top) => (top.value > best.value ? top : best)).point;
}

function climbFrom(start: Start, value: (point: Float64Array) => number, rng: Rng): Start {
  let best = start;
  const shrink = exp(log(LAST_STEP / FIRST_STEP) / (STEPS - 1));
  for (let count = 0, step = FIRST_STEP; count < STEPS; count++, step *= shrink) {
    const only = rng() < 0.5 ? Math.floor(rng() * start.point.length) : -1;
    const point = best.point.map((at, i) =>
      only >= 0 && i !== only ? at : Math.min(1, Math.max(0, at + step * normal(rng))),
    );
    const there = value(point);
    if (there > best.value) best = { point, value: there };
  }
  return best;
}
