import { quantileOfSorted } from '../moments.ts';
import { type LoessOptions, loessAt, type WeightedSeries } from './loess.ts';

/** value = trend + seasonal + remainder, at each point. */
export type Decomposition = {
  period: number;
  trend: Float64Array;
  seasonal: Float64Array;
  /** NaN where the value is missing. */
  remainder: Float64Array;
  /** 1 where a point is like the others, 0 where it is far out or missing. */
  weights: Float64Array;
};

export type DecomposeOptions = {
  /** Points a season: 24 for hours of the day, 168 for hours of the week. */
  period: number;
  /** Odd; how many seasons one season is learned from. The more, the less the season may change. */
  seasonalWindow?: number;
  /** Odd; points one trend value is learned from. */
  trendWindow?: number;
  /** Points far out do not move trend and season. */
  isRobust?: boolean;
  seasonalDegree?: 0 | 1;
};

/** Seasons below which a season cannot be told from the trend. */
const MIN_SEASONS = 2;

/**
 * Splits an evenly spaced series into trend, season and remainder by local regression (STL). A season may change
 * slowly; points that are far out, by the median of the remainders, count less or not at all.
 *
 * Definition: inner loops 5 (2 where robust), outer 15 where robust, all jumps 1; trend window the first odd number
 * from 1.5 period / (1 - 1.5 / seasonalWindow).
 * @param values NaN where missing
 * @returns null for a period below 2, or fewer than two seasons of values that are not missing
 * Cost: O(n (seasonalWindow + trendWindow + period)) a loop. Source: Cleveland, Cleveland, McRae and Terpenning, STL: a
 * seasonal-trend decomposition procedure based on loess (1990). Reference: statsmodels 0.13.5 STL (missing values are
 * refused there).
 */
export function decompose(
  values: ArrayLike<number>,
  options: DecomposeOptions,
): Decomposition | null {
  const { period, isRobust = true } = options;
  const known = Float64Array.from(values, (value) => (Number.isFinite(value) ? 1 : 0));
  const count = known.reduce((sum, weight) => sum + weight, 0);
  if (!(period >= 2) || count < MIN_SEASONS * period) return null;
  const plan = planOf(options);
  const filled = Float64Array.from(values, (value) => (Number.isFinite(value) ? value : 0));
  const trend = new Float64Array(filled.length);
  let seasonal: Float64Array = new Float64Array(filled.length);
  let weights: Float64Array = known.slice();
  for (let outer = 0; outer <= (isRobust ? 15 : 0); outer++) {
    for (let inner = 0; inner < (isRobust ? 2 : 5); inner++)
      seasonal = innerLoop(filled, weights, { trend, plan });
    if (isRobust) weights = robustWeights(filled, known, { trend, seasonal });
  }
  const remainder = filled.map((value, i) =>
    known[i] === 1 ? value - trend[i] - seasonal[i] : Number.NaN,
  );
  return { period, trend, seasonal, remainder, weights };
}

type Plan = { period: number; season: LoessOptions; trend: LoessOptions; low: LoessOptions };

function planOf(options: DecomposeOptions): Plan {
  const { period, seasonalWindow = 7, seasonalDegree = 1 } = options;
  const trendWindow = options.trendWindow ?? oddFrom((1.5 * period) / (1 - 1.5 / seasonalWindow));
  return {
    period,
    season: { window: seasonalWindow, degree: seasonalDegree },
    trend: { window: trendWindow, degree: 1 },
    low: { window: oddFrom(period + 1), degree: 1 },
  };
}

const oddFrom = (value: number): number => {
  const whole = Math.ceil(value);
  return whole % 2 === 1 ? whole : whole + 1;
};

/** One pass: the season from what the trend leaves, then the trend from what the season leaves. Trend in place. */
function innerLoop(
  values: Float64Array,
  weights: Float64Array,
  { trend, plan }: { trend: Float64Array; plan: Plan },
): Float64Array {
  const n = values.length;
  const { period } = plan;
  const detrended = values.map((value, i) => value - trend[i]);
  const cycles = smoothCycles({ values: detrended, weights }, plan);
  const once = movingMean(movingMean(movingMean(cycles, period), period), 3);
  const even = new Float64Array(n).fill(1);
  const low = smooth({ values: once, weights: even }, plan.low);
  const seasonal = low.map((value, i) => cycles[i + period] - value);
  const deseasonalised = values.map((value, i) => value - seasonal[i]);
  trend.set(smooth({ values: deseasonalised, weights }, plan.trend));
  return seasonal;
}

/** Each phase of the season smoothed over the seasons, one season further at both ends; shape [n + 2 period]. */
function smoothCycles({ values, weights }: WeightedSeries, { period, season }: Plan): Float64Array {
  const n = values.length;
  const cycles = new Float64Array(n + 2 * period);
  for (let phase = 0; phase < period; phase++) {
    const length = Math.ceil((n - phase) / period);
    const series = { values: new Float64Array(length), weights: new Float64Array(length) };
    for (let k = 0; k < length; k++) {
      series.values[k] = values[phase + k * period];
      series.weights[k] = weights[phase + k * period];
    }
    let last = 0;
    for (let k = -1; k <= length; k++) {
      last = loessAt(series, k, season) ?? last;
      cycles[phase + (k + 1) * period] = last;
    }
  }
  return cycles;
}

/** Loess at every point; where no neighbour has a weight, as at the point before. */
function smooth(series: WeightedSeries, options: LoessOptions): Float64Array {
  let last = 0;
  return Float64Array.from(series.values, (_, i) => {
    last = loessAt(series, i, options) ?? last;
    return last;
  });
}

function movingMean(values: Float64Array, length: number): Float64Array {
  const means = new Float64Array(values.length - length + 1);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i];
    if (i >= length) sum -= values[i - length];
    if (i >= length - 1) means[i - length + 1] = sum / length;
  }
  return means;
}

/** Bisquare of the remainder over six times its median size. */
function robustWeights(
  values: Float64Array,
  known: Float64Array,
  { trend, seasonal }: { trend: Float64Array; seasonal: Float64Array },
): Float64Array {
  const sizes = values.map((value, i) => Math.abs(value - trend[i] - seasonal[i]));
  const ofKnown = sizes.filter((_, i) => known[i] === 1).sort();
  const limit = 6 * quantileOfSorted(ofKnown, 0.5);
  return sizes.map((size, i) => {
    if (known[i] === 0 || size > 0.999 * limit) return known[i] === 1 && size === 0 ? 1 : 0;
    return size <= 0.001 * limit ? 1 : (1 - (size / limit) ** 2) ** 2;
  });
}
