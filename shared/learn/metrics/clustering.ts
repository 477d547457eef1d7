/**
 * Meaning: how well two partitions of the same rows agree: 1 the same, about 0 as chance would.
 * Definition: pairs of rows together in both, over what chance gives, as a share of the most there
 * can be over chance (Hubert and Arabie 1985, equation 5). Shapes: a number from 0 on by row.
 * Empty, or one cluster in both: 1. Cost: rows. Reference: scikit-learn 1.2.1 adjusted_rand_score.
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const both = new Map<string, number>();
  const ofA = new Map<number, number>();
  const ofB = new Map<number, number>();
  for (let row = 0; row < a.length; row++) {
    count(both, `${a[row]} ${b[row]}`);
    count(ofA, a[row]);
    count(ofB, b[row]);
  }
  const [together, inA, inB] = [both, ofA, ofB].map(pairsIn);
  const all = (a.length * (a.length - 1)) / 2;
  const chance = all === 0 ? 0 : (inA * inB) / all;
  const most = (inA + inB) / 2;
  return most === chance ? 1 : (together - chance) / (most - chance);
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Pairs of rows of one cluster. */
function pairsIn(counts: Map<unknown, number>): number {
  let pairs = 0;
  for (const size of counts.values()) pairs += (size * (size - 1)) / 2;
  return pairs;
}

/**
 * Meaning: how much nearer rows are to their own cluster than to the next one: 1 far apart, 0
 * touching, below 0 mixed up. Definition: mean over rows of (b - a) / max(a, b), a the mean Euclidean
 * distance to the other rows of its cluster, b the least mean distance to those of another; 0 for a
 * row that is alone (Rousseeuw 1987). Shapes: `data` row-major [rows, columns], `clusters` a number
 * from 0 on by row. NaN: columns must have none. One cluster: null. Cost: rows^2 x columns.
 * Reference: scikit-learn 1.2.1 silhouette_score.
 */
export function silhouette(data: Float32Array, clusters: ArrayLike<number>): number | null {
  const rows = clusters.length;
  const sizes: number[] = [];
  for (let row = 0; row < rows; row++) sizes[clusters[row]] = (sizes[clusters[row]] ?? 0) + 1;
  const present = Array.from(sizes.keys()).filter((cluster) => sizes[cluster] > 0);
  if (present.length < 2) return null;
  const sums = new Float64Array(sizes.length);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const own = clusters[row];
    if (sizes[own] === 1) continue;
    sumDistances({ data, clusters, row }, sums);
    const within = sums[own] / (sizes[own] - 1);
    let next = Number.POSITIVE_INFINITY;
    for (const cluster of present)
      if (cluster !== own) next = Math.min(next, sums[cluster] / sizes[cluster]);
    if (within !== next) total += (next - within) / Math.max(within, next);
  }
  return total / rows;
}

/** Distances of a row to all, by cluster. */
function sumDistances(
  { data, clusters, row }: { data: Float32Array; clusters: ArrayLike<number>; row: number },
  sums: Float64Array,
): void {
  const columns = data.length / clusters.length;
  sums.fill(0);
  for (let other = 0; other < clusters.length; other++) {
    let squares = 0;
    for (let j = 0; j < columns; j++) {
      const difference = data[row * columns + j] - data[other * columns + j];
      squares += difference * difference;
    }
    sums[clusters[other]] += Math.sqrt(squares);
  }
}
