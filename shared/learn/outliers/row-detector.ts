import type { Rng } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import type { RowOutlierRule } from '../../prepare/preparation.ts';
import { applyStep, applySteps, type Step } from '../../prepare/step.ts';
import { fitBounds } from '../../prepare/steps/bounds.ts';
import { appendFlags } from '../../prepare/steps/flag.ts';
import { fitImpute } from '../../prepare/steps/impute.ts';
import { fitScale } from '../../prepare/steps/scale.ts';
import type { Algorithm, LearningData } from '../algorithm.ts';
import { fitIsolationForest } from '../anomaly/isolation-forest.ts';
import { outOfFoldScores } from '../anomaly/out-of-fold-scores.ts';
import { type FittedEstimator, scoreRows } from '../fitted-estimator.ts';
import { fitOutlierFactor } from '../neighbours/fit-neighbours.ts';
import type { Parameters } from '../search/space.ts';

/** Tells strange rows of a prepared matrix, as data: those that score above the threshold. */
export type RowDetector = {
  /** From the prepared matrix to what the estimator reads: without gaps, standardised. */
  steps: Step[];
  estimator: FittedEstimator;
  threshold: number;
};

const fitMedians = (matrix: Matrix) => fitImpute(matrix, 'median');
const fitStandard = (matrix: Matrix) => fitScale(matrix, 'standard');

type Rule = { fit: Algorithm['fit']; parameters: Parameters; threshold: number };

/** Rows that a local outlier factor compares with: they travel with the graph. */
const MOST_COMPARED = 2000;
const FOLDS = 5;

/** Parameters and thresholds are scikit-learn's: contamination 'auto'. */
const RULES: Record<RowOutlierRule, Rule> = {
  'isolation-forest': {
    fit: fitIsolationForest,
    parameters: { nEstimators: 100, maxSamples: 256, maxFeatures: 1 },
    threshold: 0.5,
  },
  'local-outlier-factor': {
    fit: (data, parameters) => fitOutlierFactor(spread(data), parameters),
    parameters: { nNeighbors: 20 },
    threshold: 1.5,
  },
};

/**
 * A detector of rows that are strange as a whole, and which of the given rows are: each is judged by a
 * detector of the other four fifths. Rows are one kind of thing here, whatever their target or weight.
 * Isolation forest: a score above 0.5. Local outlier factor: above 1.5, against at most 2,000 rows
 * spread evenly. Cost: six fits. Reference: scikit-learn 1.2 IsolationForest, LocalOutlierFactor
 * (novelty=True) with contamination='auto', on medians and standardised columns.
 */
export function fitRowDetector(
  rule: RowOutlierRule,
  matrix: Matrix,
  rng: Rng,
): { detector: RowDetector; isOutlier: Uint8Array } {
  const steps: Step[] = [];
  let read = matrix;
  for (const fitStep of [fitBounds, fitMedians, fitStandard]) {
    const step: Step | null = fitStep(read);
    if (step === null) continue;
    steps.push(step);
    read = applyStep(step, read);
  }
  const algorithm = RULES[rule];
  const { parameters, threshold } = algorithm;
  const data: LearningData = {
    ...{ task: 'anomaly', matrix: read },
    ...{ target: new Float64Array(0), classes: 0, weights: null },
  };
  const estimator = algorithm.fit(data, parameters, { rng });
  const scores =
    matrix.rows < 2
      ? new Float32Array(matrix.rows)
      : outOfFoldScores(data, { algorithm, parameters, folds: FOLDS }, { rng });
  return {
    detector: { steps, estimator, threshold },
    isOutlier: Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0)),
  };
}

/** The prepared matrix with a column that is 1 where the row is strange. */
export function flagRows({ steps, estimator, threshold }: RowDetector, matrix: Matrix): Matrix {
  const scores = scoreRows(estimator, applySteps(steps, matrix));
  return appendFlags(
    matrix,
    Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0)),
  );
}

function spread(data: LearningData): LearningData {
  const { matrix } = data;
  const step = Math.ceil(matrix.rows / MOST_COMPARED);
  if (step <= 1) return data;
  const rows = Uint32Array.from({ length: Math.ceil(matrix.rows / step) }, (_, i) => i * step);
  return { ...data, matrix: takeMatrixRows(matrix, rows) };
}
