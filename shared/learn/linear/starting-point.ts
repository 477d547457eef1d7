import type { FittedEstimator } from '../fitted-estimator.ts';
import type { TargetScale } from './target-scale.ts';

/**
 * Unknowns of an iteration that goes on from a linear estimator: row-major [outputs, columns + 1], the
 * intercept last.
 * @param scale of the targets that the iteration sees; absent: target units
 * @returns undefined without a warm start. One of another kind or size is a bug.
 */
export function startingPoint(
  warmStart: FittedEstimator | undefined,
  { columns, outputs }: { columns: number; outputs: number },
  { mean, deviation }: TargetScale = { mean: 0, deviation: 1 },
): Float64Array | undefined {
  if (warmStart === undefined) return undefined;
  if (warmStart.type !== 'linear' || warmStart.coefficients.length !== outputs * columns)
    throw new Error(`Broken invariant: a ${warmStart.type} cannot be gone on from here`);
  const { coefficients, intercepts } = warmStart;
  const flat = new Float64Array(outputs * (columns + 1));
  for (let k = 0; k < outputs; k++) {
    for (let j = 0; j < columns; j++)
      flat[k * (columns + 1) + j] = coefficients[k * columns + j] / deviation;
    flat[k * (columns + 1) + columns] = (intercepts[k] - mean) / deviation;
  }
  return flat;
}
