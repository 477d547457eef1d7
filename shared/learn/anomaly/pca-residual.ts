import { symmetricEigen } from '../../stats/linear/symmetric-eigen.ts';
import type { LearningData } from '../algorithm.ts';
import type { CentresEstimator } from '../cluster/centres-estimator.ts';
import { gaussianOf } from '../cluster/gaussian.ts';
import { weightedRowsOf } from '../cluster/weighted-rows.ts';
import type { Parameters } from '../search/space.ts';

/**
 * Squared length of what a row's principal components leave unexplained: the further from the plane
 * that the rows lie on, the stranger (Shyu, Chen, Sarinnapakorn and Chang 2003, the minor components).
 * Kept are the fewest components that hold `nComponents` of the variance, at most all but one.
 * `whiten` divides each component left by its standard deviation. Reference: scikit-learn 1.2 PCA,
 * reconstruction error. Cost: rows x columns^2 + columns^3.
 */
export function fitPcaResidual(data: LearningData, parameters: Parameters): CentresEstimator {
  const rows = weightedRowsOf(data);
  const { columns } = rows;
  const { mean, covariance } = gaussianOf(rows, rows.weights);
  const matrix = Array.from({ length: columns }, (_, i) => [
    ...covariance.subarray(i * columns, (i + 1) * columns),
  ]);
  const { values, vectors } = symmetricEigen(matrix);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  let kept = 0;
  let held = 0;
  while (kept < columns - 1 && held < Number(parameters.nComponents) * total)
    held += Math.max(0, values[kept++]);
  const least = total > 0 ? (1e-6 * total) / columns : 1;
  const left = vectors.slice(kept).map((vector, i) => {
    const factor = parameters.whiten ? 1 / Math.sqrt(Math.max(values[kept + i], least)) : 1;
    return vector.map((value) => value * factor);
  });
  return {
    type: 'centres',
    ...{ columns, directions: columns - kept, answer: 'least' },
    centres: Float32Array.from(mean),
    transforms: Float32Array.from(left.flat()),
    offsets: new Float32Array(1),
  };
}
