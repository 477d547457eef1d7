import { exp, log } from '../../core/portable-math.ts';
import type { Matrix } from '../../prepare/matrix.ts';

/**
 * Energies of a row x: e_k = offset_k + |A_k (x - c_k)|^2, one per centre. k-means, Gaussian
 * mixtures, Mahalanobis distances and reconstruction errors are all of this kind. Sums in float64
 * over float32 arrays; the answer is rounded to float32.
 */
export type CentresEstimator = {
  type: 'centres';
  columns: number;
  /** Row-major [centres, columns]. */
  centres: Float32Array;
  /** A_k, row-major [centres, directions, columns]; null: the identity. */
  transforms: Float32Array | null;
  /** Rows of each A_k. */
  directions: number;
  /** [centres] */
  offsets: Float32Array;
  /**
   * `nearest`: the number of the centre of least energy (of equal ones the first). `least`: that
   * energy. `surprise`: -log of the sum of exp(-e_k), nats.
   */
  answer: 'nearest' | 'least' | 'surprise';
};

/** Cost: rows x centres x directions x columns. */
export function scoreCentres(estimator: CentresEstimator, matrix: Matrix): Float32Array {
  const { offsets, answer, columns } = estimator;
  const scores = new Float32Array(matrix.rows);
  const energies = new Float64Array(offsets.length);
  const difference = new Float64Array(columns);
  for (let row = 0; row < matrix.rows; row++) {
    const at = { data: matrix.data, from: row * columns };
    writeEnergies(estimator, at, { energies, difference });
    const nearest = leastOf(energies);
    if (answer === 'nearest') scores[row] = nearest;
    else scores[row] = answer === 'least' ? energies[nearest] : surpriseOf(energies, nearest);
  }
  return scores;
}

function writeEnergies(
  { centres, transforms, directions, offsets, columns }: CentresEstimator,
  { data, from }: { data: Float32Array; from: number },
  into: { energies: Float64Array; difference: Float64Array },
): void {
  const { energies, difference } = into;
  for (let k = 0; k < offsets.length; k++) {
    let energy = offsets[k];
    for (let j = 0; j < columns; j++) {
      difference[j] = data[from + j] - centres[k * columns + j];
      if (transforms === null) energy += difference[j] * difference[j];
    }
    if (transforms !== null)
      for (let i = 0; i < directions; i++) {
        const start = (k * directions + i) * columns;
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += transforms[start + j] * difference[j];
        energy += sum * sum;
      }
    energies[k] = energy;
  }
}

export function leastOf(energies: Float64Array): number {
  let least = 0;
  for (let k = 1; k < energies.length; k++) if (energies[k] < energies[least]) least = k;
  return least;
}

function surpriseOf(energies: Float64Array, least: number): number {
  let sum = 0;
  for (let k = 0; k < energies.length; k++) sum += exp(energies[least] - energies[k]);
  return energies[least] - log(sum);
}
