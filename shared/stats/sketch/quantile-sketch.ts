/** Items of the topmost level and of the buffer below all; rank error about 1.33 % at 200 with probability 0.99. */
const K = 200;
const MIN_CAPACITY = 8;
/** Each level below the top holds this share of the one above. */
const SHRINK = 2 / 3;

/**
 * Quantiles of a stream of numbers in about 800 numbers of memory, whatever its length (KLL).
 * Level i holds values that each stand for 2^i of the stream.
 */
export type QuantileSketch = {
  n: number;
  min: number;
  max: number;
  levels: Float64Array[];
  sizes: number[];
  /** State of the coin by which every other value is kept; part of the sketch, so a replay gives the same. */
  coin: number;
};

export function createQuantileSketch(seed = 1): QuantileSketch {
  return {
    n: 0,
    min: Infinity,
    max: -Infinity,
    levels: [new Float64Array(K)],
    sizes: [0],
    coin: seed >>> 0 || 1,
  };
}

/** Adds a value in place; NaN and infinities are ignored. Amortised cost: O(log K). */
export function addQuantile(sketch: QuantileSketch, value: number): void {
  if (!Number.isFinite(value)) return;
  const level = sketch.levels[0];
  if (sketch.sizes[0] === level.length) compact(sketch);
  sketch.levels[0][sketch.sizes[0]++] = value;
  sketch.n++;
  if (value < sketch.min) sketch.min = value;
  if (value > sketch.max) sketch.max = value;
}

/**
 * Adds `from` to `into` in place. Ranks stay within the error bound whatever the order of merging; the sketches of
 * two orders are not the same bytes.
 */
export function mergeQuantileSketch(into: QuantileSketch, from: QuantileSketch): void {
  while (into.levels.length < from.levels.length) addLevel(into);
  from.levels.forEach((values, level) => {
    const incoming = values.subarray(0, from.sizes[level]);
    const size = into.sizes[level];
    if (size + incoming.length > into.levels[level].length)
      into.levels[level] = grown(into.levels[level], size + incoming.length);
    into.levels[level].set(incoming, size);
    into.sizes[level] = size + incoming.length;
  });
  into.n += from.n;
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
  compact(into);
}

/**
 * The q-th quantile, its rank within 1.4 % of q n (probability 0.99); exact at 0 and 1 and while nothing was
 * thrown away. Null when nothing was added.
 * Source: Karnin, Lang and Liberty, Optimal quantile approximation in streams (2016).
 */
export function quantileOfSketch(sketch: QuantileSketch, q: number): number | null {
  if (sketch.n === 0) return null;
  if (q <= 0) return sketch.min;
  if (q >= 1) return sketch.max;
  const items = weighted(sketch);
  const target = q * sketch.n;
  let below = 0;
  for (const { value, weight } of items) {
    below += weight;
    if (below >= target) return value;
  }
  return sketch.max;
}

/** Share of the stream at or below x, within the same error. Null when nothing was added. */
export function shareBelow(sketch: QuantileSketch, x: number): number | null {
  if (sketch.n === 0) return null;
  let below = 0;
  sketch.levels.forEach((values, level) => {
    for (let i = 0; i < sketch.sizes[level]; i++) if (values[i] <= x) below += 2 ** level;
  });
  return below / sketch.n;
}

function weighted(sketch: QuantileSketch): { value: number; weight: number }[] {
  const items = sketch.levels.flatMap((values, level) =>
    Array.from(values.subarray(0, sketch.sizes[level]), (value) => ({ value, weight: 2 ** level })),
  );
  return items.sort((a, b) => a.value - b.value);
}

/** The lowest level is a buffer of K, so that sorting is done in large pieces; those above shrink downwards. */
function capacityOf({ levels }: QuantileSketch, level: number): number {
  if (level === 0) return K;
  return Math.max(MIN_CAPACITY, Math.ceil(K * SHRINK ** (levels.length - 1 - level)));
}

function addLevel(sketch: QuantileSketch): void {
  sketch.levels.push(new Float64Array(K));
  sketch.sizes.push(0);
}

/** Halves every level that is full, from the lowest up. */
function compact(sketch: QuantileSketch): void {
  for (let level = 0; level < sketch.levels.length; level++)
    if (sketch.sizes[level] >= capacityOf(sketch, level)) halve(sketch, level);
}

/** Sorts a level and moves every other value up; which of the two, by a coin. */
function halve(sketch: QuantileSketch, level: number): void {
  if (level === sketch.levels.length - 1) addLevel(sketch);
  const size = sketch.sizes[level];
  const values = sketch.levels[level].subarray(0, size).sort();
  const isOdd = size % 2;
  const above = level + 1;
  const room = sketch.sizes[above] + (size - isOdd) / 2;
  if (room > sketch.levels[above].length) sketch.levels[above] = grown(sketch.levels[above], room);
  const target = sketch.levels[above];
  let at = sketch.sizes[above];
  for (let i = isOdd + flip(sketch); i < size; i += 2) target[at++] = values[i];
  sketch.sizes[above] = at;
  sketch.sizes[level] = isOdd;
}

function grown(values: Float64Array, size: number): Float64Array {
  const larger = new Float64Array(Math.max(size, values.length * 2));
  larger.set(values);
  return larger;
}

/** Next bit of a xorshift32 generator (Marsaglia 2003). */
function flip(sketch: QuantileSketch): number {
  let x = sketch.coin;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  sketch.coin = x >>> 0;
  return (x >>> 16) & 1;
}
