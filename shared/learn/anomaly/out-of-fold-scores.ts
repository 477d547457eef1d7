import { shuffle } from '../../core/rng.ts';
import { takeMatrixRows } from '../../prepare/matrix.ts';
import type { Algorithm, FitOptions, LearningData } from '../algorithm.ts';
import { type FittedEstimator, scoreRows } from '../fitted-estimator.ts';
import type { Parameters } from '../search/space.ts';
import { toRankScale } from './rank-scale.ts';

export type FoldedScores = {
  algorithm: Pick<Algorithm, 'fit'>;
  parameters: Parameters;
  folds: number;
  /**
   * An estimator of all rows, to whose scale those of the folds are brought: they may lie far apart.
   * Absent: they stay as they are.
   */
  scale?: FittedEstimator;
};

/**
 * How strange each row looks to estimators that have not seen it (cross-conformal, Vovk 2015). A
 * row's score from an estimator trained on it is too low: it is its own neighbour and fills its own
 * bin. Each of the `folds` parts is scored by an estimator of the others. Cost: `folds` fits.
 * @returns by row; at least 2 rows are needed, fewer than `folds` are folds of one row
 */
export function outOfFoldScores(
  data: LearningData,
  { algorithm, parameters, folds, scale }: FoldedScores,
  options: FitOptions,
): Float32Array {
  const { matrix, target, weights } = data;
  const order = shuffle(
    Int32Array.from({ length: matrix.rows }, (_, row) => row),
    options.rng,
  );
  const scores = new Float32Array(matrix.rows);
  for (let fold = 0; fold < Math.min(folds, matrix.rows); fold++) {
    const kept = order.filter((_, i) => i % folds !== fold);
    const left = order.filter((_, i) => i % folds === fold);
    const part = {
      ...data,
      matrix: takeMatrixRows(matrix, kept),
      target: target.length > 0 ? Float64Array.from(kept, (row) => target[row]) : target,
      weights: weights === null ? null : Float64Array.from(kept, (row) => weights[row]),
    };
    const fitted = algorithm.fit(part, parameters, options);
    const own = scoreRows(fitted, takeMatrixRows(matrix, left));
    const found = scale
      ? toRankScale(own, scoreRows(fitted, part.matrix), scoreRows(scale, part.matrix))
      : own;
    left.forEach((row, i) => {
      scores[row] = found[i];
    });
  }
  return scores;
}
