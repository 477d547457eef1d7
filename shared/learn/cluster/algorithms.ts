import type { Algorithm } from '../algorithm.ts';
import type { SearchSpace } from '../search/space.ts';
import { fitGaussianMixture } from './gaussian-mixture.ts';
import { fitKMeans, fitMiniBatchKMeans } from './k-means.ts';

const CLUSTERS: SearchSpace = { nClusters: { type: 'int', low: 2, high: 30, log: true } };

const SHARED = {
  recipe: { impute: 'median', scale: 'standard' },
  isExported: true,
} as const;

const kMeans: Algorithm = {
  ...SHARED,
  name: 'k-means',
  title: 'k-means',
  tasks: ['clustering'],
  defaults: { nClusters: 8, nInit: 10, maxIter: 300, tol: 1e-4 },
  space: CLUSTERS,
  cost: (rows, columns) => 10 * 30 * 8 * rows * columns,
  source: 'Lloyd 1982; Arthur and Vassilvitskii 2007; scikit-learn 1.2: KMeans',
  fit: fitKMeans,
};

const miniBatchKMeans: Algorithm = {
  ...SHARED,
  name: 'mini-batch-k-means',
  title: 'Mini-batch k-means',
  tasks: ['clustering'],
  defaults: { nClusters: 8, batchSize: 1024, maxIter: 10 },
  space: { ...CLUSTERS, batchSize: { type: 'int', low: 128, high: 4096, log: true } },
  cost: (rows, columns) => 10 * 8 * rows * columns,
  source: 'Sculley 2010; scikit-learn 1.2: MiniBatchKMeans',
  fit: fitMiniBatchKMeans,
};

const gaussianMixture: Algorithm = {
  ...SHARED,
  name: 'gaussian-mixture',
  title: 'Gaussian mixture',
  tasks: ['clustering', 'anomaly'],
  defaults: { nComponents: 4, covarianceType: 'full', regCovar: 1e-6, maxIter: 100, tol: 1e-3 },
  space: {
    nComponents: { type: 'int', low: 1, high: 20, log: true },
    covarianceType: { type: 'categorical', choices: ['full', 'diag'] },
    regCovar: { type: 'float', low: 1e-7, high: 1e-1, log: true },
  },
  cost: (rows, columns) => 100 * 4 * rows * columns * columns,
  source: 'Dempster, Laird and Rubin 1977; scikit-learn 1.2: GaussianMixture',
  fit: fitGaussianMixture,
};

export const CLUSTER_ALGORITHMS: readonly Algorithm[] = [kMeans, miniBatchKMeans, gaussianMixture];
