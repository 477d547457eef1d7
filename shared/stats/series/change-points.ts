/**
 * Where the mean of a series of roughly constant spread changes: the indices at which a new level begins.
 *
 * Definition: the segmentation with the least sum of squared deviations from segment means, in units of the noise's
 * variance, plus `penalty` a change; noise from the median absolute difference of neighbours, so level shifts do
 * not enter it. The default penalty, 3 log n, finds none in nearly all series without a change.
 * @param values finite; a constant series has no change
 * @param options.minLength shortest segment
 * Cost: O(n) to O(n^2), less the more changes there are. Source: Killick, Fearnhead and Eckley, Optimal detection of
 * changepoints with a linear computational cost (2012), PELT.
 */
export function changePoints(
  values: readonly number[],
  options: { penalty?: number; minLength?: number } = {},
): number[] {
  const n = values.length;
  const { penalty = 3 * Math.log(Math.max(2, n)), minLength = 2 } = options;
  const noise = noiseVariance(values);
  if (n < 2 * minLength || noise === 0) return [];
  const cost = segmentCost(values, noise);
  const best = new Float64Array(n + 1).fill(Infinity);
  const previous = new Int32Array(n + 1);
  best[0] = -penalty;
  let candidates = [0];
  for (let end = minLength; end <= n; end++) {
    for (const start of candidates) {
      const total = best[start] + cost(start, end) + penalty;
      if (total < best[end]) {
        best[end] = total;
        previous[end] = start;
      }
    }
    candidates = candidates.filter((start) => best[start] + cost(start, end) <= best[end]);
    const next = end + 1 - minLength;
    if (next >= minLength) candidates.push(next);
  }
  return unwind(previous, n);
}

function segmentCost(
  values: readonly number[],
  noise: number,
): (from: number, to: number) => number {
  const sums = new Float64Array(values.length + 1);
  const squares = new Float64Array(values.length + 1);
  const origin = values[0];
  values.forEach((value, i) => {
    sums[i + 1] = sums[i] + (value - origin);
    squares[i + 1] = squares[i] + (value - origin) ** 2;
  });
  return (from, to) => {
    const sum = sums[to] - sums[from];
    return Math.max(0, squares[to] - squares[from] - (sum * sum) / (to - from)) / noise;
  };
}

/** Variance of the noise from neighbours' differences; 0.6745 sqrt 2 is their median for a unit normal. */
function noiseVariance(values: readonly number[]): number {
  const differences = values.slice(1).map((value, i) => Math.abs(value - values[i]));
  if (differences.length === 0) return 0;
  const sorted = differences.sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle > 0) return (middle / (0.6745 * Math.SQRT2)) ** 2;
  const squares = sorted.reduce((sum, value) => sum + value * value, 0);
  return squares / (2 * sorted.length);
}

function unwind(previous: Int32Array, n: number): number[] {
  const changes: number[] = [];
  for (let at = previous[n]; at > 0; at = previous[at]) changes.push(at);
  return changes.reverse();
}

/** State of a two-sided CUSUM. Plain JSON. */
export type Cusum = { high: number; low: number };

export const createCusum = (): Cusum => ({ high: 0, low: 0 });

/**
 * Adds one standardised deviation (value - target) / spread, in place. Says in which direction the mean has left the
 * target; starts anew when it does.
 * @param options.slack half the shift, in deviations, that should be found; threshold 5 with slack 0.5 alarms about
 * once in 465 values without a change. Source: Page (1954); Montgomery, Statistical Quality Control, table 9.3.
 */
export function addToCusum(
  state: Cusum,
  deviation: number,
  { slack = 0.5, threshold = 5 }: { slack?: number; threshold?: number } = {},
): 'above' | 'below' | null {
  state.high = Math.max(0, state.high + deviation - slack);
  state.low = Math.max(0, state.low - deviation - slack);
  const signal = state.high > threshold ? 'above' : state.low > threshold ? 'below' : null;
  if (signal) Object.assign(state, createCusum());
  return signal;
}
