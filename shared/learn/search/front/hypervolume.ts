import { dominates, type Losses } from './dominance.ts';

/**
 * Volume of what the points dominate below a reference point. Points that are not below the
 * reference everywhere add nothing; no point: 0.
 * @param losses shape [n][objectives], smaller is better
 * Cost: O(n log n) for two objectives, else exponential in the objectives at worst.
 * Source: While, Bradstreet, Barone (2012), WFG; reference implementation: Optuna 5.0.0
 * (`compute_hypervolume`).
 */
export function hypervolume(losses: Losses, reference: readonly number[]): number {
  const inside = losses.filter((point) => point.every((value, i) => value < reference[i]));
  return volume(undominated(inside), reference);
}

/** What one point adds to others: its own box but for what they cover of it. */
export function exclusiveVolume(
  point: readonly number[],
  others: Losses,
  reference: readonly number[],
): number {
  if (point.some((value, i) => value >= reference[i])) return 0;
  const inside = others.filter((other) => other.every((value, i) => value < reference[i]));
  return box(point, reference) - shadow(point, inside, reference);
}

function volume(front: Losses, reference: readonly number[]): number {
  if (front.length === 0) return 0;
  if (reference.length === 1) return reference[0] - Math.min(...front.map((point) => point[0]));
  if (reference.length === 2) return area(front, reference);
  const sorted = [...front].sort((a, b) => a[0] - b[0]);
  let total = 0;
  sorted.forEach((point, i) => {
    total += exclusiveVolume(point, sorted.slice(i + 1), reference);
  });
  return total;
}

/** Sweep by the first objective. */
function area(front: Losses, reference: readonly number[]): number {
  const sorted = [...front].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let total = 0;
  let floor = reference[1];
  for (const [x, y] of sorted) {
    if (y >= floor) continue;
    total += (reference[0] - x) * (floor - y);
    floor = y;
  }
  return total;
}

const box = (point: readonly number[], reference: readonly number[]): number =>
  point.reduce((product, value, i) => product * (reference[i] - value), 1);

/** What later points already cover of the box of one. */
function shadow(point: readonly number[], others: Losses, reference: readonly number[]): number {
  const limited = others.map((other) => other.map((value, i) => Math.max(value, point[i])));
  return volume(undominated(limited), reference);
}

/** The points that no other dominates, one of equals. */
export function undominated(losses: Losses): Losses {
  return losses.filter(
    (point, i) =>
      !losses.some(
        (other, j) => dominates(other, point) || (j < i && other.every((v, k) => v === point[k])),
      ),
  );
}
