import { solveCholesky } from '../../stats/linear/cholesky.ts';
import { dot } from './l-bfgs.ts';
import { type LinearSolution, withIntercepts } from './least-squares.ts';
import type { MatrixMoments } from './matrix-moments.ts';

/**
 * Orthogonal matching pursuit: takes the column that correlates most with the residual, refits all
 * taken ones, and so on for `nonzero` columns (Pati et al. 1993; Rubinstein et al. 2008). Columns are
 * compared as they are, as scikit-learn 1.2.1's OrthogonalMatchingPursuit(normalize=False) does.
 * Stops early where the rest is collinear with what is taken, or nothing is left to explain.
 */
export function solveMatchingPursuit(moments: MatrixMoments, nonzero: number): LinearSolution {
  const { width, gram, cross } = moments;
  const coefficients = new Float64Array(width);
  const taken: number[] = [];
  while (taken.length < Math.min(nonzero, width)) {
    const column = mostCorrelated(moments, coefficients, taken);
    if (column < 0) break;
    const columns = [...taken, column];
    const n = columns.length;
    const system = new Float64Array(n * n);
    columns.forEach((i, a) => {
      columns.forEach((j, b) => {
        system[a * n + b] = gram[i * width + j];
      });
    });
    const found = solveCholesky(
      system,
      Float64Array.from(columns, (j) => cross[0][j]),
    );
    if (found === null) break;
    taken.push(column);
    columns.forEach((j, a) => {
      coefficients[j] = found[a];
    });
  }
  return withIntercepts(moments, [coefficients]);
}

/** The column not taken yet with the largest |X_j^T residual|; -1 where that is rounding. */
function mostCorrelated(
  { width, gram, cross, squares }: MatrixMoments,
  coefficients: Float64Array,
  taken: readonly number[],
): number {
  let best = -1;
  let most = 0;
  for (let j = 0; j < width; j++) {
    if (taken.includes(j)) continue;
    const row = gram.subarray(j * width, (j + 1) * width);
    const left = Math.abs(cross[0][j] - dot(row, coefficients));
    const isRounding = left * left <= 1e-20 * row[j] * squares[0];
    if (left > most && !isRounding) {
      most = left;
      best = j;
    }
  }
  return best;
}
