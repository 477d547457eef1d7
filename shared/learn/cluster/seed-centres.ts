import { log } from '../../core/portable-math.ts';
import type { Rng } from '../../core/rng.ts';
import { squaredDistance, type WeightedRows } from './weighted-rows.ts';

/**
 * First centres by greedy k-means++ (Arthur and Vassilvitskii 2007): each next one is drawn with
 * probability proportional to the squared distance to the nearest so far, the best of 2 + log k
 * draws, as scikit-learn 1.2 does. Cost: k log k x rows x columns.
 * @returns row-major [k, columns]; k is at most the number of rows
 */
export function seedCentres(rows: WeightedRows, k: number, rng: Rng): Float64Array {
  const { count, columns, data, weights } = rows;
  const centres = new Float64Array(k * columns);
  const place = (at: number, row: number) =>
    centres.set(data.subarray(row * columns, (row + 1) * columns), at * columns);
  place(0, drawRow(weights, rng));
  let nearest = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  lowerDistances(rows, { centres, k: 0 }, nearest);
  const trials = 2 + Math.floor(log(k));
  for (let at = 1; at < k; at++) {
    let best = { row: 0, sum: Number.POSITIVE_INFINITY, nearest };
    const chances = nearest.map((distance, row) => distance * weights[row]);
    for (let trial = 0; trial < trials; trial++) {
      const row = drawRow(chances, rng);
      place(at, row);
      const lowered = nearest.slice();
      const sum = lowerDistances(rows, { centres, k: at }, lowered);
      if (sum < best.sum) best = { row, sum, nearest: lowered };
    }
    place(at, best.row);
    nearest = best.nearest;
  }
  return centres;
}

/** Takes a new centre into account. @returns the weighted sum of what remains */
function lowerDistances(
  rows: WeightedRows,
  centre: { centres: Float64Array; k: number },
  nearest: Float64Array,
): number {
  let sum = 0;
  for (let row = 0; row < rows.count; row++) {
    const distance = squaredDistance(rows, row, centre);
    if (distance < nearest[row]) nearest[row] = distance;
    sum += nearest[row] * rows.weights[row];
  }
  return sum;
}

/** An index with probability proportional to its chance; uniform where all are 0. */
export function drawRow(chances: Float64Array, rng: Rng): number {
  let total = 0;
  for (let i = 0; i < chances.length; i++) total += chances[i];
  if (!(total > 0)) return Math.floor(rng() * chances.length);
  let left = rng() * total;
  for (let i = 0; i < chances.length; i++) {
    left -= chances[i];
    if (left < 0) return i;
  }
  let last = chances.length - 1;
  while (chances[last] === 0) last--;
  return last;
}
