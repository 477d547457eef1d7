import { type Preparation, prepareTable } from '../../prepare/preparation.ts';
import type { Table } from '../../table/table.ts';

/** What decides, per row, how far each member is to be trusted there. */
export type Competence = {
  preparation: Preparation;
  /** Prepared rows that every member has predicted without having seen them: [rows, columns]. */
  reference: Float32Array;
  /** How wrong each member was there: [rows, members]. */
  errors: Float32Array;
  neighbours: number;
};

/** Weights [rows, members] of a table's rows, each row's summing to 1. Cost: rows x reference rows. */
export function localWeights(competence: Competence, table: Table): Float32Array {
  const { preparation, reference, errors, neighbours } = competence;
  const matrix = prepareTable(preparation, table);
  const width = matrix.names.length;
  const count = reference.length / width;
  const members = errors.length / count;
  const weights = new Float32Array(table.rows * members);
  const distances = new Float64Array(count);
  for (let row = 0; row < table.rows; row++) {
    for (let at = 0; at < count; at++) {
      let sum = 0;
      for (let j = 0; j < width; j++)
        sum += (matrix.data[row * width + j] - reference[at * width + j]) ** 2;
      distances[at] = sum;
    }
    const limit = distances.slice().sort()[Math.min(neighbours, count) - 1];
    weightRow(weights.subarray(row * members, (row + 1) * members), { distances, limit, errors });
  }
  return weights;
}

type Near = { distances: Float64Array; limit: number; errors: Float32Array };

/** Keeps a member that never erred from owning the answer alone. */
const LEAST_ERROR = 1e-6;

function weightRow(into: Float32Array, { distances, limit, errors }: Near): void {
  const members = into.length;
  const sums = new Float64Array(members);
  let near = 0;
  for (let at = 0; at < distances.length; at++) {
    if (distances[at] > limit) continue;
    near++;
    for (let m = 0; m < members; m++) sums[m] += errors[at * members + m];
  }
  const inverse = sums.map((sum) => 1 / (sum / near + LEAST_ERROR));
  const total = inverse.reduce((sum, weight) => sum + weight, 0);
  for (let m = 0; m < members; m++) into[m] = inverse[m] / total;
}
