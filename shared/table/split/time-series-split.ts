import { fail, ok, type Result } from '../../core/result.ts';
import type { Split, SplitError } from './split.ts';
import { oldestFirst } from './train-test-split.ts';

export type TimeSeriesOptions = {
  nSplits: number;
  /** Rows of each test part; default: rows / (nSplits + 1), whole. */
  testRows?: number;
  /** Rows between training and test that are in neither; default 0. */
  gapRows?: number;
  /** The training part's newest rows, at most; default: all. */
  mostTrainingRows?: number;
};

/**
 * Splits whose test parts follow each other in time and whose training parts are what came before:
 * a model is never judged on rows older than those it learnt from.
 * @param order time of each row; ties stay in file order
 * Cost: one sort. Reference: scikit-learn 1.2 TimeSeriesSplit.
 */
export function timeSeriesSplit(
  order: ArrayLike<number>,
  options: TimeSeriesOptions,
): Result<Split[], SplitError> {
  const { nSplits, gapRows = 0, mostTrainingRows = Number.POSITIVE_INFINITY } = options;
  const rows = order.length;
  const testRows = options.testRows ?? Math.floor(rows / (nSplits + 1));
  const needed = Math.max(nSplits + 1, nSplits * testRows + gapRows + 1);
  if (rows < needed || testRows < 1)
    return fail({ reason: 'too_few', of: 'rows', found: rows, needed });
  const byTime = oldestFirst(order);
  return ok(
    Array.from({ length: nSplits }, (_, split) => {
      const from = rows - (nSplits - split) * testRows;
      const until = from - gapRows;
      return {
        training: byTime.slice(Math.max(0, until - mostTrainingRows), until).sort(),
        test: byTime.slice(from, from + testRows).sort(),
      };
    }),
  );
}
