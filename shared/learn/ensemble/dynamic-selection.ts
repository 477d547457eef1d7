import type { Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { fitPreparation } from '../../prepare/preparation.ts';
import type { SplitError } from '../../table/split/split.ts';
import type { PipelineData } from '../pipeline-data.ts';
import { isClassification, outputsOf } from '../task.ts';
import { combineMembers, type Member, outOfFoldPredictions } from './fit-members.ts';
import type { FittedEnsemble } from './fitted-ensemble.ts';

const NEIGHBOURS = 15;
const MOST_REFERENCE_ROWS = 2000;

/**
 * Members weighted per row by the inverse of their mean error on the nearest rows that none of them
 * had seen (dynamic weighting by local competence; Woods, Kegelmeyer and Bowyer 1997, DESlib's
 * DES-RRC is a relative). Errors are 1 - the probability of the true class, or absolute.
 */
export function fitDynamicSelection(
  data: PipelineData,
  members: readonly Member[],
  { folds, seed }: { folds: number; seed: number },
): Result<FittedEnsemble, SplitError> {
  const predictions = outOfFoldPredictions(data, members, { folds, seed });
  if (!predictions.ok) return predictions;
  const { table, classes } = data;
  const recipe = { impute: 'median', scale: 'standard', encode: 'frequency' } as const;
  const given = { table, target: table.target, classes: classes.length, rng: createRng(seed) };
  const { preparation, matrix } = fitPreparation(recipe, given);
  const step = Math.max(1, Math.ceil(table.rows / MOST_REFERENCE_ROWS));
  const rows = Array.from({ length: Math.ceil(table.rows / step) }, (_, i) => i * step);
  const width = matrix.names.length;
  const reference = new Float32Array(rows.length * width);
  const errors = new Float32Array(rows.length * members.length);
  rows.forEach((row, at) => {
    reference.set(matrix.data.subarray(row * width, (row + 1) * width), at * width);
    predictions.value.forEach((own, m) => {
      errors[at * members.length + m] = errorAt(data, own, row);
    });
  });
  const competence = { preparation, reference, errors, neighbours: NEIGHBOURS };
  return combineMembers(data, { members, seed }, { type: 'local', competence });
}

function errorAt({ task, table, classes }: PipelineData, own: Float32Array, row: number): number {
  if (!isClassification(task)) return Math.abs(table.target[row] - own[row]);
  return 1 - own[row * outputsOf(task, classes.length) + table.target[row]];
}
