import { symmetricEigen } from '../linear/symmetric-eigen.ts';

/** The main directions of a reference, columns standardised. Plain JSON. */
export type Reconstruction = {
  means: number[];
  deviations: number[];
  /** Unit directions that hold the wanted share of variance, shape [kept, columns]. */
  directions: number[][];
};

/**
 * Learns what is normal for several number columns together: the principal components that hold `share` of the
 * standardised variance. Rows that break the columns' relations are reconstructed badly.
 * @param rows complete rows, shape [n, d]; constant columns are kept as they are
 * @returns null for fewer than two rows, or nothing that varies
 * Cost: O(n d^2 + d^3). Reference: NannyML's data reconstruction drift.
 */
export function fitReconstruction(
  rows: readonly ArrayLike<number>[],
  share = 0.65,
): Reconstruction | null {
  const n = rows.length;
  if (n < 2) return null;
  const width = rows[0].length;
  const columns = Array.from({ length: width }, (_, c) => rows.map((row) => row[c]));
  const means = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / n);
  const deviations = columns.map((column, c) => {
    const squares = column.reduce((sum, x) => sum + (x - means[c]) ** 2, 0);
    return Math.sqrt(squares / n) || 1;
  });
  const standard = rows.map((row) => standardise(row, { means, deviations }));
  const covariance = means.map((_, i) =>
    means.map((__, j) => standard.reduce((sum, row) => sum + row[i] * row[j], 0) / n),
  );
  const { values, vectors } = symmetricEigen(covariance);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total <= 0) return null;
  let held = 0;
  const directions = vectors.filter((_, i) => {
    const isWanted = held < share * total;
    held += Math.max(0, values[i]);
    return isWanted;
  });
  return { means, deviations, directions };
}

/** Distance of each row from what its main directions say of it; compare a reference's held-out rows with now's by any test. */
export function reconstructionErrors(
  model: Reconstruction,
  rows: readonly ArrayLike<number>[],
): Float64Array {
  return Float64Array.from(rows, (row) => {
    const z = standardise(row, model);
    const rebuilt = z.map(() => 0);
    for (const direction of model.directions) {
      const along = direction.reduce((sum, component, i) => sum + component * z[i], 0);
      direction.forEach((component, i) => {
        rebuilt[i] += along * component;
      });
    }
    return Math.sqrt(z.reduce((sum, value, i) => sum + (value - rebuilt[i]) ** 2, 0));
  });
}

const standardise = (
  row: ArrayLike<number>,
  { means, deviations }: Pick<Reconstruction, 'means' | 'deviations'>,
): number[] => means.map((mean, i) => (row[i] - mean) / deviations[i]);
