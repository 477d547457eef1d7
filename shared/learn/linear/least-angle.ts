import { factorCholesky, solveFactored } from '../../stats/linear/cholesky.ts';
import { dot } from './l-bfgs.ts';
import { type LinearSolution, withIntercepts } from './least-squares.ts';
import type { MatrixMoments } from './matrix-moments.ts';

export type LeastAngleOptions = {
  /** Columns that may take part. */
  nonzero: number;
};

/** Below this share of a column's own square it lies in the span of those that take part. */
const MIN_PIVOT_SHARE = 1e-9;

/**
 * Least angle regression (Efron, Hastie, Johnstone and Tibshirani 2004): coefficients move along the
 * direction that makes equal angles with the active columns until another column correlates as much;
 * `nonzero` such steps, the last up to where one more column would join. Collinear columns are left
 * out. scikit-learn 1.2.1: Lars(normalize=False).
 * Cost: columns^2 + active^3 / 6 per step.
 */
export function solveLeastAngle(
  moments: MatrixMoments,
  { nonzero }: LeastAngleOptions,
): LinearSolution {
  const { width, gram, cross, squares } = moments;
  const coefficients = new Float64Array(width);
  const correlation = cross[0].slice();
  const active: number[] = [];
  const excluded = new Set<number>();
  const floor = 1e-10 * Math.sqrt(squares[0]);
  while (active.length < Math.min(nonzero, width)) {
    const entering = strongest(moments, correlation, { active, excluded, floor });
    if (entering < 0) break;
    const direction = equiangular(moments, correlation, [...active, entering]);
    if (direction === null) {
      excluded.add(entering);
      continue;
    }
    active.push(entering);
    const level = Math.abs(correlation[entering]);
    // How the correlations change along the direction; those of active columns by sign(correlation).
    const slopes = Float64Array.from({ length: width }, (_, j) =>
      active.reduce((sum, i, a) => sum + gram[j * width + i] * direction[a], 0),
    );
    const candidates = { active, excluded, level };
    const length = stepLength(correlation, slopes, candidates);
    active.forEach((j, a) => {
      coefficients[j] += length * direction[a];
    });
    for (let j = 0; j < width; j++)
      correlation[j] = cross[0][j] - dot(gram.subarray(j * width, (j + 1) * width), coefficients);
  }
  return withIntercepts(moments, [coefficients]);
}

function strongest(
  { width, gram }: MatrixMoments,
  correlation: Float64Array,
  given: { active: readonly number[]; excluded: ReadonlySet<number>; floor: number },
): number {
  let best = -1;
  for (let j = 0; j < width; j++) {
    if (given.active.includes(j) || given.excluded.has(j)) continue;
    const size = Math.abs(correlation[j]);
    if (!(size > given.floor * Math.sqrt(gram[j * width + j]))) continue;
    if (best < 0 || size > Math.abs(correlation[best])) best = j;
  }
  return best;
}

/** Direction d of the active coefficients with X_i^T X d = sign(correlation_i) for each active i. */
function equiangular(
  { width, gram }: MatrixMoments,
  correlation: Float64Array,
  active: readonly number[],
): Float64Array | null {
  const n = active.length;
  const system = new Float64Array(n * n);
  active.forEach((i, a) => {
    active.forEach((j, b) => {
      system[a * n + b] = gram[i * width + j];
    });
  });
  const lower = factorCholesky(system, n, MIN_PIVOT_SHARE);
  if (lower === null) return null;
  return solveFactored(
    lower,
    Float64Array.from(active, (j) => Math.sign(correlation[j])),
  );
}

/** The least length at which a column that is not active correlates as much as the active ones. */
function stepLength(
  correlation: Float64Array,
  slopes: Float64Array,
  given: { active: readonly number[]; excluded: ReadonlySet<number>; level: number },
): number {
  let least = given.level;
  for (let j = 0; j < slopes.length; j++) {
    if (given.active.includes(j) || given.excluded.has(j)) continue;
    const up = (given.level - correlation[j]) / (1 - slopes[j]);
    const down = (given.level + correlation[j]) / (1 + slopes[j]);
    if (up > 1e-12 * given.level) least = Math.min(least, up);
    if (down > 1e-12 * given.level) least = Math.min(least, down);
  }
  return least;
}
