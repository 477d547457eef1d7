import type { LearningData } from '../algorithm.ts';
import type { LinearSolution } from '../linear/least-squares.ts';
import { matrixMoments } from '../linear/matrix-moments.ts';
import { semiDefiniteSolver } from '../linear/solve-symmetric.ts';
import { classMoments, logPriors, meansOf } from './class-moments.ts';

/**
 * Linear discriminant analysis (Fisher 1936): Gaussian classes with one covariance S, the squares
 * within classes divided by rows - classes: scikit-learn 1.2.1's LinearDiscriminantAnalysis with
 * solver 'svd'. Scores are x^T S^-1 m_k - m_k^T S^-1 m_k / 2 + log prior; two classes have one, the
 * difference. Collinear columns: S's pseudo-inverse.
 * @param shrinkage s in [0, 1]: S becomes (1 - s) S + s trace(S) / columns I
 */
export function solveLinearDiscriminant(data: LearningData, shrinkage: number): LinearSolution {
  const own = classMoments(data);
  const all = matrixMoments(data.matrix, [], data.weights);
  const width = data.matrix.names.length;
  const present = own.filter(({ weight }) => weight > 0);
  const pooled = new Float64Array(width * width);
  const freedom = Math.max(all.weight - present.length, 1e-3 * all.weight);
  for (const { gram } of present)
    for (let i = 0; i < gram.length; i++) pooled[i] += gram[i] / freedom;
  shrink(pooled, width, shrinkage);
  const solve = semiDefiniteSolver(pooled, width);
  const priors = logPriors(own.map(({ weight }) => weight));
  // Around the overall mean, or far columns would lose the intercepts' digits.
  const coefficients = own.map((moments) =>
    solve(meansOf(moments, all).map((mean, j) => mean - all.means[j])),
  );
  const intercepts = own.map((moments, k) => {
    let score = priors[k];
    const means = meansOf(moments, all);
    for (let j = 0; j < width; j++)
      score -= coefficients[k][j] * ((means[j] - all.means[j]) / 2 + all.means[j]);
    return score;
  });
  return asScores({ coefficients, intercepts: Float64Array.from(intercepts) });
}

/** Two classes need one score: how far the second is above the first. */
export function asScores({ coefficients, intercepts }: LinearSolution): LinearSolution {
  if (coefficients.length !== 2) return { coefficients, intercepts };
  const [first, second] = coefficients;
  return {
    coefficients: [second.map((value, j) => value - first[j])],
    intercepts: Float64Array.of(intercepts[1] - intercepts[0]),
  };
}

function shrink(covariance: Float64Array, width: number, share: number): void {
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * (width + 1)];
  for (let i = 0; i < covariance.length; i++) covariance[i] *= 1 - share;
  for (let i = 0; i < width; i++) covariance[i * (width + 1)] += (share * trace) / width;
}
