import type { Sample, SamplePair } from './sample.ts';

/** Shares of both samples in the same cells. */
export type SharePair = { reference: number[]; current: number[] };

/** More distinct reference values than this are binned, fewer are each a bin. */
const DISTINCT_LIMIT = 20;

/**
 * Shares in the cells that Evidently 0.7.21 uses for PSI, KL and Jensen-Shannon: equal-width Sturges bins of
 * reference and current TOGETHER for numbers with more than 20 distinct reference values, else one cell a value.
 */
export function evidentlyShares({ reference, current }: SamplePair): SharePair {
  if (reference.type === 'number' && current.type === 'number') {
    if (new Set(reference.values).size > DISTINCT_LIMIT) {
      const edges = sturgesEdges([...reference.values, ...current.values]);
      return {
        reference: shares(histogram(reference.values, edges)),
        current: shares(histogram(current.values, edges)),
      };
    }
  }
  const cells = distinctOf({ reference, current });
  const share = (sample: Sample): number[] => shares(countCells(sample, cells));
  return { reference: share(reference), current: share(current) };
}

/** Distinct values of both samples, ascending, as text. */
export function distinctOf({ reference, current }: SamplePair): string[] {
  const distinct = new Set<string>();
  for (const value of reference.values) distinct.add(String(value));
  for (const value of current.values) distinct.add(String(value));
  const isNumber = reference.type === 'number';
  return [...distinct].sort((a, b) => (isNumber ? Number(a) - Number(b) : a < b ? -1 : 1));
}

/** How many values of a sample fall in each cell. */
export function countCells(sample: Sample, cells: readonly string[]): number[] {
  const index = new Map(cells.map((cell, i) => [cell, i]));
  const counts = cells.map(() => 0);
  for (const value of sample.values) {
    const at = index.get(String(value));
    if (at !== undefined) counts[at]++;
  }
  return counts;
}

/** Edges of equal width, ceil(log2 n + 1) bins over the range (numpy.histogram_bin_edges, 'sturges'). */
export function sturgesEdges(values: readonly number[]): number[] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) {
    low -= 0.5;
    high += 0.5;
    return [low, high];
  }
  if (high - low === Infinity) return sturgesEdges(values.map((x) => x / 2)).map((x) => x * 2);
  const width = (high - low) / (Math.log2(values.length) + 1);
  const bins = width === 0 ? 1 : Math.ceil((high - low) / width);
  const step = (high - low) / bins;
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * step));
}

/** Counts in [edge, next edge), the last bin closed above; values outside are left out. */
export function histogram(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const last = edges.length - 1;
  for (const value of values) {
    if (value < edges[0] || value > edges[last]) continue;
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (edges[middle] <= value) low = middle;
      else high = middle;
    }
    counts[low]++;
  }
  return counts;
}

export function shares(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

/** Zero shares replaced as Evidently does: by 0.0001, or by a millionth of the smallest share below that. */
export function fillZeros(given: readonly number[]): number[] {
  const smallest = Math.min(...given.filter((share) => share > 0));
  const filling = smallest <= 0.0001 ? smallest / 1e6 : 0.0001;
  return given.map((share) => (share === 0 ? filling : share));
}
