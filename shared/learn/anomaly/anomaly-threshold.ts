import { exp, log } from '../../core/portable-math.ts';

/** What scores mean, learnt from scores of ordinary rows; small enough to travel with a model. */
export type AnomalyCalibration = {
  /** Scores above it are anomalies. */
  threshold: number;
  /** Share of the given scores above it. */
  flagged: number;
  /** Scores given. */
  n: number;
  /** Their quantiles 0, 1 / (length - 1), .. 1, and within the upper hundredth every score. */
  quantiles: Float32Array;
  upper: Float32Array;
};

export type ThresholdMethod =
  /** The share `contamination` of the scores lies above. */
  | { type: 'contamination'; contamination: number }
  /** `factor` (usual: 3.5) robust standard deviations above the median (Iglewicz and Hoaglin 1993). */
  | { type: 'deviations'; factor: number }
  /** Tukey's fence: `factor` (usual: 1.5) interquartile ranges above the upper quartile. */
  | { type: 'fence'; factor: number }
  /**
   * Where a score is likelier of the higher of two normal distributions that the scores are a mixture
   * of; the greatest score where one distribution fits as well (BIC).
   */
  | { type: 'mixture' };

const QUANTILES = 101;
const UPPER_SHARE = 0.01;

/**
 * Learns a threshold and a scale of confidence. Scores of rows that were trained on make it too
 * strict: @see outOfFoldScores. Cost: n log n.
 * @param scores at least one, finite
 */
export function calibrateAnomalies(
  scores: ArrayLike<number>,
  method: ThresholdMethod,
): AnomalyCalibration {
  const sorted = Float32Array.from(scores).sort();
  const n = sorted.length;
  const threshold = thresholdOf(sorted, method);
  let above = 0;
  while (above < n && sorted[n - 1 - above] > threshold) above++;
  return {
    ...{ threshold, flagged: above / n, n },
    quantiles: Float32Array.from({ length: QUANTILES }, (_, i) =>
      quantileOf(sorted, i / (QUANTILES - 1)),
    ),
    upper: sorted.slice(n - Math.ceil(UPPER_SHARE * n)),
  };
}

/**
 * Chance of a score at least as high from an ordinary row: (1 + scores at least as high) / (n + 1),
 * a conformal p value (Bates, Candes, Lei, Romano and Sesia 2023); interpolated below the upper
 * hundredth, never below 1 / (n + 1). Confidence that a row is strange is 1 less this.
 */
export function anomalyPValue({ n, quantiles, upper }: AnomalyCalibration, score: number): number {
  if (score >= upper[0]) {
    let above = 0;
    while (above < upper.length && upper[upper.length - 1 - above] >= score) above++;
    return (1 + above) / (n + 1);
  }
  let at = 0;
  while (at < quantiles.length - 1 && quantiles[at + 1] <= score) at++;
  const [low, high] = [quantiles[at], quantiles[Math.min(at + 1, quantiles.length - 1)]];
  const within = score <= low || high <= low ? 0 : (score - low) / (high - low);
  const atLeast = n * (1 - Math.min(1, (at + within) / (quantiles.length - 1)));
  return Math.max(1 + upper.length, 1 + atLeast) / (n + 1);
}

/** Linear interpolation (R type 7). */
function quantileOf(sorted: Float32Array, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Standard deviations of a normal distribution per median absolute deviation. */
const DEVIATIONS_PER_MAD = 1.4826;

function thresholdOf(sorted: Float32Array, method: ThresholdMethod): number {
  switch (method.type) {
    case 'contamination':
      return quantileOf(sorted, 1 - method.contamination);
    case 'deviations': {
      const median = quantileOf(sorted, 0.5);
      const deviations = sorted.map((score) => Math.abs(score - median)).sort();
      return median + method.factor * DEVIATIONS_PER_MAD * quantileOf(deviations, 0.5);
    }
    case 'fence': {
      const upper = quantileOf(sorted, 0.75);
      return upper + method.factor * (upper - quantileOf(sorted, 0.25));
    }
    case 'mixture':
      return mixtureThreshold(thinned(sorted));
  }
}

/** As many quantiles as tell two distributions apart. */
const MOST_SCORES = 2000;

const thinned = (sorted: Float32Array): Float32Array =>
  sorted.length <= MOST_SCORES
    ? sorted
    : Float32Array.from({ length: MOST_SCORES }, (_, i) =>
        quantileOf(sorted, i / (MOST_SCORES - 1)),
      );

type Half = { share: number; mean: number; variance: number };

const ROUNDS = 100;

/** Two normal distributions by expectation maximisation, the lower one the greater in the end. */
function mixtureThreshold(sorted: Float32Array): number {
  const n = sorted.length;
  const all = momentsOf(sorted, () => 1);
  const most = sorted[n - 1];
  if (!(all.variance > 0) || n < 8) return most;
  const start = quantileOf(sorted, 0.9);
  // A half narrower than this is a spike on one score.
  const least = 1e-4 * all.variance;
  let low = momentsOf(sorted, (score) => (score <= start ? 1 : 0));
  let high = momentsOf(sorted, (score) => (score <= start ? 0 : 1));
  for (let round = 0; round < ROUNDS && low.share > 0 && high.share > 0; round++) {
    const halves = [low, high].map((half) => ({
      ...half,
      variance: Math.max(half.variance, least),
    }));
    const ofHigh = (score: number) =>
      1 / (1 + exp(logDensity(halves[0], score) - logDensity(halves[1], score)));
    low = momentsOf(sorted, (score) => 1 - ofHigh(score));
    high = momentsOf(sorted, ofHigh);
  }
  if (!(high.share > 0 && low.share > 0 && high.mean > low.mean)) return most;
  low.variance = Math.max(low.variance, least);
  high.variance = Math.max(high.variance, least);
  // Three more parameters have to pay for themselves (Schwarz 1978).
  let gain = 0;
  for (const score of sorted) {
    const [a, b] = [logDensity(low, score), logDensity(high, score)];
    const greater = Math.max(a, b);
    gain += greater + log(exp(a - greater) + exp(b - greater)) - logDensity(all, score);
  }
  if (gain <= 1.5 * log(n)) return most;
  let at = n - 1;
  while (at > 0 && logDensity(high, sorted[at]) > logDensity(low, sorted[at])) at--;
  return sorted[at];
}

function momentsOf(scores: Float32Array, weightOf: (score: number) => number): Half {
  let total = 0;
  let mean = 0;
  let squares = 0;
  for (const score of scores) {
    const weight = weightOf(score);
    if (weight === 0) continue;
    total += weight;
    const delta = score - mean;
    mean += (weight / total) * delta;
    squares += weight * delta * (score - mean);
  }
  return { share: total / scores.length, mean, variance: total > 0 ? squares / total : 0 };
}

/** Log of the share times the density, but for a constant. */
const logDensity = ({ share, mean, variance }: Half, score: number): number =>
  log(share) - ((score - mean) * (score - mean)) / (2 * variance) - log(variance) / 2;
