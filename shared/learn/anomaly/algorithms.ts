import type { Algorithm } from '../algorithm.ts';
import { fitHistogramScore } from './histogram-score.ts';
import { fitIsolationForest } from './isolation-forest.ts';
import { fitOneClassSvm } from './one-class-svm.ts';
import { fitPcaResidual } from './pca-residual.ts';
import { fitRobustCovariance } from './robust-covariance.ts';
import { fitTailScore } from './tail-score.ts';

/** A score of rows that nobody labelled: the higher the stranger. */
const anomalyScore = (
  declared: Omit<Algorithm, 'tasks' | 'isExported' | 'recipe'> & Partial<Pick<Algorithm, 'recipe'>>,
): Algorithm => ({
  tasks: ['anomaly'],
  recipe: { impute: 'median' },
  isExported: true,
  ...declared,
});

/** For scores that look at each column by itself. */
const costByColumn = (rows: number, columns: number) =>
  rows * columns * Math.max(1, Math.log2(rows));

const SCALED = { impute: 'median', scale: 'standard' } as const;

const isolationForest = anomalyScore({
  name: 'isolation-forest',
  title: 'Isolation forest',
  // scikit-learn's are 100 trees of 256 rows. On the fraud file smaller samples are less swamped by
  // the frauds among them: recall at 1 % false alarms .53 against .43 (mean of 60 seeds), and more
  // trees more than keep what they lose where all training rows are honest (.58 against .57).
  defaults: { nEstimators: 400, maxSamples: 128, maxFeatures: 1 },
  space: {
    nEstimators: { type: 'int', low: 50, high: 800, log: true },
    maxSamples: { type: 'int', low: 64, high: 2048, log: true },
    maxFeatures: { type: 'float', low: 0.2, high: 1 },
  },
  cost: () => 400 * 128 * 7 * 4,
  source: 'Liu, Ting and Zhou 2008; scikit-learn 1.2: IsolationForest',
  fit: fitIsolationForest,
});

const robustCovariance = anomalyScore({
  name: 'robust-covariance',
  title: 'Robust covariance',
  recipe: SCALED,
  // 0: half of the rows.
  defaults: { supportFraction: 0 },
  space: { supportFraction: { type: 'float', low: 0, high: 0.95 } },
  cost: (rows, columns) => 100 * rows * columns * columns,
  source: 'Rousseeuw and Van Driessen 1999; scikit-learn 1.2: EllipticEnvelope',
  fit: fitRobustCovariance,
});

const pcaResidual = anomalyScore({
  name: 'pca-residual',
  title: 'What principal components leave',
  recipe: SCALED,
  defaults: { nComponents: 0.7, whiten: false },
  space: {
    nComponents: { type: 'float', low: 0, high: 0.99 },
    whiten: { type: 'categorical', choices: [false, true] },
  },
  cost: (rows, columns) => (rows + 6 * columns) * columns * columns,
  source: 'Shyu, Chen, Sarinnapakorn and Chang 2003; scikit-learn 1.2: PCA',
  fit: fitPcaResidual,
});

const oneClassSvm = anomalyScore({
  name: 'one-class-svm',
  title: 'One-class support vector machine',
  recipe: SCALED,
  defaults: { kernel: 'rbf', gammaScale: 1, degree: 3, coef0: 0, nu: 0.5, tol: 1e-3, maxIter: 1e6 },
  space: {
    nu: { type: 'float', low: 0.005, high: 0.5, log: true },
    gammaScale: { type: 'float', low: 1e-2, high: 1e2, log: true },
  },
  cost: (rows, columns) => Math.min(rows, 10_000) ** 2 * columns,
  source:
    'Schoelkopf, Platt, Shawe-Taylor, Smola and Williamson 2001; scikit-learn 1.2: OneClassSVM',
  fit: fitOneClassSvm,
});

const histogramScore = anomalyScore({
  name: 'histogram-score',
  title: 'Histogram-based outlier score',
  defaults: { nBins: 10, bins: 'static' },
  space: {
    nBins: { type: 'int', low: 5, high: 50, log: true },
    bins: { type: 'categorical', choices: ['static', 'dynamic'] },
  },
  cost: costByColumn,
  source: 'Goldstein and Dengel 2012; PyOD: HBOS',
  fit: fitHistogramScore,
});

const tailScore = anomalyScore({
  name: 'ecod',
  title: 'Empirical cumulative distributions',
  defaults: { method: 'tails' },
  space: {},
  cost: costByColumn,
  source: 'Li, Zhao, Hu, Botta, Ionescu and Chen 2022; PyOD: ECOD',
  fit: fitTailScore,
});

const copulaScore = anomalyScore({
  name: 'copod',
  title: 'Empirical copula',
  defaults: { method: 'copula' },
  space: {},
  cost: costByColumn,
  source: 'Li, Zhao, Botta, Ionescu and Hu 2020; PyOD: COPOD',
  fit: fitTailScore,
});

export const ANOMALY_ALGORITHMS: readonly Algorithm[] = [
  isolationForest,
  robustCovariance,
  pcaResidual,
  oneClassSvm,
  histogramScore,
  tailScore,
  copulaScore,
];
