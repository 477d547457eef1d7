import type { Rng } from '../../core/rng.ts';
import { shuffle } from '../../core/rng.ts';
import { chiSquareQuantile } from '../../stats/distributions/chi-square.ts';
import type { FitOptions, LearningData } from '../algorithm.ts';
import type { CentresEstimator } from '../cluster/centres-estimator.ts';
import { type Gaussian, gaussianOf, mahalanobis, whiten } from '../cluster/gaussian.ts';
import { type WeightedRows, weightedRowsOf } from '../cluster/weighted-rows.ts';
import type { Parameters } from '../search/space.ts';

const TRIALS = 30;
const FINALISTS = 10;
const MOST_ROUNDS = 100;
/** Rows that first rounds look at: trials are compared on a sample, finished on all rows. */
const SAMPLE_ROWS = 1500;
/** Rows nearer than this quantile of the chi-square count in the end. */
const KEPT_QUANTILE = 0.975;

/**
 * Squared Mahalanobis distance to the rows that lie densest: the minimum covariance determinant of a
 * share of them (default (rows + columns + 1) / 2), by FAST-MCD (Rousseeuw and Van Driessen 1999),
 * then of all rows within the 97.5 % quantile of a chi-square that has its median. A singular covariance
 * gets a ridge (@see whiten); one-hot columns of a category that most rows share make it so.
 * Reference: scikit-learn 1.2 MinCovDet and EllipticEnvelope. Row weights only leave rows out.
 * Cost: about 100 x min(rows, 1500) x columns^2, then 100 x rows x columns^2.
 */
export function fitRobustCovariance(
  data: LearningData,
  parameters: Parameters,
  { rng }: FitOptions,
): CentresEstimator {
  const rows = weightedRowsOf(data);
  const { columns } = rows;
  const share = Number(parameters.supportFraction);
  const supportOf = (n: number) =>
    Math.min(n, share > 0 ? Math.ceil(share * n) : Math.ceil((n + columns + 1) / 2));
  const raw = densestPart(rows, supportOf, rng);
  const squared = mahalanobis(rows, raw, whiten(raw.covariance, columns));
  // The densest part is too narrow: its median distance is to be that of a chi-square.
  const factor = medianOf(squared) / chiSquareQuantile(0.5, columns);
  const limit = chiSquareQuantile(KEPT_QUANTILE, columns) * factor;
  const { mean, covariance } = gaussianOf(
    rows,
    squared.map((distance) => (distance <= limit ? 1 : 0)),
  );
  return {
    type: 'centres',
    ...{ columns, directions: columns, answer: 'least' },
    centres: Float32Array.from(mean),
    transforms: Float32Array.from(whiten(covariance, columns).transform),
    offsets: new Float32Array(1),
  };
}

function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

type Candidate = { part: Gaussian; logDeterminant: number };

function densestPart(rows: WeightedRows, supportOf: (n: number) => number, rng: Rng): Gaussian {
  const sample = rows.count > SAMPLE_ROWS ? sampleOf(rows, rng) : rows;
  const trials = Array.from({ length: TRIALS }, () =>
    concentrate(sample, drawStart(sample, rng), { support: supportOf(sample.count), rounds: 2 }),
  );
  trials.sort((a, b) => a.logDeterminant - b.logDeterminant);
  let finalists = trials.slice(0, FINALISTS);
  if (sample !== rows) {
    finalists = finalists.map(({ part }) =>
      concentrate(rows, part, { support: supportOf(rows.count), rounds: 2 }),
    );
    finalists.sort((a, b) => a.logDeterminant - b.logDeterminant);
    finalists.length = 2;
  }
  const finished = finalists.map(({ part }) =>
    concentrate(rows, part, { support: supportOf(rows.count), rounds: MOST_ROUNDS }),
  );
  finished.sort((a, b) => a.logDeterminant - b.logDeterminant);
  return finished[0].part;
}

function sampleOf({ count, columns, data }: WeightedRows, rng: Rng): WeightedRows {
  const order = shuffle(
    Int32Array.from({ length: count }, (_, row) => row),
    rng,
  );
  const taken = new Float64Array(SAMPLE_ROWS * columns);
  for (let i = 0; i < SAMPLE_ROWS; i++)
    taken.set(data.subarray(order[i] * columns, (order[i] + 1) * columns), i * columns);
  const weights = new Float64Array(SAMPLE_ROWS).fill(1);
  return { count: SAMPLE_ROWS, columns, data: taken, weights };
}

/** The distribution of columns + 1 random rows. */
function drawStart(rows: WeightedRows, rng: Rng): Gaussian {
  const order = shuffle(
    Int32Array.from({ length: rows.count }, (_, row) => row),
    rng,
  );
  const weights = new Float64Array(rows.count);
  for (let i = 0; i < Math.min(rows.count, rows.columns + 1); i++) weights[order[i]] = 1;
  return gaussianOf(rows, weights);
}

/** C-steps: the distribution of the nearest rows, again and again; its determinant never grows. */
function concentrate(
  rows: WeightedRows,
  start: Gaussian,
  { support, rounds }: { support: number; rounds: number },
): Candidate {
  let part = start;
  let logDeterminant = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const squared = mahalanobis(rows, part, whiten(part.covariance, rows.columns));
    part = gaussianOf(rows, nearestOf(squared, support));
    const next = whiten(part.covariance, rows.columns).logDeterminant;
    if (!(next < logDeterminant)) break;
    logDeterminant = next;
  }
  return { part, logDeterminant };
}

/** Weight 1 for the rows of least distance. */
function nearestOf(squared: Float64Array, support: number): Float64Array {
  const limit = squared.slice().sort()[support - 1];
  const weights = new Float64Array(squared.length);
  let left = support;
  for (let row = 0; row < squared.length; row++) if (squared[row] < limit) left -= weights[row] = 1;
  for (let row = 0; row < squared.length && left > 0; row++)
    if (squared[row] === limit) left -= weights[row] = 1;
  return weights;
}
