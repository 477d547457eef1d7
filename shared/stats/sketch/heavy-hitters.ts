/** The most frequent values of a stream with a bound on what each count may lack. Plain JSON. */
export type HeavyHitters = {
  capacity: number;
  n: number;
  /** A count is at most this much below the truth; never above it. */
  slack: number;
  counts: Record<string, number>;
};

/** Every value that is more than n / (capacity + 1) of the stream is kept. */
export const createHeavyHitters = (capacity = 64): HeavyHitters => ({
  capacity,
  n: 0,
  slack: 0,
  counts: Object.create(null) as Record<string, number>,
});

/** Counts a value in place. Source: Misra and Gries (1982), decrementing all at once when full. */
export function addHeavyHitter(sketch: HeavyHitters, value: string, count = 1): void {
  sketch.n += count;
  addCount(sketch.counts, value, count);
  if (Object.keys(sketch.counts).length > 2 * sketch.capacity) trim(sketch);
}

/**
 * Adds `from` to `into` in place; the bound holds for any order of merging. Source: Agarwal et al., Mergeable
 * summaries (2012).
 */
export function mergeHeavyHitters(into: HeavyHitters, from: HeavyHitters): void {
  into.n += from.n;
  into.slack += from.slack;
  for (const [value, count] of Object.entries(from.counts)) addCount(into.counts, value, count);
  trim(into);
}

/** Values with the count that is known for certain, most frequent first; the truth is within `slack` above. */
export function heavyHittersOf(sketch: HeavyHitters): { value: string; count: number }[] {
  const all = Object.entries(sketch.counts).map(([value, count]) => ({ value, count }));
  return all
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, sketch.capacity);
}

/** Of own keys alone: a sketch read from JSON is an object like any other, and a value may be called `constructor`. */
function addCount(counts: Record<string, number>, value: string, count: number): void {
  if (Object.hasOwn(counts, value)) counts[value] += count;
  else
    Object.defineProperty(counts, value, {
      value: count,
      writable: true,
      enumerable: true,
      configurable: true,
    });
}

/** Takes the (capacity + 1)-th largest count off all and drops what is left with nothing. */
function trim(sketch: HeavyHitters): void {
  const counts = Object.values(sketch.counts).sort((a, b) => b - a);
  const cut = counts[sketch.capacity];
  if (cut === undefined) return;
  sketch.slack += cut;
  for (const value of Object.keys(sketch.counts)) {
    sketch.counts[value] -= cut;
    if (sketch.counts[value] <= 0) delete sketch.counts[value];
  }
}
