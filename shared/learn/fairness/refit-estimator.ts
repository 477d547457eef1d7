import { createRng } from '../../core/rng.ts';
import type { Matrix } from '../../prepare/matrix.ts';
import type { Algorithm } from '../algorithm.ts';
import { fitBaseline } from '../baseline/algorithms.ts';
import type { FittedEstimator } from '../fitted-estimator.ts';
import type { Parameters } from '../search/space.ts';

/** Rows of two classes as an estimator reads them. */
export type PreparedRows = { matrix: Matrix; target: Float64Array; weights: Float64Array };

/**
 * An estimator of weighted labels. Where the rows of any weight are of one class it answers that class, whatever the
 * row.
 */
export function refitEstimator(
  rows: PreparedRows,
  { algorithm, parameters }: { algorithm: Algorithm; parameters: Parameters },
  seed: number,
): FittedEstimator {
  const data = { task: 'binary', classes: 2, ...rows } as const;
  const { target, weights } = rows;
  const isOf = (label: number) => target.some((own, row) => own === label && weights[row] > 0);
  if (!isOf(0) || !isOf(1)) return fitBaseline(data);
  return algorithm.fit(data, parameters, { rng: createRng(seed) });
}
