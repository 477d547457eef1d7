import { dominates, dominationRanks } from '../front/dominance.ts';
import { type Direction, lossesOf, type Trial, violationOf } from '../trial.ts';

/**
 * Constrained dominance (Deb et al. 2002, definition 1): a trial that keeps its constraints beats
 * one that does not; of two that do not, the smaller violation; else Pareto dominance.
 */
export function beats(a: Trial, b: Trial, directions: readonly Direction[]): boolean {
  const [inA, inB] = [violationOf(a), violationOf(b)];
  if (inA > 0 || inB > 0) return inA < inB;
  return dominates(lossesOf(a, directions), lossesOf(b, directions));
}

/** The `size` trials that go on: by rank, and of the last rank the least crowded. */
export function selectElite(
  trials: readonly Trial[],
  size: number,
  directions: readonly Direction[],
): Trial[] {
  const losses = trials.map((trial) => lossesOf(trial, directions));
  const ranks = dominationRanks(losses, (a, b) => beats(trials[a], trials[b], directions));
  const elite: Trial[] = [];
  for (let rank = 0; elite.length < Math.min(size, trials.length); rank++) {
    const level = trials.map((_, i) => i).filter((i) => ranks[i] === rank);
    const distances = crowdingDistances(level.map((i) => losses[i]));
    const order = level.map((_, at) => at);
    if (elite.length + level.length > size) order.sort((a, b) => distances[b] - distances[a]);
    elite.push(...order.slice(0, size - elite.length).map((at) => trials[level[at]]));
  }
  return elite;
}

/**
 * Perimeter of the box between a point's neighbours, by objective in units of the range; Infinity
 * at the ends. Source: Deb et al. (2002), section III-B.
 */
export function crowdingDistances(losses: readonly (readonly number[])[]): Float64Array {
  const distances = new Float64Array(losses.length);
  for (let objective = 0; objective < (losses[0]?.length ?? 0); objective++) {
    const order = losses
      .map((_, i) => i)
      .sort((a, b) => losses[a][objective] - losses[b][objective]);
    const at = (place: number): number => losses[order[place]][objective];
    const range = at(order.length - 1) - at(0);
    if (range === 0) continue;
    order.forEach((point, place) => {
      const isEnd = place === 0 || place === order.length - 1;
      distances[point] += isEnd ? Infinity : (at(place + 1) - at(place - 1)) / range;
    });
  }
  return distances;
}
