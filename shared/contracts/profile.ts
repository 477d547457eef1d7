import * as v from 'valibot';

const count = v.pipe(v.number(), v.minValue(0));

/**
 * Summary of a number column. `counts[i]` holds edges[i-1] < x <= edges[i]; the first bin is open
 * below, the last above, so counts has one entry more than edges. Sums are over non-missing values x, of
 * x - origin and its square: far from zero, sums of x itself would lose what the values differ by.
 */
export const numberProfile = v.object({
  type: v.literal('number'),
  edges: v.array(v.number()),
  counts: v.array(count),
  missing: count,
  sum: v.number(),
  sumSquares: v.number(),
  /** 0 where left out, as in profiles of before there was one. */
  origin: v.optional(v.number()),
});

/** Summary of a category column: counts follow `categories`, the last one is every other value. */
export const categoryProfile = v.object({
  type: v.literal('category'),
  categories: v.array(v.string()),
  counts: v.array(count),
  missing: count,
});

export const columnProfile = v.variant('type', [numberProfile, categoryProfile]);

/** The profile a version was trained on: it fixes the bins in which that version's traffic is counted. */
export const referenceProfile = v.object({
  schemaVersion: v.literal(1),
  rows: count,
  inputs: v.record(v.string(), columnProfile),
  /** Distribution of the model's own out-of-fold predictions. */
  prediction: numberProfile,
  target: numberProfile,
});

export type NumberProfile = v.InferOutput<typeof numberProfile>;
export type CategoryProfile = v.InferOutput<typeof categoryProfile>;
export type ColumnProfile = v.InferOutput<typeof columnProfile>;
export type ReferenceProfile = v.InferOutput<typeof referenceProfile>;

/** The bins without the counts. */
export type Bins =
  | { type: 'number'; edges: readonly number[] }
  | { type: 'category'; categories: readonly string[] };

/** Sums of what outcomes said of predictions; error = outcome - prediction, target units. */
export type ErrorSums = {
  n: number;
  sumError: number;
  sumAbsolute: number;
  /** Sum of squared errors; also the second moment of the absolute error. */
  sumSquares: number;
  /** Sum of fourth powers of errors: the second moment of the squared error, for gates on RMSE. */
  sumFourth: number;
  sumTarget: number;
  sumTargetSquares: number;
};

/** Sums of a quantity over what was counted. */
export type Sums = { n: number; sum: number; sumSquares: number };

/**
 * What outcomes said of a classifier's probabilities: every figure of it follows from these (confusion at any
 * threshold of whole hundredths, calibration, ROC). Bin i holds i <= 100 p < i + 1, the last also p = 1.
 */
export type ScoreCounts = {
  /** Outcomes of the positive class, by the probability that was given to it. [SCORE_BINS] */
  positive: number[];
  negative: number[];
  /** Sum of the probabilities, by tenth: what the calibration error is exact by. [10] */
  told: number[];
  /** -ln of the probability that was given to what happened, probabilities kept within 1e-15 of 0 and 1. */
  logLoss: Sums;
};

export const SCORE_BINS = 100;

/** How far a shadow's answers were from the champion's to the same rows, target units. */
export type Agreement = {
  n: number;
  /** Of n: differed by no more than the tolerance in force. */
  agreeing: number;
  /** challenger - champion. */
  sumDifference: number;
  sumSquares: number;
  /** Absolute differences, in the fixed bins DIFFERENCE_EDGES. */
  absolute: NumberProfile;
};

/**
 * The mergeable summary of a window of traffic credited to one version (or none): everything
 * judging reads. Merging is exactly associative and commutative on counts, and to rounding on sums.
 */
export type Profile = {
  predictions: { model: number; fallback: number };
  /** Fallback answers by reason. */
  reasons: Record<string, number>;
  incidents: Record<string, number>;
  exposures: number;
  /** Values beyond their range or unknown categories. */
  warnings: number;
  /** Milliseconds of model answers, in the fixed bins LATENCY_EDGES_MS. */
  latencyMs: NumberProfile;
  /** Raw features of predictions, in the bins of that version's reference; empty when none is known. */
  inputs: Record<string, ColumnProfile>;
  /** Model answers, in the reference's bins; null when no reference is known. */
  prediction: NumberProfile | null;
  /** Of a classifier the error is outcome (0 or 1) - probability, so that the mean square is the Brier score. */
  outcomes: { model: ErrorSums; fallback: ErrorSums };
  /** Model outcomes of a classifier; null of a regression. */
  scores: ScoreCounts | null;
  /** Model outcomes whose answer came with an interval, and those that fell outside it. */
  intervals: { n: number; missed: number };
  /** `latencyMs` by the backend that ran the model; only backends that were seen. */
  backends: Record<string, NumberProfile>;
  /** Model outcomes by value of the declared sensitive input; only values that were seen. */
  groups: Record<string, ErrorSums>;
  /** What the application counted, by declared business metric. */
  business: Record<string, Sums>;
  /** Of a challenger in the shadow; null of what was given to users. */
  agreement: Agreement | null;
};

/** Bin edges for latency: about 19 % apart from 0.01 ms to 100 s, so a percentile is within 10 %. */
export const LATENCY_EDGES_MS: readonly number[] = Array.from(
  { length: 93 },
  (_, i) => 0.01 * 2 ** (i / 4),
);

/** Bin edges of absolute differences: a factor of 1.41 apart from 0.001 to about a million. */
export const DIFFERENCE_EDGES: readonly number[] = Array.from(
  { length: 61 },
  (_, i) => 0.001 * 2 ** (i / 2),
);
