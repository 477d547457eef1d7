import { expect, test } from 'vitest';
import { createRng } from '../../core/rng.ts';
import { fitPcaResidual } from '../anomaly/pca-residual.ts';
import { fitRobustCovariance } from '../anomaly/robust-covariance.ts';
import { scoreCentres } from './centres-estimator.ts';
import { whiten } from './gaussian.ts';
import { expectMaximise, fitGaussianMixture } from './gaussian-mixture.ts';
import { fitKMeans, fitMiniBatchKMeans, iterate } from './k-means.ts';
import { seedCentres } from './seed-centres.ts';
import { weightedRowsOf } from './weighted-rows.ts';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const a = (i: number) => ((i * 37) % 101) / 101;
const b = (i: number) => ((i * 53) % 103) / 103;

const matrixOf = (rows: number[][]) => ({
  rows: rows.length,
  names: rows[0].map((_, column) => `x${column}`),
  data: Float32Array.from(rows.flat()),
  categories: [],
});

/** Three groups, made alike in Python for the golden numbers. */
const GROUPS = matrixOf(
  range(120).map((i) => [
    a(i) + [0, 2, 1][i % 3],
    0.5 * b(i) + a(i) * [0.5, -0.3, 0][i % 3] + [0, 0, 3][i % 3],
  ]),
);
const learn = (matrix: typeof GROUPS) =>
  ({ task: 'clustering', matrix, target: new Float64Array(0), classes: 0, weights: null }) as const;
const groups = learn(GROUPS);
const K_MEANS = { nInit: 10, maxIter: 300, tol: 1e-4 };

test('clusters are the groups that there are', () => {
  for (const estimator of [
    fitKMeans(groups, { nClusters: 3, ...K_MEANS }, { rng: createRng(1) }),
    fitMiniBatchKMeans(groups, { nClusters: 3, batchSize: 64, maxIter: 10 }, { rng: createRng(1) }),
    fitGaussianMixture(
      groups,
      { nComponents: 3, covarianceType: 'full', regCovar: 1e-6, maxIter: 100, tol: 1e-3 },
      { rng: createRng(1) },
    ),
  ]) {
    const label = scoreCentres(estimator, GROUPS);
    expect(new Set(label.subarray(0, 3)).size).toBe(3);
    label.forEach((own, row) => {
      expect(own).toBe(label[row % 3]);
    });
  }
});

test('k-means is as tight as the reference', () => {
  // scikit-learn 1.2.1, KMeans(n_init=10).inertia_.
  const rows = weightedRowsOf(groups);
  for (const [k, golden] of [
    [3, 13.838152],
    [5, 7.469288],
  ]) {
    const rng = createRng(2);
    const inertia = range(10).map(() => iterate(rows, seedCentres(rows, k, rng), K_MEANS).inertia);
    expect(Math.min(...inertia)).toBeLessThan(golden * 1.0001);
  }
});

// scikit-learn 1.2.1, GaussianMixture from these means, equal weights, unit precisions; tol 1e-5.
test.each([
  ['full', -0.74914],
  ['diag', -0.955392],
] as const)('a %s mixture from the same start is as likely as the reference', (type, golden) => {
  const unit = () => Float64Array.from([1, 0, 0, 1]);
  const parts = [
    [0, 0],
    [2, 0],
    [1, 3],
  ].map((mean) => ({ mean: Float64Array.from(mean), covariance: unit() }));
  const start = { shares: new Float64Array(3).fill(1 / 3), parts };
  const options = { covarianceType: type, regCovar: 1e-6, maxIter: 100, tol: 1e-5 };
  const { logLikelihood } = expectMaximise(weightedRowsOf(groups), start, options);
  expect(logLikelihood).toBeCloseTo(golden, 5);
});

test('surprise is minus the log density of the reference', () => {
  const data = { ...groups, task: 'anomaly' } as const;
  const parameters = { nComponents: 3, covarianceType: 'full', regCovar: 1e-6, maxIter: 100 };
  const estimator = fitGaussianMixture(data, { ...parameters, tol: 1e-5 }, { rng: createRng(1) });
  const golden = [2.578484, -0.174391, 1.499137, 0.799195, 0.837694, 0.607106];
  scoreCentres(estimator, { ...GROUPS, rows: 6 }).forEach((surprise, i) => {
    expect(surprise).toBeCloseTo(golden[i], 3);
  });
});

const CONTAMINATED = range(120).map((i) => {
  const strange = i % 6 === 0 ? [8, -6, 5] : [0, 0, 0];
  return [a(i), b(i), 0.3 * a(i) + ((i * 71) % 107) / 107].map((value, j) => value + strange[j]);
});

test('a sixth of strange rows does not pull the robust distance', () => {
  // scikit-learn 1.2.1, MinCovDet().mahalanobis.
  const golden = [1134.932763, 0.747752, 3.17812, 5.633491, 2.732733, 7.719642];
  const estimator = fitRobustCovariance(
    learn(matrixOf(CONTAMINATED)),
    { supportFraction: 0 },
    { rng: createRng(1) },
  );
  const asked = matrixOf([...CONTAMINATED.slice(0, 5), [1, 1, 1]]);
  scoreCentres(estimator, asked).forEach((squared, i) => {
    expect(squared / golden[i]).toBeCloseTo(1, 4);
  });
});

test('what lies off the plane of the rows is stranger than what lies far out on it', () => {
  const plane = matrixOf(range(100).map((i) => [a(i), b(i), a(i) + b(i)]));
  const estimator = fitPcaResidual(learn(plane), { nComponents: 0.99, whiten: false });
  const [on, off] = scoreCentres(
    estimator,
    matrixOf([
      [5, 5, 10],
      [0.5, 0.5, 1.5],
    ]),
  );
  expect(on).toBeLessThan(1e-6);
  // The distance of a point to x + y - z = 0.
  expect(off).toBeCloseTo(0.5 ** 2 / 3, 5);
});

test('more clusters than rows, equal rows and constant columns still answer', () => {
  const same = matrixOf(range(5).map(() => [1, 2]));
  const parameters = { nComponents: 4, covarianceType: 'full', regCovar: 1e-6, maxIter: 100 };
  const rng = createRng(1);
  for (const estimator of [
    fitKMeans(learn(same), { nClusters: 8, ...K_MEANS }, { rng }),
    fitMiniBatchKMeans(learn(same), { nClusters: 8, batchSize: 64, maxIter: 2 }, { rng }),
    fitGaussianMixture(learn(same), { ...parameters, tol: 1e-3 }, { rng }),
    fitRobustCovariance(learn(same), { supportFraction: 0 }, { rng }),
    fitPcaResidual(learn(same), { nComponents: 0.9, whiten: true }),
  ])
    expect(scoreCentres(estimator, same).every(Number.isFinite)).toBe(true);
});

test('numbers whose squares overflow are refused rather than searched for ever', () => {
  const infinite = Float64Array.of(Number.POSITIVE_INFINITY);
  expect(() => whiten(infinite, 1)).toThrow('overflows');
});
