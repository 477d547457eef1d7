import { ok, type Result } from '../../core/result.ts';
import { createRng } from '../../core/rng.ts';
import { type Matrix, takeMatrixRows } from '../../prepare/matrix.ts';
import { type Split, type SplitError, splitsOfFolds } from '../../table/split/split.ts';
import type { Algorithm } from '../algorithm.ts';
import { fitBaseline } from '../baseline/algorithms.ts';
import { assignFolds } from '../ensemble/fit-members.ts';
import { combinePredictions, type Predictor, predictModel } from '../ensemble/fitted-ensemble.ts';
import { type FittedEstimator, scoreRows } from '../fitted-estimator.ts';
import { type FittedPipeline, preparedRows } from '../pipeline.ts';
import type { PipelineData } from '../pipeline-data.ts';

/** What a model that was fitted needs to be fitted anew. */
export type Refitting = {
  /** The algorithm that a pipeline of this task names. */
  algorithmOf: (name: string) => Algorithm;
  seed: number;
};

/** Rows of two classes as an estimator reads them. */
export type PreparedRows = { matrix: Matrix; target: Float64Array; weights: Float64Array | null };

/**
 * An estimator of the pipeline's algorithm and parameters, of other labels or weights. Where the rows of any weight
 * are of one class it answers that class, whatever the row.
 */
export function refitEstimator(
  { algorithm, parameters }: FittedPipeline,
  rows: PreparedRows,
  { algorithmOf, seed }: Refitting,
): FittedEstimator {
  const data = { task: 'binary', classes: 2, ...rows } as const;
  const { target, weights } = rows;
  const isOf = (label: number) =>
    target.some((own, row) => own === label && (weights === null || weights[row] > 0));
  if (!isOf(0) || !isOf(1)) return fitBaseline(data);
  return algorithmOf(algorithm).fit(data, parameters, { rng: createRng(seed) });
}

/**
 * The same model of weighted rows: preparations and shares of members stay, estimators are fitted anew.
 * @param predictor of two classes: a pipeline, or an ensemble that combines by weights
 * @param data the rows that the model was fitted on
 */
export function refitWeighted(
  predictor: Predictor,
  data: PipelineData,
  refitting: Refitting,
): Predictor {
  if (predictor.type === 'ensemble')
    return {
      ...predictor,
      members: predictor.members.map((member) => refitWeighted(member, data, refitting)),
    };
  const { target } = data.table;
  const rows = { matrix: preparedRows(predictor, data.table), target, weights: data.weights };
  return { ...predictor, estimator: refitEstimator(predictor, rows, refitting) };
}

const FOLDS = 5;

/** Probabilities [rows, 2] of models that had not seen the row, preparations as they stand. Cost: five fits. */
export function outOfFoldAnswers(
  predictor: Predictor,
  data: PipelineData,
  refitting: Refitting,
): Result<Float32Array, SplitError> {
  const foldOf = assignFolds(data, { folds: FOLDS, seed: refitting.seed });
  if (!foldOf.ok) return foldOf;
  const splits = splitsOfFolds(foldOf.value, FOLDS);
  return ok(answersOf(predictor));

  function answersOf(model: Predictor): Float32Array {
    if (model.type === 'pipeline') {
      const { target } = data.table;
      const rows = { matrix: preparedRows(model, data.table), target, weights: data.weights };
      return crossFitted(model, rows, { splits, refitting });
    }
    if (model.combine.type === 'local') return predictModel(model, data.table);
    return combinePredictions({ ...model, combine: model.combine }, model.members.map(answersOf));
  }
}

/** Probabilities [rows, 2] of estimators of the other folds' rows. */
function crossFitted(
  pipeline: FittedPipeline,
  rows: PreparedRows,
  { splits, refitting }: { splits: readonly Split[]; refitting: Refitting },
): Float32Array {
  const answers = new Float32Array(2 * rows.matrix.rows);
  for (const { training, test } of splits) {
    const estimator = refitEstimator(pipeline, takePrepared(rows, training), refitting);
    const found = scoreRows(estimator, takeMatrixRows(rows.matrix, test));
    test.forEach((row, i) => {
      answers.set(found.subarray(2 * i, 2 * i + 2), 2 * row);
    });
  }
  return answers;
}

const takePrepared = (
  { matrix, target, weights }: PreparedRows,
  rows: ArrayLike<number>,
): PreparedRows => ({
  matrix: takeMatrixRows(matrix, rows),
  target: Float64Array.from(rows, (row) => target[row]),
  weights: weights && Float64Array.from(rows, (row) => weights[row]),
});
