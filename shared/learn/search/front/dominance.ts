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
 * Fast non-dominated sorting: rank 0 is dominated by none, rank r by none but lower ranks. Equal
 * points share a rank. Cost: O(n^2 objectives). Source: Deb et al. (2002), section III-A.
 * @param beats by default Pareto dominance; constrained dominance for constrained problems
 */
export function dominationRanks(
  losses: Losses,
  beats: (a: number, b: number) => boolean = (a, b) => dominates(losses[a], losses[b]),
): Uint32Array {
  const count = losses.length;
  const beaten = new Uint32Array(count);
  const victims: number[][] = losses.map(() => []);
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
  let level = losses.map((_, i) => i).filter((i) => beaten[i] === 0);
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
