import { ok, type Result } from '../../core/result.ts';
import { conformalQuantile, type TooLittleData } from './conformal-quantile.ts';

/**
 * What to add to predictions so that a new outcome lies between with a chance of at least `level`.
 * `split`: prediction -+ radius x difficulty of the row. `quantiles`: from the lower less the margin
 * to the upper plus the margin of two predicted quantiles; a margin below 0 narrows them.
 */
export type RegressionInterval =
  | { type: 'split'; level: number; radius: number; rows: number }
  | { type: 'quantiles'; level: number; margin: number; rows: number };

/** Bounds by row, in target units. */
export type Bounds = { lower: Float64Array; upper: Float64Array };

/**
 * Split-conformal interval from the absolute errors of held-out rows.
 * @param difficulty above 0 by row: errors are judged, and intervals widened, in its proportion;
 * default 1 everywhere, one width for all
 * Source: Lei, G'Sell, Rinaldo, Tibshirani, Wasserman 2018 (locally weighted: its section 5.2).
 */
export function fitSplitInterval(
  {
    truth,
    prediction,
    difficulty,
  }: { truth: ArrayLike<number>; prediction: ArrayLike<number>; difficulty?: ArrayLike<number> },
  level: number,
): Result<RegressionInterval, TooLittleData> {
  const scores = Float64Array.from(
    truth,
    (value, row) => Math.abs(value - prediction[row]) / (difficulty?.[row] ?? 1),
  );
  const radius = conformalQuantile(scores, level);
  return radius.ok
    ? ok({ type: 'split', level, radius: radius.value, rows: scores.length })
    : radius;
}

/**
 * Conformalised quantile regression: two predicted quantiles, corrected on held-out rows so that
 * they cover as often as they say, wide where the outcome varies.
 * Source: Romano, Patterson, Candès 2019, algorithm 1.
 */
export function fitQuantileInterval(
  { truth, lower, upper }: { truth: ArrayLike<number> } & BoundsLike,
  level: number,
): Result<RegressionInterval, TooLittleData> {
  const scores = Float64Array.from(truth, (value, row) =>
    Math.max(lower[row] - value, value - upper[row]),
  );
  const margin = conformalQuantile(scores, level);
  return margin.ok
    ? ok({ type: 'quantiles', level, margin: margin.value, rows: scores.length })
    : margin;
}

type BoundsLike = { lower: ArrayLike<number>; upper: ArrayLike<number> };

/** Bounds around predictions, by a `split` interval. */
export function boundsAround(
  { radius }: Extract<RegressionInterval, { type: 'split' }>,
  { prediction, difficulty }: { prediction: ArrayLike<number>; difficulty?: ArrayLike<number> },
): Bounds {
  const width = (row: number): number => radius * (difficulty?.[row] ?? 1);
  return {
    lower: Float64Array.from(prediction, (value, row) => value - width(row)),
    upper: Float64Array.from(prediction, (value, row) => value + width(row)),
  };
}

/** Two predicted quantiles, corrected. Where the correction would cross them, both are their middle. */
export function boundsFrom(
  { margin }: Extract<RegressionInterval, { type: 'quantiles' }>,
  { lower, upper }: BoundsLike,
): Bounds {
  const from = (row: number): number => lower[row] - margin;
  const to = (row: number): number => upper[row] + margin;
  const middle = (row: number): number => (from(row) + to(row)) / 2;
  return {
    lower: Float64Array.from(lower, (_, row) => Math.min(from(row), middle(row))),
    upper: Float64Array.from(upper, (_, row) => Math.max(to(row), middle(row))),
  };
}

/** How often outcomes lie between the bounds, and how wide those are on average; null without rows. */
export function intervalQuality(
  truth: ArrayLike<number>,
  { lower, upper }: Bounds,
): { coverage: number; meanWidth: number } | null {
  let covered = 0;
  let width = 0;
  for (let row = 0; row < truth.length; row++) {
    if (truth[row] >= lower[row] && truth[row] <= upper[row]) covered++;
    width += upper[row] - lower[row];
  }
  return truth.length === 0
    ? null
    : { coverage: covered / truth.length, meanWidth: width / truth.length };
}
