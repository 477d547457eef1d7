import type { Matrix } from './matrix.ts';
import type { PreparationData } from './preparation-data.ts';
import { scoreColumns } from './score-columns.ts';
import type { SelectionRule } from './selection-rule.ts';
import { type SelectStep, selectColumns } from './steps/select.ts';

/** Chooses columns by a score of each alone; at least one is kept. Ties go to the first. */
export function fitSelection(
  rule: SelectionRule,
  matrix: Matrix,
  data: PreparationData,
): SelectStep {
  if (rule.by === 'variance') return selectColumns(varyingColumns(matrix));
  const scores = scoreColumns(rule.by, matrix, data);
  return selectColumns(bestColumns(scores, keptOf(rule.keep, matrix.names.length)));
}

/** How many of the columns are kept: at least one, and no more than there are. */
export function keptOf(keep: number, columns: number): number {
  const wanted = keep < 1 ? Math.round(keep * columns) : keep;
  return Math.min(columns, Math.max(1, wanted));
}

/** The `count` columns of the highest scores, ascending. */
export const bestColumns = (scores: ArrayLike<number>, count: number): number[] =>
  Array.from(scores, (_, column) => column)
    .sort((a, b) => scores[b] - scores[a] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);

function varyingColumns({ rows, names, data }: Matrix): number[] {
  const width = names.length;
  const varying = names.flatMap((_, j) => {
    for (let row = 1; row < rows; row++) if (!Object.is(data[row * width + j], data[j])) return [j];
    return [];
  });
  return varying.length === 0 ? [0] : varying;
}
