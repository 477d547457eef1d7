import { log } from '../../core/portable-math.ts';
import { factorCholesky, solveLower } from '../../stats/linear/cholesky.ts';
import type { LearningData } from '../algorithm.ts';
import { type MatrixMoments, matrixMoments } from '../linear/matrix-moments.ts';
import { classMoments, logPriors, meansOf } from './class-moments.ts';
import type { QuadraticEstimator } from './quadratic-estimator.ts';

/** A column whose variance given the others is below this share of its own is made wider. */
const MIN_PIVOT_SHARE = 1e-6;

/**
 * Quadratic discriminant analysis: a Gaussian with its own covariance per class (divided by rows - 1),
 * scikit-learn 1.2.1's QuadraticDiscriminantAnalysis. Where a covariance is singular, as with one-hot
 * columns, 1e-6, 1e-5, ... of its mean diagonal is added until it is not (scikit-learn warns of
 * collinear variables and divides by rounding errors).
 * @param regParam r in [0, 1]: covariances become (1 - r) S_k + r I
 * Cost: rows x columns^2 / 2 + classes x columns^3 / 2.
 */
export function fitQuadraticDiscriminant(data: LearningData, regParam: number): QuadraticEstimator {
  const { classes, matrix } = data;
  const width = matrix.names.length;
  const all = matrixMoments(matrix, [], data.weights);
  const own = classMoments(data);
  const estimator: QuadraticEstimator = {
    ...{ type: 'quadratic', classes, isDiagonal: false },
    means: new Float32Array(classes * width),
    whitening: new Float32Array(classes * width * width),
    constants: new Float32Array(classes),
  };
  const priors = logPriors(own.map(({ weight }) => weight));
  own.forEach((moments, k) => {
    const lower = factorCovariance(covarianceOf(moments, all, regParam), width);
    let logDeterminant = 0;
    for (let i = 0; i < width; i++) logDeterminant -= log(lower[i * (width + 1)]);
    estimator.means.set(meansOf(moments, all), k * width);
    estimator.whitening.set(invertLower(lower, width), k * width * width);
    estimator.constants[k] = priors[k] + logDeterminant;
  });
  return estimator;
}

/** A class of a single row has no spread of its own: it takes that of all rows. */
function covarianceOf(own: MatrixMoments, all: MatrixMoments, regParam: number): Float64Array {
  const { gram, weight, width } = own.weight > 1 ? own : all;
  const covariance = gram.map(
    (sum) => ((1 - regParam) * sum) / Math.max(weight - 1, 1e-3 * weight),
  );
  for (let i = 0; i < width; i++) covariance[i * (width + 1)] += regParam;
  return covariance;
}

function factorCovariance(covariance: Float64Array, width: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * (width + 1)];
  if (!Number.isFinite(trace)) throw new Error('a covariance overflows: its numbers are too large');
  const scale = trace > 0 ? trace / width : 1;
  let wider = covariance;
  for (let extra = MIN_PIVOT_SHARE; ; extra *= 10) {
    const lower = factorCholesky(wider, width, MIN_PIVOT_SHARE);
    if (lower !== null) return lower;
    wider = covariance.slice();
    for (let i = 0; i < width; i++) wider[i * (width + 1)] += extra * scale;
  }
}

/** L^-1, row-major, lower triangular. */
function invertLower(lower: Float64Array, width: number): Float64Array {
  const inverse = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    const unit = new Float64Array(width);
    unit[j] = 1;
    const column = solveLower(lower, unit);
    for (let i = j; i < width; i++) inverse[i * width + j] = column[i];
  }
  return inverse;
}
