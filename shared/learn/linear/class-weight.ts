import type { LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';

/** What every classifier that takes class weights offers, beside its own parameters. */
export const CLASS_WEIGHT_DEFAULT = { classWeight: 'none' } as const;
export const CLASS_WEIGHT_SPACE = {
  classWeight: { type: 'categorical', choices: ['none', 'balanced'] },
} as const;

/**
 * Row weights times class weights. 'balanced' (scikit-learn 1.2's): total weight / (classes x weight of
 * the class), so that every class weighs the same; a class without rows is left out of the count.
 * @returns null where all are 1
 */
export function balancedWeights(
  { matrix, target, weights, classes }: LearningData,
  { classWeight }: Parameters,
): Float64Array | null {
  if (classWeight !== 'balanced') return weights;
  const sums = new Float64Array(classes);
  for (let row = 0; row < matrix.rows; row++)
    sums[target[row]] += weights === null ? 1 : weights[row];
  const present = sums.reduce((count, sum) => count + (sum > 0 ? 1 : 0), 0);
  const total = sums.reduce((all, sum) => all + sum, 0);
  const factors = sums.map((sum) => (sum > 0 ? total / (present * sum) : 0));
  return Float64Array.from(
    { length: matrix.rows },
    (_, row) => (weights === null ? 1 : weights[row]) * factors[target[row]],
  );
}
