/** Points by row, smaller is better everywhere. */
export type Losses = readonly (readonly number[])[];

/** At most as large everywhere and smaller somewhere. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let isSmaller = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] > b[i]) return false;
    if (a[i] < b[i]) isSmaller = true;
  }
  return isSmaller;
}

/**
 * Non-dominated sorting: rank 0 is dominated by none, rank r by none but lower ranks. Equal points
 * share a rank. Cost: O(n log n) for two objectives by Pareto dominance, else O(n^2 objectives).
 * Source: Deb et al. (2002), section III-A; two objectives: Jensen (2003).
 * @param beats by default Pareto dominance; constrained dominance for constrained problems
 */
export function dominationRanks(
  losses: Losses,
  beats?: (a: number, b: number) => boolean,
): Uint32Array {
  if (beats !== undefined) return ranksBy(losses.length, beats);
  if (losses[0]?.length === 2) return planarRanks(losses);
  return ranksBy(losses.length, (a, b) => dominates(losses[a], losses[b]));
}

function ranksBy(count: number, beats: (a: number, b: number) => boolean): Uint32Array {
  const beaten = new Uint32Array(count);
  const victims: number[][] = Array.from({ length: count }, () => []);
  for (let a = 0; a < count; a++)
    for (let b = a + 1; b < count; b++) {
      if (beats(a, b)) {
        victims[a].push(b);
        beaten[b]++;
      } else if (beats(b, a)) {
        victims[b].push(a);
        beaten[a]++;
      }
    }
  const ranks = new Uint32Array(count);
  let level = Array.from(beaten.keys()).filter((i) => beaten[i] === 0);
  for (let rank = 0; level.length > 0; rank++) {
    const next: number[] = [];
    for (const i of level) {
      ranks[i] = rank;
      for (const victim of victims[i]) if (--beaten[victim] === 0) next.push(victim);
    }
    level = next;
  }
  return ranks;
}

/**
 * By a sweep along the first objective: the last point of each front has its least second one, so
 * a point belongs to the first front whose last point does not dominate it.
 */
function planarRanks(losses: Losses): Uint32Array {
  const order = losses.map((_, i) => i);
  order.sort((a, b) => losses[a][0] - losses[b][0] || losses[a][1] - losses[b][1]);
  const ranks = new Uint32Array(losses.length);
  const lasts: (readonly number[])[] = [];
  for (const i of order) {
    let [low, high] = [0, lasts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dominates(lasts[middle], losses[i])) low = middle + 1;
      else high = middle;
    }
    lasts[low] = losses[i];
    ranks[i] = low;
  }
  return ranks;
}
