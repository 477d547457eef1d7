import type { Matrix } from '../../prepare/matrix.ts';
import type { Players } from './explained-trees.ts';

export type LinearScore = {
  intercept: number;
  /** One per column. */
  coefficients: ArrayLike<number>;
};

/**
 * Meaning: how much each player moved a linear score from its mean over the background. Definition:
 * Shapley values of the interventional game, which for independent columns are w_j (x_j - mean_j)
 * (Lundberg and Lee 2017, corollary 1), summed over a player's columns; exact. Reference: shap's
 * LinearExplainer(feature_perturbation='interventional').
 * @param background at least one row
 * @returns contributions row-major [rows, players]
 */
export function linearShap(
  { intercept, coefficients }: LinearScore,
  { rows, background, players }: { rows: Matrix; background: Matrix; players: Players },
): { base: number; contributions: Float64Array } {
  const width = rows.names.length;
  const means = new Float64Array(width);
  for (let at = 0; at < background.data.length; at++)
    means[at % width] += background.data[at] / background.rows;
  const contributions = new Float64Array(rows.rows * players.count);
  for (let row = 0; row < rows.rows; row++)
    for (let j = 0; j < width; j++)
      contributions[row * players.count + players.ofColumn[j]] +=
        coefficients[j] * (rows.data[row * width + j] - means[j]);
  const base = means.reduce((sum, mean, j) => sum + coefficients[j] * mean, intercept);
  return { base, contributions };
}
