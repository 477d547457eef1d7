import { log } from '../../core/portable-math.ts';

/** Keeps the logarithm finite, as scikit-learn does for float64. */
const LEAST_PROBABILITY = 2 ** -52;

/** Bins of equal width by which calibration is judged. */
const BINS = 10;

/** -ln of the probability that was given to what happened. */
export const logLossOf = (given: number): number =>
  -log(Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, given)));

/** Rows of one bin of probabilities: what was said and what was. */
export type ReliabilityBin = { rows: number; meanProbability: number; shareRight: number };

/**
 * Ten bins of equal width over [0, 1]; those without rows are left out. They are the points of a
 * reliability diagram.
 * @param happened 1 where what the probability was said of happened, else 0
 */
export function reliabilityBins(
  probabilities: ArrayLike<number>,
  happened: ArrayLike<number>,
): ReliabilityBin[] {
  const rows = new Float64Array(BINS);
  const said = new Float64Array(BINS);
  const was = new Float64Array(BINS);
  for (let row = 0; row < probabilities.length; row++) {
    const bin = Math.min(BINS - 1, Math.floor(probabilities[row] * BINS));
    rows[bin]++;
    said[bin] += probabilities[row];
    was[bin] += happened[row];
  }
  return Array.from(rows, (n, bin) => ({
    rows: n,
    meanProbability: said[bin] / n,
    shareRight: was[bin] / n,
  })).filter((bin) => bin.rows > 0);
}

/**
 * Expected calibration error: the mean over the bins, by their rows, of the distance between mean
 * probability and share of what happened. In [0, 1]; null without rows.
 * Source: Naeini, Cooper, Hauskrecht 2015.
 */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number | null {
  let rows = 0;
  let gaps = 0;
  for (const bin of bins) {
    rows += bin.rows;
    gaps += bin.rows * Math.abs(bin.meanProbability - bin.shareRight);
  }
  return rows === 0 ? null : gaps / rows;
}
