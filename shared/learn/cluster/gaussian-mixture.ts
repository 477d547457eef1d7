import { exp, log } from '../../core/portable-math.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { Parameters } from '../search/space.ts';
import type { CentresEstimator } from './centres-estimator.ts';
import { type Gaussian, gaussianOf, mahalanobis, whiten } from './gaussian.ts';
import { iterate } from './k-means.ts';
import { seedCentres } from './seed-centres.ts';
import { type WeightedRows, weightedRowsOf } from './weighted-rows.ts';

export type Mixture = {
  /** By component: its share, and its distribution. */
  shares: Float64Array;
  parts: Gaussian[];
  /** Mean log likelihood of the rows, nats. */
  logLikelihood: number;
};

export type MixtureOptions = {
  covarianceType: 'full' | 'diag';
  /** Added to each variance. */
  regCovar: number;
  maxIter: number;
  /** Stops when the mean log likelihood gains less. */
  tol: number;
};

/**
 * Gaussian mixture by expectation maximisation (Dempster, Laird and Rubin 1977) from the clusters of
 * k-means. Clustering: the likeliest component; anomaly: minus the log density, nats. Reference:
 * scikit-learn 1.2 GaussianMixture. Cost: rounds x components x rows x columns^2.
 */
export function fitGaussianMixture(
  data: LearningData,
  parameters: Parameters,
  { rng, isTimeUp }: FitOptions,
): CentresEstimator {
  const rows = weightedRowsOf(data);
  const k = Math.min(rows.count, Number(parameters.nComponents));
  const options = {
    covarianceType: parameters.covarianceType as MixtureOptions['covarianceType'],
    regCovar: Number(parameters.regCovar),
    maxIter: Number(parameters.maxIter),
    tol: Number(parameters.tol),
  };
  const { label } = iterate(rows, seedCentres(rows, k, rng), { maxIter: 300, tol: 1e-4 });
  const hard = Array.from({ length: k }, (_, part) =>
    Float64Array.from(label, (own) => (own === part ? 1 : 0)),
  );
  const start = maximise(rows, hard, options);
  const mixture = expectMaximise(rows, start, options, isTimeUp);
  const answer = data.task === 'anomaly' ? 'surprise' : 'nearest';
  return mixtureEstimator(mixture, rows.columns, answer);
}

/** Rounds from a given start until the likelihood gains less than `tol`. */
export function expectMaximise(
  rows: WeightedRows,
  start: Omit<Mixture, 'logLikelihood'>,
  options: MixtureOptions,
  isTimeUp?: () => boolean,
): Mixture {
  let mixture = { ...start, logLikelihood: Number.NEGATIVE_INFINITY };
  for (let round = 0; round < options.maxIter; round++) {
    const { logLikelihood, responsibility } = expect(rows, mixture);
    const gained = logLikelihood - mixture.logLikelihood;
    mixture = { ...maximise(rows, responsibility, options), logLikelihood };
    if (Math.abs(gained) < options.tol || isTimeUp?.()) break;
  }
  return mixture;
}

/** Energy of a component at its mean: -log of its share times its density there. */
const energyAtMean = (share: number, logDeterminant: number, columns: number): number =>
  -log(share) + (columns * log(2 * Math.PI) + logDeterminant) / 2;

function expect(rows: WeightedRows, { shares, parts }: Pick<Mixture, 'shares' | 'parts'>) {
  const energies = parts.map((part, k) => {
    const whitening = whiten(part.covariance, rows.columns);
    const least = energyAtMean(shares[k], whitening.logDeterminant, rows.columns);
    return mahalanobis(rows, part, whitening).map((squared) => least + squared / 2);
  });
  let logLikelihood = 0;
  let total = 0;
  for (let row = 0; row < rows.count; row++) {
    let least = Number.POSITIVE_INFINITY;
    for (const energy of energies) least = Math.min(least, energy[row]);
    let sum = 0;
    for (const energy of energies) sum += exp(least - energy[row]);
    const surprise = least - log(sum);
    for (const energy of energies) energy[row] = exp(surprise - energy[row]);
    logLikelihood -= rows.weights[row] * surprise;
    total += rows.weights[row];
  }
  return { logLikelihood: logLikelihood / total, responsibility: energies };
}

/** scikit-learn's guard against a component without rows. */
const TINY = 10 * Number.EPSILON;

function maximise(
  rows: WeightedRows,
  responsibility: Float64Array[],
  { covarianceType, regCovar }: MixtureOptions,
): Omit<Mixture, 'logLikelihood'> {
  const { columns } = rows;
  const sums = new Float64Array(responsibility.length);
  const parts = responsibility.map((own, k) => {
    const weights = own.map((share, row) => share * rows.weights[row]);
    sums[k] = weights.reduce((sum, weight) => sum + weight, 0) + TINY;
    // A component that has lost all rows starts again as all of them.
    const part = gaussianOf(rows, sums[k] > 2 * TINY ? weights : rows.weights);
    for (let i = 0; i < columns; i++)
      for (let j = 0; j < columns; j++) {
        if (i === j) part.covariance[i * columns + j] += regCovar;
        else if (covarianceType === 'diag') part.covariance[i * columns + j] = 0;
      }
    return part;
  });
  const total = sums.reduce((sum, part) => sum + part, 0);
  return { shares: sums.map((sum) => sum / total), parts };
}

function mixtureEstimator(
  { shares, parts }: Mixture,
  columns: number,
  answer: 'nearest' | 'surprise',
): CentresEstimator {
  const whitenings = parts.map(({ covariance }) => whiten(covariance, columns));
  return {
    type: 'centres',
    ...{ columns, directions: columns, answer },
    centres: Float32Array.from(parts.flatMap(({ mean }) => [...mean])),
    transforms: Float32Array.from(
      whitenings.flatMap(({ transform }) => [...transform].map((value) => value * Math.SQRT1_2)),
    ),
    offsets: Float32Array.from(shares, (share, k) =>
      energyAtMean(share, whitenings[k].logDeterminant, columns),
    ),
  };
}
