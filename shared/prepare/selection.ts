import type { Matrix } from './matrix.ts';
import type { PreparationData } from './preparation-data.ts';
import { type ScoringRule, scoreColumns } from './score-columns.ts';
import { type SelectStep, selectColumns } from './steps/select.ts';

/**
 * `variance` keeps the columns that vary at all (VarianceThreshold); the others keep the best `keep`
 * columns (SelectKBest), or that share of them where it is below 1 (SelectPercentile).
 */
export type SelectionRule = { by: 'variance' } | { by: ScoringRule; keep: number };

/** Chooses columns by a score of each alone; at least one is kept. Ties go to the first. */
export function fitSelection(
  rule: SelectionRule,
  matrix: Matrix,
  data: PreparationData,
): SelectStep {
  if (rule.by === 'variance') return selectColumns(varyingColumns(matrix));
  const scores = scoreColumns(rule.by, matrix, data);
  const width = matrix.names.length;
  const wanted = rule.keep < 1 ? Math.round(rule.keep * width) : rule.keep;
  return selectColumns(bestColumns(scores, Math.min(width, Math.max(1, wanted))));
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
