import { exp, log } from '../../core/portable-math.ts';

/** How an error counts, as a share of the greatest one. */
export type ErrorLoss = 'linear' | 'square' | 'exponential';

export type Reweighed = {
  /** Mean loss in [0, 1], by weight. */
  loss: number;
  /** learningRate x log((1 - loss) / loss); 0 or less for a tree that is no better than chance. */
  worth: number;
  /** Of the rows for the next tree, summing to 1; the same where this tree makes no error. */
  weights: Float64Array;
};

const LOSSES: Record<ErrorLoss, (share: number) => number> = {
  linear: (share) => share,
  square: (share) => share * share,
  exponential: (share) => 1 - exp(-share),
};

/**
 * What a regressor's errors make of the rows' weights and of its own worth: AdaBoost.R2, Drucker
 * 1997, steps 3 to 7; with a learning rate as scikit-learn 1.2's AdaBoostRegressor. Rows of weight 0
 * keep it, and their errors are not looked at.
 * @param errors absolute, by row
 * @param weights by row, summing to 1
 */
export function reweighErrors(
  errors: Float64Array,
  weights: Float64Array,
  { loss, learningRate }: { loss: ErrorLoss; learningRate: number },
): Reweighed {
  let greatest = 0;
  errors.forEach((error, row) => {
    if (weights[row] > 0) greatest = Math.max(greatest, error);
  });
  const lossOf = LOSSES[loss];
  const losses = errors.map((error, row) =>
    weights[row] > 0 && greatest > 0 ? lossOf(error / greatest) : 0,
  );
  const mean = losses.reduce((sum, each, row) => sum + weights[row] * each, 0);
  if (mean <= 0) return { loss: 0, worth: 1, weights };
  const logBeta = log(mean / (1 - mean));
  const raised = weights.map(
    (weight, row) => weight * exp(logBeta * (1 - losses[row]) * learningRate),
  );
  const total = raised.reduce((sum, weight) => sum + weight, 0);
  return {
    loss: mean,
    worth: -learningRate * logBeta,
    weights: raised.map((weight) => weight / total),
  };
}
