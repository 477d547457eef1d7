/**
 * Bin edges at quantiles of a sample, each between two of its distinct values, so that a value and
 * its float32 rounding fall in the same bin: an edge is the float32 midpoint of its neighbours.
 *
 * Definition: the i-th of `maxEdges` edges is placed after the sorted value of rank i n / (maxEdges + 1);
 * ties move it to the next change of value. Bins are `edges[i-1] < x <= edges[i]`.
 * @param values any length; NaN and infinities are ignored
 * @param maxEdges edges at most; fewer distinct values give one edge between each two of them
 * A constant sample has an edge just below and just above it: whatever else comes later falls outside.
 * @returns ascending, distinct; empty for an empty sample, and for a constant where `maxEdges` is 1
 *
 * Cost: one sort.
 */
export function numberEdges(values: ArrayLike<number>, maxEdges = 19): number[] {
  const sorted = new Float64Array(values).filter(Number.isFinite).sort();
  const n = sorted.length;
  const edges: number[] = [];
  if (n > 0 && maxEdges > 1 && sorted[0] === sorted[n - 1]) return edgesAround(sorted[0]);
  const breaks = changesOf(sorted, maxEdges);
  if (breaks) return breaks;
  for (let i = 1; i <= maxEdges; i++) {
    let at = Math.max(1, Math.round((i * n) / (maxEdges + 1)));
    while (at < n && sorted[at] === sorted[at - 1]) at++;
    if (at >= n) break;
    push(edges, midpoint(sorted[at - 1], sorted[at]));
  }
  return edges;
}

/** Wider than float32 rounding, in relation to the value. */
const NEARLY = 2 ** -20;
/** The least normal float32, for 0. */
const TINY = 2 ** -126;

function edgesAround(value: number): number[] {
  const margin = Math.max(TINY, Math.abs(value) * NEARLY);
  return [value - margin, value + margin];
}

/** One edge between each two distinct values, or null when there are more than `maxEdges` of them. */
function changesOf(sorted: Float64Array, maxEdges: number): number[] | null {
  const edges: number[] = [];
  for (let at = 1; at < sorted.length; at++) {
    if (sorted[at] === sorted[at - 1]) continue;
    if (edges.length === maxEdges) return null;
    push(edges, midpoint(sorted[at - 1], sorted[at]));
  }
  return edges;
}

function push(edges: number[], edge: number): void {
  if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
}

function midpoint(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle >= low && middle < high ? middle : low;
}
