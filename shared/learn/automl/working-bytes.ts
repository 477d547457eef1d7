type WorkingBytes = {
  fixed: number;
  perColumn: number;
  perRow: number;
  perCell: number;
};

const KB = 2 ** 10;
const MB = 2 ** 20;

/** Most algorithms: the prepared matrix, a copy or two, and what V8 compiles. */
const USUAL: WorkingBytes = { fixed: 3 * MB, perColumn: 0, perRow: 0, perCell: 32 };

/**
 * What was measured to take more than usual: the most that a thread held above its idle state during
 * a fit by the defaults, tables of 2,000 x 10, 8,000 x 10 and 2,000 x 40 numbers, the worst of a
 * regression and two classes (Node 24.21, `node test/bench/learn/automl-working-bytes.ts`).
 */
const MEASURED: Readonly<Record<string, Partial<WorkingBytes>>> = {
  'random-forest': { perRow: 7.5 * KB },
  'extra-trees': { perRow: 13 * KB },
  'kernel-svr': { perRow: 9 * KB },
  'kernel-svc': { perRow: 16.5 * KB },
  'quantile-regression': { perRow: 0.9 * KB },
  'kernel-ridge': { fixed: 10 * MB },
  'gaussian-process': { fixed: 45 * MB },
  'multilayer-perceptron': { fixed: 26 * MB },
  'theil-sen': { fixed: 4 * MB, perColumn: 0.5 * MB },
  'explainable-boosting': { perColumn: 0.8 * MB },
};

/** Other parameters than the defaults, other tables, and folds that are predicted beside a fit. */
const CAUTION = 1.5;

/**
 * Rows that a fit of the algorithm may have to stay within some bytes.
 * @param width columns of the prepared matrix
 */
export function rowsWithin(
  bytes: number,
  { algorithm, width }: { algorithm: string; width: number },
): number {
  const { fixed, perColumn, perRow, perCell } = { ...USUAL, ...MEASURED[algorithm] };
  const left = bytes / CAUTION - fixed - perColumn * width;
  return Math.max(0, Math.floor(left / (perRow + perCell * width)));
}
