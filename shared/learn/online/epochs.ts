import { type Rng, shuffle } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { Example } from './example.ts';

export type EpochOptions = {
  maxIter: number;
  /** Stops once the mean loss was not this much below the best for `nIterNoChange` passes; 0: never. */
  tol: number;
  nIterNoChange: number;
  /** Whether rows come in a new order each pass. */
  shuffle: boolean;
  rng: Rng;
  isTimeUp?: () => boolean;
};

export type EpochData = { matrix: Matrix; target: Float64Array; weights: Float64Array | null };

/**
 * Passes over the rows, each learnt in turn; rows of weight 0 are left out. Stops as scikit-learn
 * 1.2.1's SGD does.
 * @param learn learns a row and returns its loss before that; the example is the same object each time
 */
export function runEpochs(
  { matrix, target, weights }: EpochData,
  learn: (example: Example) => number,
  options: EpochOptions,
): void {
  const { maxIter, tol, nIterNoChange, rng, isTimeUp } = options;
  const width = matrix.names.length;
  const order = Uint32Array.from({ length: matrix.rows }, (_, row) => row).filter(
    (row) => weights === null || weights[row] > 0,
  );
  const example: Example = { data: matrix.data, at: 0, target: 0, weight: 1 };
  let best = Infinity;
  let stale = 0;
  for (let epoch = 0; epoch < maxIter && !(epoch > 0 && isTimeUp?.()); epoch++) {
    if (options.shuffle) shuffle(order, rng);
    let sum = 0;
    for (let i = 0; i < order.length; i++) {
      const row = order[i];
      example.at = row * width;
      example.target = target[row];
      if (weights !== null) example.weight = weights[row];
      sum += learn(example);
    }
    stale = sum > best - tol * order.length ? stale + 1 : 0;
    best = Math.min(best, sum);
    if (tol > 0 && stale >= nIterNoChange) break;
  }
}
