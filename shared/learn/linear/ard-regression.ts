import { factorCholesky, invertFactored } from '../../stats/linear/cholesky.ts';
import { change, type EvidenceOptions } from './bayesian-ridge.ts';
import { dot } from './l-bfgs.ts';
import { type LinearSolution, withIntercepts } from './least-squares.ts';
import type { MatrixMoments } from './matrix-moments.ts';

type State = { lambda: Float64Array; alpha: number; kept: number[]; coefficients: Float64Array };

/**
 * Bayesian regression with a precision per coefficient (automatic relevance determination, MacKay
 * 1994): coefficients whose precision grows beyond `thresholdLambda` become 0. scikit-learn 1.2.1's
 * ARDRegression; rows are counted by their weights, there by number.
 * Cost: kept columns^3 per iteration.
 */
export function solveArd(
  moments: MatrixMoments,
  options: EvidenceOptions & { thresholdLambda: number },
): LinearSolution {
  const { width, weight } = moments;
  const squares = moments.squares[0];
  const state: State = {
    lambda: new Float64Array(width).fill(1),
    alpha: 1 / (squares / weight + Number.EPSILON),
    kept: Array.from({ length: width }, (_, j) => j),
    coefficients: new Float64Array(width),
  };
  let previous: Float64Array | null = null;
  for (let i = 0; i < options.maxIter && state.kept.length > 0; i++) {
    const variances = updateCoefficients(moments, state);
    if (variances === null) break;
    updatePrecisions(moments, state, { variances, ...options });
    state.kept = state.kept.filter((j) => state.lambda[j] < options.thresholdLambda);
    const kept = new Set(state.kept);
    for (let j = 0; j < width; j++) if (!kept.has(j)) state.coefficients[j] = 0;
    if (previous !== null && change(previous, state.coefficients) < options.tol) break;
    previous = state.coefficients.slice();
  }
  if (state.kept.length > 0) updateCoefficients(moments, state);
  return withIntercepts(moments, [state.coefficients]);
}

/** Coefficients by the present precisions; returns the posterior variances of the kept ones. */
function updateCoefficients(
  { width, gram, cross }: MatrixMoments,
  { lambda, alpha, kept, coefficients }: State,
): Float64Array | null {
  const n = kept.length;
  const precision = new Float64Array(n * n);
  kept.forEach((i, a) => {
    kept.forEach((j, b) => {
      precision[a * n + b] = alpha * gram[i * width + j] + (a === b ? lambda[i] : 0);
    });
  });
  const lower = factorCholesky(precision, n);
  if (lower === null) return null;
  const covariance = invertFactored(lower, n);
  kept.forEach((i, a) => {
    coefficients[i] = kept.reduce(
      (sum, j, b) => sum + alpha * covariance[a * n + b] * cross[0][j],
      0,
    );
  });
  return Float64Array.from(kept, (_, a) => covariance[a * n + a]);
}

function updatePrecisions(
  { width, gram, cross, squares, weight }: MatrixMoments,
  state: State,
  given: EvidenceOptions & { variances: Float64Array },
): void {
  const { kept, coefficients, lambda } = state;
  let fitted = 0;
  for (const i of kept)
    for (const j of kept) fitted += coefficients[i] * coefficients[j] * gram[i * width + j];
  const residual = Math.max(squares[0] - 2 * dot(cross[0], coefficients) + fitted, 0);
  let known = 0;
  kept.forEach((j, a) => {
    const share = 1 - lambda[j] * given.variances[a];
    known += share;
    lambda[j] = (share + 2 * given.lambda1) / (coefficients[j] ** 2 + 2 * given.lambda2);
  });
  state.alpha = (weight - known + 2 * given.alpha1) / (residual + 2 * given.alpha2);
}
