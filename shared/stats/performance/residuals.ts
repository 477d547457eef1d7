import { quantileOfSorted } from '../moments.ts';
import { type Metric, meanMetric } from './metric.ts';

/** Rows of like predictions: what was told, what happened, and how the errors (truth - prediction) lie. */
export type ResidualBin = {
  n: number;
  told: number;
  happened: Metric;
  /** Errors: a tenth of them is below `low`, half below `middle`, nine tenths below `high`. */
  low: number;
  middle: number;
  high: number;
};

/**
 * Errors of a regressor by what it predicted, in bins of equal count; equal predictions stay together.
 * @returns [] without rows
 * Cost: one sort
 */
export function residualBins(
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
  binCount = 10,
): ResidualBin[] {
  const n = truth.length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => prediction[i] - prediction[j],
  );
  const bins: ResidualBin[] = [];
  for (let from = 0; from < n; ) {
    let to = Math.max(from + 1, Math.round(((bins.length + 1) * n) / binCount));
    while (to < n && prediction[order[to]] === prediction[order[to - 1]]) to++;
    bins.push(binOf(order.slice(from, to), truth, prediction));
    from = to;
  }
  return bins;
}

function binOf(
  rows: readonly number[],
  truth: ArrayLike<number>,
  prediction: ArrayLike<number>,
): ResidualBin {
  const happened = meanMetric(
    { name: 'happened', better: 'higher' },
    rows.map((row) => truth[row]),
    0.05,
  );
  if (!happened) throw new Error('Broken invariant: a bin without rows');
  const errors = Float64Array.from(rows, (row) => truth[row] - prediction[row]).sort();
  return {
    n: rows.length,
    told: rows.reduce((sum, row) => sum + prediction[row], 0) / rows.length,
    happened,
    low: quantileOfSorted(errors, 0.1),
    middle: quantileOfSorted(errors, 0.5),
    high: quantileOfSorted(errors, 0.9),
  };
}
